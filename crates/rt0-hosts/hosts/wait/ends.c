/* A library that depends on the probe and ends it while the loader is still loading both. */
#include <stdint.h>

extern int32_t probe_shutdown(int32_t timeout_ms);

static int answer;

__attribute__((constructor)) static void end(void)
{
    answer = probe_shutdown(-1);
}

int ends_answer(void)
{
    return answer;
}

/*
 * Requests a shutdown of the probe from inside its main and its exit, which call back, while a shutdown
 * waits for them. Linked with the probe. Each line that is printed is a failure.
 */
#include "../host.h"
#include "probe.h"

static int32_t answers[2];

static void ask(int32_t hook)
{
    answers[hook] = probe_shutdown(-1);
}

int main(void)
{
    if (probe_call_from_hooks(ask, NULL) != PROBE_OK)
        die("probe_call_from_hooks: %s", probe_last_error());
    int32_t code = probe_shutdown(20000);
    if (code != PROBE_OK)
        printf("the shutdown: %d %s\n", code, probe_last_error());
    for (int hook = 0; hook < 2; hook++)
        if (answers[hook] != PROBE_WOULD_DEADLOCK)
            printf("hook %d was answered %d\n", hook, answers[hook]);
    if (probe_state() != PROBE_STATE_COLD)
        printf("the state is %d\n", probe_state());
    return 0;
}

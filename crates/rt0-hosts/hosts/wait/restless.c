/*
 * Threads call the probe, whose start-up fails, without a pause, while it is shut down without any
 * timeout: some shutdowns are called off. Each line that is printed is a failure.
 */
#include "../host.h"
#include "probe.h"
#include <pthread.h>
#include <stdatomic.h>

enum { CALLERS = 8, ROUNDS = 2000, ENOUGH = 50 };
static atomic_int over, other;

static void *call(void *unused)
{
    while (!over) {
        int32_t code = probe_fail(NULL);
        if (code != PROBE_BOOT_FAILED && code != PROBE_STOPPED)
            other = code;
    }
    return unused;
}

int main(void)
{
    pthread_t callers[CALLERS];
    int called_off = 0, ready = 0;
    if (probe_wait(20000) != PROBE_BOOT_FAILED)
        die("it has not failed: %s", probe_last_error());
    for (int i = 0; i < CALLERS; i++)
        if (pthread_create(&callers[i], NULL, call, NULL) != 0)
            die("no thread");
    for (int round = 0; round < ROUNDS && called_off < ENOUGH; round++) {
        int timed_out = probe_shutdown(0) == PROBE_TIMED_OUT;
        int32_t state = probe_state();
        called_off += timed_out && state == PROBE_STATE_FAILED;
        ready += state == PROBE_STATE_READY;
        if (state == PROBE_STATE_STOPPING)
            probe_shutdown(20000);
        probe_wait(20000);
    }
    over = 1;
    for (int i = 0; i < CALLERS; i++)
        pthread_join(callers[i], NULL);
    if (called_off == 0)
        printf("no shutdown was called off\n");
    if (ready != 0)
        printf("it was ready %d times\n", ready);
    if (other != 0)
        printf("a call was answered %d\n", other);
    if (probe_fail(NULL) != PROBE_BOOT_FAILED)
        printf("after all that: %s\n", probe_last_error());
    return 0;
}

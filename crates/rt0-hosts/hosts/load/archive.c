/*
 * Linked with an archive of the probe, into a program or, with INSIDE, into another library. It must
 * start by itself. With TWO, there is a second archive beside it.
 */
#include "../host.h"
#include "probe.h"
#ifdef TWO
#include "calm.h"
#include "pair.h"
#endif

/* The host's own symbols, with the names of some inside the archive. */
int leaked_by_a_dependency(void) { return 1; }
void rust_eh_personality(void) {}

int run_archive(void);
int run_archive(void)
{
    uint64_t start = now();
    char *err = NULL;
    /* None of these calls begins a boot. */
    while (probe_state() != PROBE_STATE_READY)
        if (now() - start > 20000000000ull)
            die("it did not start by itself: state %d", probe_state());
    if (probe_ping() != 1 || probe_boots() != 1 || probe_generation() != 1)
        die("ping %d, boots %d", probe_ping(), probe_boots());
    if (probe_fail(&err) != PROBE_ERROR || strcmp(err, "it did not work") != 0)
        die("fail: %s", err);
    probe_free(err);
    if (probe_panics(&err) != PROBE_PANICKED || strstr(err, "the call has panicked") == NULL)
        die("panics: %s", err);
    probe_free(err);
    if (probe_shutdown(20000) != PROBE_OK || probe_generation() != 2)
        die("shutdown");
#ifdef TWO
    while (pair_state() != PAIR_STATE_READY)
        if (now() - start > 20000000000ull)
            die("the second did not start by itself: state %d", pair_state());
    if (calm_state() != CALM_STATE_COLD || calm_open() != 1 || calm_open() != 2)
        die("calm");
    if (pair_generation() != 1 || pair_shutdown(20000) != PAIR_OK || probe_generation() != 2)
        die("pair");
#endif
    printf("done = %d\n", leaked_by_a_dependency());
    return 0;
}

#ifndef INSIDE
int main(void) { return run_archive(); }
#endif

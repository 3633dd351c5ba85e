/*
 * A library on rt0.h that can be unmapped; for vanish.c. FLEETING in the environment: `slow` makes boot take
 * 3 ms, `main` lets main run until it is told to stop.
 */
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include "rt0.h"

static atomic_int told;

static void pause_ms(long ms)
{
    struct timespec time = {0, ms * 1000000};
    nanosleep(&time, NULL);
}

static int is(const char *word)
{
    const char *value = rt0_variable("FLEETING");
    return value != NULL && strcmp(value, word) == 0;
}

static int boot(void *user, rt0_boot boot)
{
    (void)user;
    told = 0;
    if (is("slow"))
        pause_ms(3);
    return rt0_notify(boot, RT0_OK, NULL);
}

static void run(void *user)
{
    (void)user;
    while (is("main") && !told)
        pause_ms(1);
}

static void stop(void *user)
{
    (void)user;
    told = 1;
}

static const struct rt0_runtime runtime = {
    .size = sizeof(struct rt0_runtime),
    .name = "fleeting",
    .boot = boot,
    .main = run,
    .stop = stop,
    .stack_size = 64 * 1024,
    .flags = RT0_UNLOADABLE,
};
RT0_RUNTIME(runtime)

int fleeting_ping(void)
{
    int status = rt0_wait(RT0_USUAL);
    return status == RT0_OK ? 1 : status;
}

int fleeting_shutdown(int timeout_ms)
{
    return rt0_shutdown(timeout_ms);
}

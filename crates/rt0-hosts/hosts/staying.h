/* Calls of the probe that call back: one that returns at once, and a thread that stays inside one. */
#ifndef STAYING_H
#define STAYING_H

#include "check.h"
#include "host.h"
#include "probe.h"
#include <pthread.h>
#include <stdatomic.h>

/* Whether the thread is inside, and whether it may leave. */
static atomic_int is_inside, may_leave;

static inline int32_t return_at_once(void *unused)
{
    (void)unused;
    return 0;
}

static inline int32_t stay(void *unused)
{
    (void)unused;
    is_inside = 1;
    while (!may_leave)
        usleep(1000);
    return 0;
}

static inline void *stay_inside(void *unused)
{
    int32_t code = -1;
    IS(probe_call_back(stay, NULL, &code, NULL) == PROBE_OK);
    return unused;
}

/* Makes the thread, and waits until it is inside. */
static inline pthread_t stay_on_a_thread(void)
{
    pthread_t staying;
    if (pthread_create(&staying, NULL, stay_inside, NULL) != 0)
        die("no thread");
    while (!is_inside)
        usleep(1000);
    return staying;
}

#endif

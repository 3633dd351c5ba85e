/*
 * Forks while calls are inside. The child boots its own generation and shuts it down: the parent's calls do
 * not hold that up. Linked with the probe. Each line that is printed is a failure.
 *
 *   own      the fork is made in a callback
 *   other    another thread is inside
 */
#include "../host.h"
#include "probe.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#define IS(what) \
    do { if (!(what)) printf("line %d: %s\n", __LINE__, #what); } while (0)

static atomic_int is_inside, may_leave;

static int32_t stay(void *unused)
{
    (void)unused;
    is_inside = 1;
    while (!may_leave)
        usleep(1000);
    return 0;
}

static void *stay_inside(void *unused)
{
    int32_t code = -1;
    IS(probe_call_back(stay, NULL, &code, NULL) == PROBE_OK);
    return unused;
}

static int32_t return_at_once(void *unused)
{
    (void)unused;
    return 0;
}

static int is_child;

static int32_t make_child(void *unused)
{
    int32_t code = -1;
    int status = -1;
    (void)unused;
    pid_t child = fork();
    if (child == 0) {
        is_child = 1;
        IS(probe_call_back(return_at_once, NULL, &code, NULL) == PROBE_OK);
        IS(probe_shutdown(10000) == PROBE_OK);
        IS(probe_call_back(return_at_once, NULL, &code, NULL) == PROBE_OK);
    } else {
        IS(waitpid(child, &status, 0) == child && status == 0);
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    pthread_t staying;
    int32_t code = -1;
    IS(probe_call_back(return_at_once, NULL, &code, NULL) == PROBE_OK);
    if (strcmp(what, "own") == 0) {
        IS(probe_call_back(make_child, NULL, &code, NULL) == PROBE_OK);
        /* In the child as well: that call has ended now. */
        IS(probe_call_back(return_at_once, NULL, &code, NULL) == PROBE_OK);
        IS(probe_shutdown(10000) == PROBE_OK);
    } else if (strcmp(what, "other") == 0) {
        if (pthread_create(&staying, NULL, stay_inside, NULL) != 0)
            die("no thread");
        while (!is_inside)
            usleep(1000);
        make_child(NULL);
        may_leave = 1;
        if (!is_child)
            pthread_join(staying, NULL);
    } else {
        die("what?");
    }
    fflush(stdout);
    _exit(0);
}

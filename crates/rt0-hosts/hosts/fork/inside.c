/*
 * Forks while calls are inside. The child boots its own generation and shuts it down: the parent's calls do
 * not hold that up. Linked with the probe. Each line that is printed is a failure.
 *
 *   own      the fork is made in a callback
 *   other    another thread is inside
 */
#include "../staying.h"
#include <sys/wait.h>

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
    int32_t code = -1;
    IS(probe_call_back(return_at_once, NULL, &code, NULL) == PROBE_OK);
    if (strcmp(what, "own") == 0) {
        IS(probe_call_back(make_child, NULL, &code, NULL) == PROBE_OK);
        /* In the child as well: that call has ended now. */
        IS(probe_call_back(return_at_once, NULL, &code, NULL) == PROBE_OK);
        IS(probe_shutdown(10000) == PROBE_OK);
    } else if (strcmp(what, "other") == 0) {
        pthread_t staying = stay_on_a_thread();
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

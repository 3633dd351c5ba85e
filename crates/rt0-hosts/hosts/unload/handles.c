/*
 * Handles up to the end of their generation, and after it. Linked with the probe. Each line that is printed is
 * a failure.
 *
 *   needy        their destructor wants the library's runtime: closed one by one, from several threads,
 *                and left to a shutdown
 *   numbers      none is used twice, in two generations and a fork's child
 *   called-off   one is closed during a shutdown that is called off
 */
#include "../staying.h"
#include "probe.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

enum { EACH = 100, THREADS = 4 };

static void *open_and_free(void *unused)
{
    for (int i = 0; i < EACH; i++) {
        probe_Needy *needy = NULL;
        IS(probe_needy(&needy, NULL) == PROBE_OK);
        IS(probe_Needy_free(needy) == PROBE_OK);
        IS(probe_Needy_free(needy) == PROBE_INVALID_HANDLE);
    }
    return unused;
}

static void needy(void)
{
    pthread_t threads[THREADS];
    probe_Needy *left = NULL;
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, open_and_free, NULL) != 0)
            die("no thread");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    IS(probe_needy_dropped() == EACH * THREADS);
    /* The shutdown drops the remaining ones while there still is a runtime. */
    for (int i = 0; i < EACH; i++)
        IS(probe_needy(&left, NULL) == PROBE_OK);
    IS(probe_shutdown(20000) == PROBE_OK);
    IS(probe_needy_dropped() == EACH * (THREADS + 1));
    /* Nor is it a handle of the next generation. */
    IS(probe_Needy_free(left) == PROBE_INVALID_HANDLE);
    IS(probe_needy_dropped() == EACH * (THREADS + 1));
}

/* Opens this many handles, none with the number of `other`. */
static probe_Cursor *open_cursors(int many, const probe_Cursor *other)
{
    probe_Cursor *cursor = NULL;
    for (int i = 0; i < many; i++) {
        IS(probe_cursor(1, &cursor, NULL) == PROBE_OK);
        IS(cursor != other);
    }
    return cursor;
}

static void numbers(void)
{
    uint32_t at;
    int status = -1;
    probe_Cursor *old = open_cursors(EACH, NULL), *parents;
    IS(probe_shutdown(20000) == PROBE_OK);
    parents = open_cursors(EACH, old);
    IS(probe_peek(old, &at, NULL) == PROBE_INVALID_HANDLE);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        open_cursors(2 * EACH, parents);
        IS(probe_peek(old, &at, NULL) == PROBE_INVALID_HANDLE);
        IS(probe_peek(parents, &at, NULL) == PROBE_INVALID_HANDLE);
        fflush(stdout);
        _exit(0);
    }
    IS(waitpid(child, &status, 0) == child && status == 0);
    IS(probe_peek(parents, &at, NULL) == PROBE_OK);
}

static void *shut_down(void *unused)
{
    IS(probe_shutdown(2000) == PROBE_TIMED_OUT);
    return unused;
}

static void called_off(void)
{
    pthread_t staying, ending;
    uint32_t at = 0;
    probe_Cursor *cursor = NULL;
    IS(probe_cursor(7, &cursor, NULL) == PROBE_OK);
    staying = stay_on_a_thread();
    if (pthread_create(&ending, NULL, shut_down, NULL) != 0)
        die("no thread");
    while (probe_state() != PROBE_STATE_STOPPING)
        usleep(1000);
    IS(probe_Cursor_free(cursor) == PROBE_STOPPED);
    IS(strstr(probe_last_error(), "probe_Cursor_free was called during a shutdown") != NULL);
    pthread_join(ending, NULL);
    IS(probe_peek(cursor, &at, NULL) == PROBE_OK && at == 7);
    IS(probe_Cursor_free(cursor) == PROBE_OK);
    IS(probe_Cursor_free(cursor) == PROBE_INVALID_HANDLE);
    may_leave = 1;
    pthread_join(staying, NULL);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "needy") == 0)
        needy();
    else if (strcmp(what, "numbers") == 0)
        numbers();
    else if (strcmp(what, "called-off") == 0)
        called_off();
    else
        die("what?");
    return 0;
}

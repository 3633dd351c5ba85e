/*
 * Handles whose destructor wants the library's runtime: given back one by one, from several threads, and
 * left to a shutdown. Linked with the probe. Each line that is printed is a failure.
 */
#include "host.h"
#include "probe.h"
#include <pthread.h>

#define IS(what) \
    do { if (!(what)) printf("line %d: %s\n", __LINE__, #what); } while (0)

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

int main(void)
{
    pthread_t threads[THREADS];
    probe_Needy *left = NULL;
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, open_and_free, NULL) != 0)
            die("no thread");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    IS(probe_needy_dropped() == EACH * THREADS);
    /* The shutdown drops what is left over, while there is a runtime still. */
    for (int i = 0; i < EACH; i++)
        IS(probe_needy(&left, NULL) == PROBE_OK);
    IS(probe_shutdown(20000) == PROBE_OK);
    IS(probe_needy_dropped() == EACH * (THREADS + 1));
    /* And it is no handle of the next generation's. */
    IS(probe_Needy_free(left) == PROBE_INVALID_HANDLE);
    IS(probe_needy_dropped() == EACH * (THREADS + 1));
    return 0;
}

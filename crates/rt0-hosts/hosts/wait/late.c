/*
 * A host in which the library's boot thread does not run for longer than the load takes, as on a busy machine.
 *
 *   late LIB
 *
 * The boot thread begins 0.2 s after a call has begun to boot the library again after a failure, or if no call has
 * for ten seconds. Prints the results of the first call and of the second.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>

enum { RETRYING = 6 };

static int (*state)(void);
static void *(*boot)(void *);

static void *late(void *data)
{
    for (int i = 0; i < 10000; i++, usleep(1000)) {
        int (*ask)(void) = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
        if (ask != NULL && ask() == RETRYING) {
            usleep(200000);
            break;
        }
    }
    return boot(data);
}

/* The library uses this instead of the C library's function. The first thread that it makes boots it. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *data)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    if (boot == NULL) {
        boot = start;
        start = late;
    }
    return real(thread, attributes, start, data);
}

int main(int argc, char **argv)
{
    void *library = dlopen(argc > 1 ? argv[1] : "", RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    int (*found)(void) = (int (*)(void))dlsym(library, "probe_state");
    int (*fail)(char **) = (int (*)(char **))dlsym(library, "probe_fail");
    if (found == NULL || fail == NULL)
        die("no probe");
    __atomic_store_n(&state, found, __ATOMIC_RELEASE);
    printf("first = %d\n", fail(NULL));
    printf("later = %d\n", fail(NULL));
    fflush(stdout);
    _exit(0);
}

/*
 * A host whose loader holds up the library's boot thread for longer than the load takes, as a busy machine may.
 *
 *   late LIB
 *
 * The boot thread passes the loader 0.2 s after a call has begun to boot the library again after a failure, or
 * if no call has for ten seconds. Prints the results of the first call and of the second.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>

enum { RETRYING = 6 };

static pthread_t first;
static int (*state)(void);
static int retried;

/* The library uses this instead of the C library's function. */
void *dlopen(const char *file, int flags)
{
    void *(*real)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
    if (!pthread_equal(pthread_self(), first)) {
        for (int i = 0; i < 10000 && !retried; i++) {
            int (*ask)(void) = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
            if (ask != NULL && ask() == RETRYING) {
                retried = 1;
                usleep(200000);
            } else {
                usleep(1000);
            }
        }
    }
    return real(file, flags);
}

int main(int argc, char **argv)
{
    first = pthread_self();
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

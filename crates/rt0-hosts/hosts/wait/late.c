/*
 * A host whose loader holds up the library's boot thread for longer than the load takes, as a busy machine may.
 *
 *   late LIB
 *
 * The boot thread passes the loader 0.2 s after a call has begun to boot the library again after a failure, or after
 * ten seconds if no call has. Prints the results of the first call and of the second, and whether a thread was held up.
 */
#include "../host.h"
#include "real_dlsym.h"
#include <pthread.h>

enum { RETRYING = 6 };

static pthread_t first;
static int loads, held;
static int (*state)(void);

static void hold(void)
{
    __atomic_store_n(&held, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < 10000; i++, usleep(1000)) {
        int (*ask)(void) = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
        if (ask != NULL && ask() == RETRYING) {
            usleep(200000);
            return;
        }
    }
}

/* The library uses this instead of the C library's function. A sanitizer does, too, before it is ready itself. */
__attribute__((no_sanitize("address", "thread"))) void *dlsym(void *handle, const char *name)
{
    if (loads && !held && !pthread_equal(pthread_self(), first))
        hold();
    return real_dlsym()(handle, name);
}

int main(int argc, char **argv)
{
    first = pthread_self();
    loads = 1;
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
    printf("held = %d\n", held);
    fflush(stdout);
    _exit(0);
}

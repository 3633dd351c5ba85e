/*
 * Looks at the library's state when the exit of the process makes a thread.
 *
 *   closed_first LIB
 *
 * Prints the state as `probe_state` says it.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>

static int (*state)(void);
static atomic_int exits;

typedef int Create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

/* The library uses this instead of the C library's function. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *data)
{
    if (exits)
        printf("state %d\n", state());
    union { void *found; Create *function; } real = {dlsym(RTLD_NEXT, "pthread_create")};
    return real.function(thread, attributes, start, data);
}

int main(int argc, char **argv)
{
    void *library = dlopen(argc > 1 ? argv[1] : "", RTLD_NOW);
    if (library == NULL)
        die("%s", dlerror());
    union { void *found; int (*function)(void); } found = {dlsym(library, "probe_state")};
    union { void *found; int (*function)(int); } wait = {dlsym(library, "probe_wait")};
    state = found.function;
    if (wait.function(20000) != 0)
        die("not ready");
    exits = 1;
    return 0;
}

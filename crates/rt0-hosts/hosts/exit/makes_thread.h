/* For hosts that stand in for `pthread_create`: the library's calls of it come to the host. */
#ifndef MAKES_THREAD_H
#define MAKES_THREAD_H

#include "../look_up.h"
#include <pthread.h>
#include <stdatomic.h>

/* Set when the process begins to exit. */
static atomic_int exits;

/* The C library's own. */
static inline int really_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *data)
{
    typedef int Create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    return ((Create *)dlsym(RTLD_NEXT, "pthread_create"))(thread, attributes, start, data);
}

/* Calls a function of the library that takes a number. */
static inline int call(const char *name, int argument)
{
    return ((int (*)(int))look_up(name))(argument);
}

/* Opens the library, and waits until it is ready. */
static inline void begin_with(const char *path)
{
    library = dlopen(path, RTLD_NOW);
    if (library == NULL)
        die("%s", dlerror());
    if (call("probe_wait", 20000) != 0)
        die("not ready");
}

#endif

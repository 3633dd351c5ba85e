/* The functions of a library that the host has opened, in C and in C++. */
#ifndef LOOK_UP_H
#define LOOK_UP_H

#include "host.h"
#include <dlfcn.h>

static void *library;

static inline void *look_up(const char *name)
{
    void *at = dlsym(library, name);
    if (at == NULL)
        die("%s", dlerror());
    return at;
}

/* A function of the library. */
#define LIB(name) ((__typeof__(&name))look_up(#name))
/* A function that is not in the header, or is in another library. */
#define INT(name) ((int (*)(void))look_up(#name))

#endif

/* The C library's `dlsym`, for those that have one of their own. */
#ifndef REAL_DLSYM_H
#define REAL_DLSYM_H

#include <dlfcn.h>
#include <stddef.h>

typedef void *Dlsym(void *, const char *);

static inline Dlsym *real_dlsym(void)
{
    Dlsym *real;
    *(void **)&real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    if (real == NULL)
        *(void **)&real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    return real;
}

#endif

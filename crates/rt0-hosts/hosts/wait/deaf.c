/*
 * A library to preload, whose `dlsym` does not know the symbol by which the boot thread waits for the loader, and takes
 * no lock to say so.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

void *dlsym(void *handle, const char *name)
{
    if (strcmp(name, "exit") == 0)
        return NULL;
    void *(*real)(void *, const char *);
    *(void **)&real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    if (real == NULL)
        *(void **)&real = dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    return real(handle, name);
}

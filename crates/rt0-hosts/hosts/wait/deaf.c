/*
 * A library to preload, whose `dlsym` does not know the symbol by which the boot thread waits for the loader, and takes
 * no lock to say so.
 */
#include "real_dlsym.h"
#include <string.h>

void *dlsym(void *handle, const char *name)
{
    if (strcmp(name, "exit") == 0)
        return NULL;
    return real_dlsym()(handle, name);
}

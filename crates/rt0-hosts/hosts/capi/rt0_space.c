/* Opens a library of parrot.c in a separate namespace, twice: rt0_space LIBRARY */
#include "../host.h"
#include <dlfcn.h>

static void *find(void *library, const char *name)
{
    void *found = dlsym(library, name);
    if (found == NULL)
        die("%s", dlerror());
    return found;
}

int main(int argc, char **argv)
{
    for (int i = 0; i < 2; i++) {
        void *library = argc == 2 ? dlmopen(LM_ID_NEWLM, argv[1], RTLD_NOW) : NULL;
        if (library == NULL)
            die("dlmopen: %s", dlerror());
        printf("enter = %d\n", ((int (*)(void))find(library, "parrot_enter"))());
        printf("error = %s\n", ((const char *(*)(void))find(library, "parrot_error"))());
    }
    return 0;
}

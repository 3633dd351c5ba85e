/* Closes a library of parrot.c, and opens it again: rt0_stays PATH */
#include "../host.h"
#include <dlfcn.h>

static int (*ask(const char *path, const char *name, void **library))(void)
{
    *library = dlopen(path, RTLD_NOW);
    void *found = *library ? dlsym(*library, name) : NULL;
    if (found == NULL)
        die("%s", dlerror());
    return (int (*)(void))found;
}

int main(int argc, char **argv)
{
    void *library;
    char line[1024];
    int mapped = 0;
    if (argc != 2 || ask(argv[1], "parrot_ping", &library)() != 1)
        die("ping");
    if (dlclose(library) != 0)
        die("dlclose");
    FILE *maps = fopen("/proc/self/maps", "re");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        mapped |= strstr(line, argv[1]) != NULL;
    printf("mapped = %d\n", mapped);
    if (ask(argv[1], "parrot_ping", &library)() != 1)
        die("ping");
    printf("boots = %d\n", ask(argv[1], "parrot_boots", &library)());
    return 0;
}

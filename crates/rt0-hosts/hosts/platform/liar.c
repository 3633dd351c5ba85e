/*
 * Calls a library's entry before the C library does, with an environment that is not the process's: musl passes
 * whatever is in the registers, which may look right. Linked with the fixture `bare`, which reports how its boot
 * ended.
 */
#include "../host.h"

typedef void entry(int, char **, char **);
/* The linker defines these around the contents of .init_array. */
extern entry *__init_array_start[] __attribute__((visibility("hidden")));
extern entry *__init_array_end[] __attribute__((visibility("hidden")));
/* Says that the core was linked into another file. */
__attribute__((visibility("hidden"))) char rt0_in_archive;
int bare_ping(void);

/* Before all constructors without a priority. */
__attribute__((constructor(101))) static void lie(void)
{
    static char *words[] = {"liar", NULL}, *variables[] = {"BARE_BOOT=failed", NULL};
    for (entry **one = __init_array_start; one < __init_array_end; one++)
        if (*one != (entry *)(void *)lie)
            (*one)(1, words, variables);
}

int main(void)
{
    printf("bare_ping = %d\n", bare_ping());
    return 0;
}

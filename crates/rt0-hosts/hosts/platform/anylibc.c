/*
 * A host for any C library: it loads the fixture `raw` and, unless it is static, the example `nolibc`, and prints
 * the results.
 *
 *   (default)   opens both: RAW NOLIBC
 *   LINKED      is linked with both
 *   STATIC      is linked with the archive of `raw`
 *   apart       as the first word: opens only `raw`, in a separate namespace
 */
#include "../host.h"
#include <dlfcn.h>
#include <sys/syscall.h>
#ifndef STATIC
#include "nolibc.h"
#endif

#if defined LINKED || defined STATIC
int raw_ping(void), raw_booted_here(void), raw_signals_open(void), raw_same_pointer(void), raw_arguments(void);
#define FIND(library, name) name
#else
/* ISO C knows no cast from an object's address to a function's. */
static void *find(void *library, const char *name)
{
    void *at = library ? dlsym(library, name) : NULL;
    if (at == NULL)
        die("%s: %s", name, dlerror());
    return at;
}
#define FIND(library, name) ((__typeof__(&name))find(library, #name))
int raw_ping(void), raw_booted_here(void), raw_signals_open(void), raw_same_pointer(void), raw_arguments(void);
#endif

/* The C library changes the user of all threads of the process; the kernel that of only one thread. */
static void show_left_behind(void)
{
    DIR *dir;
    struct dirent *entry;
    int threads = 0, others = 0;
    if (geteuid() != 0)
        return;
    if (setresuid(65534, 65534, 65534) != 0)
        die("setresuid");
    dir = opendir("/proc/self/task");
    if (dir == NULL)
        die("no /proc");
    while ((entry = readdir(dir)) != NULL) {
        char ids[512];
        if (entry->d_name[0] == '.' || !status_of(entry->d_name, "Uid", ids, sizeof ids))
            continue;
        threads++;
        others += atoi(ids) != 65534;
    }
    closedir(dir);
    printf("with the old user = %d of %d\n", others, threads);
}

int main(int argc, char **argv)
{
    void *raw = NULL, *nolibc = NULL;
    int apart = argc > 2 && strcmp(argv[1], "apart") == 0;
    (void)argc, (void)argv, (void)raw, (void)nolibc, (void)apart;
#if !defined LINKED && !defined STATIC
#ifdef __GLIBC__
    raw = apart ? dlmopen(LM_ID_NEWLM, argv[2], RTLD_NOW) : dlopen(argv[1], RTLD_NOW);
#else
    raw = dlopen(argv[1], RTLD_NOW);
#endif
    nolibc = apart ? NULL : dlopen(argv[2], RTLD_NOW);
#endif
    printf("raw_ping = %d\n", FIND(raw, raw_ping)());
    printf("booted here = %d\n", FIND(raw, raw_booted_here)());
    printf("signals open = %d\n", FIND(raw, raw_signals_open)());
    printf("same pointer = %d\n", FIND(raw, raw_same_pointer)());
    printf("arguments = %d\n", FIND(raw, raw_arguments)() == argc);
#ifndef STATIC
    if (!apart) {
        uint32_t sum = 0;
        char text[128];
        int32_t code = FIND(nolibc, nolibc_crc32)("123456789", 9, &sum);
        printf("nolibc_crc32 = %d %08x\n", (int)code, (unsigned)sum);
        code = FIND(nolibc, nolibc_crc32)(NULL, 9, &sum);
        printf("nolibc_text = %zu ", FIND(nolibc, nolibc_text)(code, text, sizeof text));
        printf("%d %s\n", (int)code, text);
        printf("nolibc_shutdown = %d\n", (int)FIND(nolibc, nolibc_shutdown)(5000));
        code = FIND(nolibc, nolibc_crc32)("", 0, &sum);
        printf("nolibc_crc32 of nothing = %d %08x\n", (int)code, (unsigned)sum);
    }
#endif
    show_left_behind();
    fflush(stdout);
    return 7;
}

/*
 * Calls a library's entry and its gate with a known value in every register that a function must keep:
 * `registers LIB`, the library on the core alone. Each line that is printed is a failure.
 *
 * With LINKED, the library is linked with it, statically, and its entry is that of the program.
 *
 * The host's own `pthread_create` makes no thread, so the first call boots itself, on another stack.
 */
#include "../host.h"
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>

#include "registers/watched.h"

#if defined __x86_64__
#include "registers/x86_64.h"
#elif defined __i386__
#include "registers/i686.h"
#elif defined __aarch64__
#include "registers/aarch64.h"
#elif defined __arm__
#include "registers/arm.h"
#elif defined __riscv
#include "registers/riscv64.h"
#elif defined __powerpc64__
#include "registers/powerpc64le.h"
#elif defined __s390x__
#include "registers/s390x.h"
#else
#error "the registers that a function must keep on this processor are not known here"
#endif

/* The library uses this instead of the C library's function. */
static int threads_asked_for;
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *data)
{
    (void)thread, (void)attributes, (void)start, (void)data;
    threads_asked_for++;
    return EAGAIN;
}

enum { COUNT = sizeof NAMES / sizeof *NAMES };
_Static_assert(sizeof NAMES / sizeof *NAMES <= SLOTS, "each has a slot");

/* Calls function(a, b, c), and reports each register that has changed. */
static int lost(struct watched *watched, const char *names[SLOTS])
{
    int count = 0;
    for (int i = 0; i < COUNT; i++) {
        watched->before[i] = UINT64_C(0x1122334455667700) + (unsigned)i;
        /* Bits that nothing writes are ignored. On a 32-bit processor a general register has half a slot. */
        watched->after[i] = watched->before[i] ^ UINTPTR_MAX;
    }
    call_watched(watched);
    for (int i = 0; i < COUNT; i++)
        if (watched->after[i] != watched->before[i])
            names[count++] = NAMES[i];
    return count;
}

static int watched(const char *what, void *function, uintptr_t a, const void *b, const void *c)
{
    struct watched watched = {(uintptr_t)function, {a, (uintptr_t)b, (uintptr_t)c}, 0, 0, {0}, {0}};
    const char *names[SLOTS];
    int count = lost(&watched, names);
    for (int i = 0; i < count; i++)
        printf("%s does not keep %s\n", what, names[i]);
    return (int)watched.result;
}

/* Checks the check: it finds a register that a function spoils, and no other. */
static void look_at_one_that_spoils(void)
{
    struct watched watched = {(uintptr_t)spoils, {0}, 0, 0, {0}, {0}};
    enum { WANTED = sizeof SPOILED / sizeof *SPOILED };
    const char *names[SLOTS];
    int count = lost(&watched, names), right = count == WANTED && (int)watched.result == 1;
    for (int i = 0; right && i < count; i++)
        right = strcmp(names[i], SPOILED[i]) == 0;
    if (right)
        return;
    printf("the look is blind: it gave %d, and does not keep", (int)watched.result);
    for (int i = 0; i < count; i++)
        printf(" %s", names[i]);
    printf("\n");
}

typedef void entry(void);

#ifdef LINKED
int bare_ping(void);
/* Says that the core was linked into another file. */
__attribute__((visibility("hidden"))) char rt0_in_archive;
/* The linker defines these around the contents of .init_array. */
extern entry *__init_array_start[] __attribute__((visibility("hidden")));
extern entry *__init_array_end[] __attribute__((visibility("hidden")));

static void *load(const char *path, entry ***entries, size_t *count)
{
    (void)path;
    *entries = __init_array_start;
    *count = (size_t)(__init_array_end - __init_array_start);
    return (void *)bare_ping;
}
#else
/* Its call, and its entries. */
static void *load(const char *path, entry ***entries, size_t *count)
{
    void *library = dlopen(path, RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    struct link_map *map = library;
    for (ElfW(Dyn) *at = map->l_ld; at->d_tag != DT_NULL; at++) {
        if (at->d_tag == DT_INIT_ARRAY)
            *entries = (entry **)(map->l_addr + at->d_un.d_ptr);
        if (at->d_tag == DT_INIT_ARRAYSZ)
            *count = at->d_un.d_val / sizeof **entries;
    }
    void *ping = dlsym(library, "bare_ping");
    if (ping == NULL)
        die("no bare_ping");
    return ping;
}
#endif

int main(int argc, char **argv)
{
    entry **entries = NULL;
    size_t count = 0;
    if (argc != 2)
        die("registers LIB");
    look_at_one_that_spoils();

    void *ping = load(argv[1], &entries, &count);
    if (count == 0)
        printf("it has no entry\n");
    /* Once more, as the loader calls them. It had no thread then, so it asks for one again. */
    int asked = threads_asked_for;
    for (size_t i = 0; i < count; i++)
        watched("an entry", (void *)entries[i], (uintptr_t)argc, argv, environ);
    if (threads_asked_for == asked)
        printf("the entries did nothing: no thread was asked for\n");
    asked = threads_asked_for;
    if (watched("a call that boots", ping, 0, NULL, NULL) != 1)
        printf("no answer from the call that boots\n");
    if (threads_asked_for == asked)
        printf("the call did not boot\n");
    if (watched("a call", ping, 0, NULL, NULL) != 1)
        printf("no answer from the call\n");
    return 0;
}

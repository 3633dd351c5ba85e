/*
 * `copies WAY PATH...`: loads all of these, which are copies of the probe, into one process, calls each and
 * shuts every second one down. WAY is `local`, `global`, or `spaces`: each in a separate namespace.
 * Prints `loaded = N` and their cost; each line on stderr is a failure.
 */
#include "../host.h"
#include "probe.h"
#include <dlfcn.h>
#include <errno.h>

/* With this, glibc's `malloc` decides whether it needs locks. */
extern char __libc_single_threaded;

#define IS(what) \
    do { if (!(what)) fprintf(stderr, "copy %d, line %d: %s\n", i, __LINE__, #what); } while (0)

enum { MOST = 256 };
static void *loaded[MOST];

static int number(int i, const char *name)
{
    int (*function)(void) = (int (*)(void))dlsym(loaded[i], name);
    if (function == NULL)
        die("no symbol %s", name);
    return function();
}

static int shut_down(int i)
{
    int code = ((__typeof__(&probe_shutdown))dlsym(loaded[i], "probe_shutdown"))(20000);
    if (code != 0)
        fprintf(stderr, "%d: %s\n", code, ((__typeof__(&probe_last_error))dlsym(loaded[i], "probe_last_error"))());
    return code;
}

static long status(const char *key)
{
    char value[512];
    if (!status_of("self", key, value, sizeof value))
        die("no /proc");
    return atol(value);
}

int main(int argc, char **argv)
{
    int count = argc - 2, spaces;
    if (argc < 3 || count > MOST)
        die("copies WAY PATH...");
    spaces = strcmp(argv[1], "spaces") == 0;
    int scope = strcmp(argv[1], "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL;
    long before = status("VmRSS");
    for (int i = 0; i < count; i++) {
        loaded[i] = spaces ? dlmopen(LM_ID_NEWLM, argv[i + 2], RTLD_NOW) : dlopen(argv[i + 2], RTLD_NOW | scope);
        if (loaded[i] == NULL && spaces && i > 0) {
            /* The loader has no more namespaces. */
            count = i;
            break;
        }
        if (loaded[i] == NULL)
            die("copy %d: %s", i, dlerror());
    }
    /* In a namespace a load makes no thread: the first call does. */
    for (int i = 0; i < count && spaces; i++)
        IS(number(i, "probe_state") == 0);
    for (int i = 0; i < count; i++) {
        IS(number(i, "probe_boots") == 1);
        IS(number(i, "probe_generation") == 1);
        /* Its threads now take memory from this C library's `malloc`, too. */
        IS(!spaces || !__libc_single_threaded);
    }
    for (int i = 0; i < count; i += 2)
        IS(shut_down(i) == 0);
    for (int i = 0; i < count; i++)
        IS(number(i, "probe_state") == (i % 2 ? 3 : 0));
    for (int i = 0; i < count; i++) {
        IS(number(i, "probe_generation") == (i % 2 ? 1 : 2));
        IS(number(i, "probe_boots") == (i % 2 ? 1 : 2));
    }
    printf("loaded = %d\n", count);
    printf("threads = %ld\n", status("Threads"));
    printf("named = %d\n", count_names("probe-"));
    printf("kib = %ld\n", (status("VmRSS") - before) / count);
    return 0;
}

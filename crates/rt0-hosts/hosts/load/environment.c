/*
 * A host whose environment can't be read after the load: `environment PROBE [CALM]`. A read ends the process, and a
 * call of `getenv` is reported. (In a real host other threads may change the environment at any time, and a read
 * then crashes only sometimes.) Each line that is printed is a failure.
 */
#include "../check.h"
#include "../host.h"
#include "probe.h"
#include <dlfcn.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

static atomic_int loaded;

/* Libraries use these instead of the C library's functions. */
char *getenv(const char *name)
{
    if (loaded)
        printf("getenv was called for %s\n", name);
    return NULL;
}

static void *library;
#define CALL(symbol) ((__typeof__(&symbol))dlsym(library, #symbol))

static void *load(const char *path)
{
    void *at = dlopen(path, RTLD_NOW);
    if (at == NULL)
        die("dlopen: %s", dlerror());
    return at;
}

static void generation(int number)
{
    char *out = NULL, *err = NULL;
    IS(CALL(probe_ping)() == 1);
    IS(CALL(probe_generation)() == number);
    IS(CALL(probe_spawned)(&out, NULL, NULL) == PROBE_OK);
    CALL(probe_free)(out);
    IS(CALL(probe_blocking)(&out, NULL, NULL) == PROBE_OK);
    CALL(probe_free)(out);
    IS(CALL(probe_panics)(&err) == PROBE_PANICKED);
    CALL(probe_free)(err);
    IS(CALL(probe_task_panics)(&out, NULL, NULL) == PROBE_OK);
    CALL(probe_free)(out);
    IS(CALL(probe_fail)(NULL) == 1);
    IS(CALL(probe_shutdown)(20000) == PROBE_OK);
}

int main(int argc, char **argv)
{
    if (argc != 2 && argc != 3)
        die("environment PROBE [CALM]");
    void *calm = argc == 3 ? load(argv[2]) : NULL;
    library = load(argv[1]);
    char **unreadable = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (unreadable == MAP_FAILED)
        die("no memory");
    environ = unreadable;
    loaded = 1;

    /* Checks the check: a child that reads the environment dies. */
    pid_t child = fork();
    if (child == 0)
        _exit(environ[0] == NULL);
    int status = 0;
    waitpid(child, &status, 0);
    IS(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);

    generation(1);
    generation(2);
    if (calm == NULL)
        return 0;
    /* tokio on the boot thread, a boot that a call begins, a shutdown with a time limit. */
    int (*open)(void) = (int (*)(void))dlsym(calm, "calm_open");
    int (*wait_for)(int) = (int (*)(int))dlsym(calm, "calm_wait");
    int (*shut_down)(int) = (int (*)(int))dlsym(calm, "calm_shutdown");
    for (int i = 0; i < 2; i++) {
        /* The library's own deadline is short. */
        IS(wait_for(20000) == 0);
        IS(open() == 1);
        IS(shut_down(20000) == 0);
    }
    return 0;
}

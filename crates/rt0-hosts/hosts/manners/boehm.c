/*
 * A host with Boehm's collector, which many languages use: `boehm LIB before|after`: whether the collector
 * begins before or after the load. It stops every registered thread with a signal.
 */
#define GC_THREADS
#include "../host.h"
#include "probe.h"
#include <dlfcn.h>
#include <gc.h>

enum { TIMES = 50 };
static __thread int registered;

static void begin(void)
{
    GC_INIT();
    GC_allow_register_threads();
}

/* Runs on a thread of the library, which stays registered after this has returned. */
static int32_t allocate(void)
{
    struct GC_stack_base base;
    if (!registered) {
        GC_get_stack_base(&base);
        if (GC_register_my_thread(&base) != GC_SUCCESS)
            die("not registered");
        registered = 1;
    }
    char *text = GC_MALLOC(100);
    text[0] = 1;
    return text[0];
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("boehm LIB before|after");
    int before = strcmp(argv[2], "before") == 0;
    if (before)
        begin();
    void *at = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (at == NULL)
        die("dlopen: %s", dlerror());
    __typeof__(&probe_call_back_on_worker) worker = dlsym(at, "probe_call_back_on_worker");
    __typeof__(&probe_call_back_on_blocking) blocking = dlsym(at, "probe_call_back_on_blocking");
    if (!before)
        begin();
    for (int i = 0; i < TIMES; i++) {
        int32_t one = 0;
        if ((i % 2 ? worker : blocking)(allocate, &one, NULL) != PROBE_OK || one != 1)
            die("no answer");
        GC_gcollect();
    }
    printf("collected\n");
    fflush(stdout);
    /* Its threads are still registered: this test is not about that. */
    _exit(0);
}

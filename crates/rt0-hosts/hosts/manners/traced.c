/*
 * `traced LIB`: a host whose allocator looks up its callers, as heap profilers do. Prints how many frames it found
 * when a thread's first call needed memory for a thread-local: the fewest, and whether the thread's own function
 * was always among them.
 */
#include "../host.h"
#include "probe.h"
#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_memalign(size_t, size_t);

enum { MOST = 64 };

static __thread int looking, on;
static int fewest = MOST, lost;
static int (*call)(void);

/* The linker's names for the part that has `first_call` and nothing else. */
extern char __start_own_code[], __stop_own_code[];

static void look(void)
{
    void *frames[MOST];
    int found, own = 0;
    if (!on || looking)
        return;
    looking = 1;
    found = backtrace(frames, MOST);
    for (int i = 0; i < found; i++)
        own |= (char *)frames[i] > __start_own_code && (char *)frames[i] < __stop_own_code;
    lost |= !own;
    if (found < fewest)
        fewest = found;
    looking = 0;
}

void *malloc(size_t size)
{
    look();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    look();
    return __libc_calloc(count, size);
}

void *memalign(size_t alignment, size_t size)
{
    look();
    return __libc_memalign(alignment, size);
}

/* What garbage on the stack would be taken for. */
__attribute__((noinline)) static void fill(void)
{
    volatile char used[4096];
    for (size_t i = 0; i < sizeof used; i++)
        used[i] = 0x5a;
}

__attribute__((noinline, section("own_code"))) static void *first_call(void *unused)
{
    (void)unused;
    fill();
    on = 1;
    int answer = call();
    on = 0;
    if (answer < 0)
        die("the call gave %d", answer);
    return NULL;
}

int main(int argc, char **argv)
{
    void *frames[MOST];
    pthread_t thread;
    if (argc != 2)
        die("traced LIB");
    void *library = dlopen(argv[1], RTLD_NOW);
    if (library == NULL)
        die("%s", dlerror());
    call = (int (*)(void))dlsym(library, "probe_generation");
    if (call == NULL)
        die("%s", dlerror());
    /* The first time it allocates itself. */
    backtrace(frames, MOST);
    if (call() < 0)
        die("no answer");
    if (pthread_create(&thread, NULL, first_call, NULL) != 0)
        die("no thread");
    pthread_join(thread, NULL);
    printf("fewest = %d\nlost = %d\n", fewest, lost);
    return 0;
}

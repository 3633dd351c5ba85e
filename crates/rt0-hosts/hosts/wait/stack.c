/*
 * `stack LIB SYMBOL...`: calls int SYMBOL(void) on threads with the smallest possible stack,
 * each symbol on one of its own. Prints `SYMBOL = RESULT BYTES MICROSECONDS`: how much of the stack the call has used, and
 * how long it took.
 */
#include "../host.h"
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>

enum { PAINT = 0xa5, PAGE = 4096 };

static unsigned char *low;
static size_t size;

struct job {
    int (*function)(void);
    int result;
    size_t used;
    uint64_t nanos;
};

/* The part of the stack that was never written. */
static const unsigned char *untouched(void)
{
    const unsigned char *at = low;
    while (at < low + size && *at == PAINT)
        at++;
    return at;
}

/* The part that the call itself uses: below the frame of its caller. */
static void *work(void *data)
{
    struct job *job = data;
    const unsigned char *here = __builtin_frame_address(0);
    uint64_t start = now();
    job->result = job->function();
    job->nanos = now() - start;
    const unsigned char *lowest = untouched();
    job->used = lowest < here ? (size_t)(here - lowest) : 0;
    return NULL;
}

static int nothing(void) { return 0; }

/* On a fresh stack, above a page that can't be accessed. */
static void call(struct job *job)
{
    pthread_attr_t attributes;
    pthread_t thread;
    unsigned char *all = mmap(NULL, size + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED || mprotect(all, PAGE, PROT_NONE) != 0)
        die("no memory");
    low = all + PAGE;
    memset(low, PAINT, size);
    pthread_attr_init(&attributes);
    if (pthread_attr_setstack(&attributes, low, size) != 0)
        die("%zu bytes are no stack", size);
    if (pthread_create(&thread, &attributes, work, job) != 0)
        die("no thread");
    pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
    long least = sysconf(_SC_THREAD_STACK_MIN);
    size = least > PTHREAD_STACK_MIN ? (size_t)least : (size_t)PTHREAD_STACK_MIN;
    struct job idle = {nothing, 0, 0, 0};
    /* Binds functions that are bound at their first use, such as the clock's. */
    call(&idle);
    printf("size = %zu\n", size);
    if (argc < 3)
        die("stack LIB SYMBOL...");
    void *library = dlopen(argv[1], RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    for (int i = 2; i < argc; i++) {
        struct job job = {(int (*)(void))dlsym(library, argv[i]), 0, 0, 0};
        if (job.function == NULL)
            die("no symbol %s", argv[i]);
        call(&job);
        printf("%s = %d %zu %llu\n", argv[i], job.result, job.used, (unsigned long long)job.nanos / 1000);
    }
    return 0;
}

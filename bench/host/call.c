/* call KIND SYMBOL COUNT THREADS LIB...: COUNT calls of SYMBOL in the last library, on each of the threads.
 * Prints the time that a thread took, the mean of all threads. KIND is add, number or length. The other libraries are
 * loaded before and called once. */
#include "host.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct {
    Function *function;
    char kind;
    uint64_t count;
    uint64_t sum;
    uint64_t took;
} Work;

/* Puts a loop's branch back to its start into another line of code (64 bytes) than its call. Where both are in one
 * line, some processors predict the two in one way or in a slower one, as it happens in each process, whatever is
 * called: a loop took 5 or 7 cycles on an AMD EPYC (family 26). */
#if defined(__x86_64__)
#define APART() __asm__ volatile(".nops 55, 11")
#else
#define APART()
#endif

/* The loops. callgrind counts what happens between their entry and return, so they must not be inlined. */

__attribute__((noinline)) static void measured_add(Work *work) {
    Add *add = (Add *)work->function;
    int32_t sum = 0;
    for (uint64_t i = 0; i < work->count; i++) {
        sum = add(sum, (int32_t)i);
        APART();
    }
    work->sum = (uint32_t)sum;
}

__attribute__((noinline)) static void measured_number(Work *work) {
    Number *number = (Number *)work->function;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < work->count; i++) {
        sum += number();
        APART();
    }
    work->sum = sum;
}

__attribute__((noinline)) static void measured_length(Work *work) {
    typedef int32_t Length(const char *, size_t, uint64_t *, char **);
    Length *length = (Length *)work->function;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < work->count; i++) {
        uint64_t out = 0;
        if (length("a self-starting library", 23, &out, NULL) != 0) fail("a call");
        sum += out;
        APART();
    }
    work->sum = sum;
}

static void run(Work *work) {
    uint64_t before = now();
    switch (work->kind) {
    case 'a': measured_add(work); break;
    case 'n': measured_number(work); break;
    default: measured_length(work); break;
    }
    work->took = now() - before;
}

static pthread_barrier_t together;

static void *thread(void *argument) {
    Work *work = argument;
    Work once = {work->function, work->kind, 1, 0, 0};
    run(&once); /* what a thread does only in its first call */
    pthread_barrier_wait(&together);
    run(work);
    return NULL;
}

int call(int argc, char **argv) {
    Work work = {NULL, argv[0][0], 1, 0, 0};
    for (int i = 4; i < argc; i++) {
        work.function = symbol(open_library(argv[i]), argv[1]);
        run(&work); /* past the gate, and every page touched */
    }
    settle();
    work.count = strtoull(argv[2], NULL, 10);
    unsigned threads = (unsigned)atoi(argv[3]);
    if (threads == 1) {
        run(&work);
        print(work.took);
        return 0;
    }
    Work all[64];
    pthread_t ids[64];
    if (threads < 1 || threads > 64) fail("the number of threads");
    pthread_barrier_init(&together, NULL, threads);
    for (unsigned i = 0; i < threads; i++) {
        all[i] = work;
        if (pthread_create(&ids[i], NULL, thread, &all[i]) != 0) fail("pthread_create");
    }
    uint64_t sum = 0;
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        sum += all[i].took;
    }
    print(sum / threads);
    return 0;
}

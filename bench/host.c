/* Loads a library and measures it. The Rust side starts one process per sample; the libraries take turns.
 *
 *   host load CPU LIB [ADD]      dlopen, then, with ADD, a first call of that function
 *   host ready CPU LIB REPORT|AT dlopen, then nothing: how long until the library was ready?
 *   host call CPU LIB SYMBOL KIND COUNT THREADS
 *
 * CPU is the processor to stay on, or -1. It prints nanoseconds, one number per line. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

static void fail(const char *what) {
    const char *why = dlerror();
    fprintf(stderr, "%s: %s\n", what, why ? why : "failed");
    exit(1);
}

static void stay_on(int cpu) {
    if (cpu < 0) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) fail("sched_setaffinity");
}

static void *open_library(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) fail(path);
    return library;
}

/* Any function. It is cast to its real type before it is called. */
typedef void Function(void);

static Function *symbol(void *library, const char *name) {
    union {
        void *object;
        Function *function;
    } found = {dlsym(library, name)};
    if (!found.object) fail(name);
    return found.function;
}

/* --- load --- */

static int load(const char *path, const char *name) {
    uint64_t before = now();
    void *library = open_library(path);
    uint64_t loaded = now();
    printf("%llu\n", (unsigned long long)(loaded - before));
    if (!name) return 0;
    int32_t (*add)(int32_t, int32_t) = (int32_t (*)(int32_t, int32_t))symbol(library, name);
    if (add(1, 2) != 3) fail("the first call");
    printf("%llu\n", (unsigned long long)(now() - before));
    return 0;
}

/* --- ready --- */

static uint64_t number_after(const char *json, const char *key) {
    const char *at = strstr(json, key);
    if (!at) fail(key);
    return strtoull(at + strlen(key), NULL, 10);
}

static int ready(const char *path, const char *name) {
    uint64_t before = now();
    void *library = open_library(path);
    uint64_t at = 0;
    /* Long enough for any start. Checking in between would disturb what is measured. */
    usleep(20000);
    if (strstr(name, "report")) {
        char *(*report)(void) = (char *(*)(void))symbol(library, name);
        const char *json = report();
        at = number_after(json, "\"constructor_monotonic_ns\":") + number_after(json, "\"ready\":");
    } else {
        at = ((uint64_t (*)(void))symbol(library, name))();
    }
    if (at < before) fail("it was not ready in time");
    printf("%llu\n", (unsigned long long)(at - before));
    return 0;
}

/* --- call --- */

typedef struct {
    Function *function;
    char kind;
    uint64_t count;
    uint64_t sum;
} Work;

/* The loops. callgrind counts what happens between their entry and return, so they must not be inlined. */

__attribute__((noinline)) static void measured_add(Work *work) {
    int32_t (*add)(int32_t, int32_t) = (int32_t (*)(int32_t, int32_t))work->function;
    int32_t sum = 0;
    for (uint64_t i = 0; i < work->count; i++) sum = add(sum, (int32_t)i);
    work->sum = (uint32_t)sum;
}

__attribute__((noinline)) static void measured_number(Work *work) {
    uint64_t (*number)(void) = (uint64_t (*)(void))work->function;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < work->count; i++) sum += number();
    work->sum = sum;
}

__attribute__((noinline)) static void measured_length(Work *work) {
    typedef int32_t Length(const char *, size_t, uint64_t *, char **);
    Length *length = (Length *)work->function;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < work->count; i++) {
        uint64_t out = 0;
        if (length("a self-starting library", 23, &out, NULL) != 0) break;
        sum += out;
    }
    work->sum = sum;
}

static void run(Work *work) {
    switch (work->kind) {
    case 'a': measured_add(work); break;
    case 'n': measured_number(work); break;
    default: measured_length(work); break;
    }
}

static pthread_barrier_t together;

static void *thread(void *argument) {
    Work *work = argument;
    pthread_barrier_wait(&together);
    run(work);
    return NULL;
}

static int call(const char *path, const char *name, char kind, uint64_t count, unsigned threads) {
    void *library = open_library(path);
    Work work = {symbol(library, name), kind, 1, 0};
    run(&work); /* past the gate, and every page touched */
    usleep(5000);
    work.count = count;
    Work all[64];
    pthread_t ids[64];
    if (threads < 1 || threads > 64) fail("the number of threads");
    uint64_t before;
    if (threads == 1) {
        before = now();
        run(&work);
    } else {
        pthread_barrier_init(&together, NULL, threads + 1);
        for (unsigned i = 0; i < threads; i++) {
            all[i] = work;
            if (pthread_create(&ids[i], NULL, thread, &all[i]) != 0) fail("pthread_create");
        }
        pthread_barrier_wait(&together);
        before = now();
        for (unsigned i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    }
    printf("%llu\n", (unsigned long long)(now() - before));
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 4) fail("usage: host load|ready|call CPU LIB ...");
    stay_on(atoi(argv[2]));
    if (!strcmp(argv[1], "load")) return load(argv[3], argc > 4 ? argv[4] : NULL);
    if (!strcmp(argv[1], "ready") && argc == 5) return ready(argv[3], argv[4]);
    if (!strcmp(argv[1], "call") && argc == 8)
        return call(argv[3], argv[4], argv[5][0], strtoull(argv[6], NULL, 10), (unsigned)atoi(argv[7]));
    fail("usage: host load|ready|call CPU LIB ...");
}

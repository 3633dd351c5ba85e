/* The clock, the counter of page faults, and the loader's functions with their errors. */
#include "host.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

uint64_t faults(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (uint64_t)used.ru_minflt;
}

_Noreturn void fail(const char *what) {
    const char *why = dlerror();
    fprintf(stderr, "%s: %s\n", what, why ? why : "failed");
    exit(1);
}

void *open_library(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) fail(path);
    return library;
}

Function *symbol(void *library, const char *name) {
    union {
        void *object;
        Function *function;
    } found = {dlsym(library, name)};
    if (!found.object) fail(name);
    return found.function;
}

void *load_and_call(const char *path, const char *add) {
    void *library = open_library(path);
    if (((Add *)symbol(library, add))(1, 2) != 3) fail("the first call");
    return library;
}

void settle(void) { usleep(5000); }

void print(uint64_t number) { printf("%llu\n", (unsigned long long)number); }

uint64_t read_status(const char *key) {
    char line[256];
    uint64_t value = 0;
    FILE *file = fopen("/proc/self/status", "r");
    if (!file) fail("/proc/self/status");
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, key, strlen(key))) value = strtoull(line + strlen(key), NULL, 10);
    fclose(file);
    return value;
}

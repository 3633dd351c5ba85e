//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>
#include "worker.h"

static volatile int *is_parent;

__attribute__((constructor)) static void start(void) {
    long size = sysconf(_SC_PAGESIZE);
    is_parent = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *is_parent = 1;
    pthread_atfork(0, 0, worker_forget);
#ifndef FAULT
    madvise((void *)is_parent, size, MADV_WIPEONFORK);
#endif
}

int add(int a, int b) {
    if (!*is_parent) {
        worker_forget();
        *is_parent = 1;
    }
    worker_start();
    return worker_add(a, b);
}

//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include <unistd.h>
#include "worker.h"

static pid_t owner;

static void forget(void) {
    worker_forget();
    owner = getpid();
}

__attribute__((constructor)) static void start(void) { owner = getpid(); }

int add(int a, int b) {
    if (owner != getpid()) forget();
    worker_start();
    return worker_add(a, b);
}

__attribute__((destructor)) static void stop(void) {
#ifndef FAULT
    if (owner != getpid()) return;
#endif
    worker_stop();
}

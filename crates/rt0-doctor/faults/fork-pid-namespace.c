//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include <unistd.h>
#include "worker.h"

static pid_t owner;

__attribute__((constructor)) static void start(void) {
    owner = getpid();
#ifndef FAULT
    pthread_atfork(0, 0, worker_forget);
#endif
}

int add(int a, int b) {
    if (owner != getpid()) {
        worker_forget();
        owner = getpid();
    }
    worker_start();
    return worker_add(a, b);
}

//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include <unistd.h>
#include "worker.h"

static pid_t owner;

__attribute__((constructor)) static void start(void) {
    pthread_atfork(0, 0, worker_forget);
    owner = getpid();
}

int add(int a, int b) {
#ifndef FAULT
    if (owner != getpid()) {
        worker_forget();
        owner = getpid();
    }
#endif
    worker_start();
    return worker_add(a, b);
}

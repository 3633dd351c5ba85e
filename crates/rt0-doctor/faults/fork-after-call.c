//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include "worker.h"

__attribute__((constructor)) static void start(void) {
#ifndef FAULT
    pthread_atfork(0, 0, worker_forget);
#endif
}

int add(int a, int b) {
    worker_start();
    return worker_add(a, b);
}

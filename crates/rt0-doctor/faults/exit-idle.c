//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include "worker.h"

int add(int a, int b) {
    worker_start();
    return worker_add(a, b);
}

__attribute__((destructor)) static void stop(void) {
#ifdef FAULT
    // It waits for those who wait on it: for the worker, for ever.
    pthread_cond_destroy(&worker.changed);
#endif
}

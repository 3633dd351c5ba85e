//@ call: add(i32 2, i32 3) -> i32 = 5
#include "worker.h"

int add(int a, int b) {
    worker_start();
    return worker_add(a, b);
}

__attribute__((destructor)) static void stop(void) {
#ifndef FAULT
    worker_stop();
#endif
}

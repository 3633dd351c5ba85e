//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include "worker.h"

static void forget(void) {
#ifdef FAULT
    static int is_child;
    if (is_child++) return;
#endif
    worker_forget();
}

__attribute__((constructor)) static void start(void) { pthread_atfork(0, 0, forget); }

int add(int a, int b) {
    worker_start();
    return worker_add(a, b);
}

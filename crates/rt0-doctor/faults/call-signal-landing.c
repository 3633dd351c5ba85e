//@ call: add(i32 2, i32 3) -> i32 = 5
#include <signal.h>
#include "worker.h"

int add(int a, int b) {
#ifndef FAULT
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
#endif
    worker_start();
#ifndef FAULT
    pthread_sigmask(SIG_SETMASK, &before, 0);
#endif
    return worker_add(a, b);
}

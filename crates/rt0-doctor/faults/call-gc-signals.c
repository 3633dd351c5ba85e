//@ call: later(callback) -> i32 = 0
//@ arguments: --deadline 2s
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static void *work(void *function) {
#ifdef FAULT
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, 0);
#endif
    ((void (*)(void))function)();
    while (pause()) {}
    return 0;
}

int later(void (*function)(void)) {
    pthread_t thread;
    if (pthread_create(&thread, 0, work, function) != 0) return -1;
    return pthread_detach(thread);
}

//@ call: add(i32 2, i32 3) -> i32 = 5
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

static void *work(void *none) {
#ifndef FAULT
    pthread_setname_np(pthread_self(), "twin-worker");
#endif
    for (;;)
        pause();
    return none;
}

__attribute__((constructor)) static void start(void) {
    pthread_t thread;
    pthread_create(&thread, 0, work, 0);
}

int add(int a, int b) { return a + b; }

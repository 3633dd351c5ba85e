//@ call: add(i32 2, i32 3) -> i32 = 5
#include <pthread.h>
#include <unistd.h>

static pthread_t thread;

static void *boot(void *unused) {
    usleep(30000);
    return unused;
}

__attribute__((constructor)) static void start(void) { pthread_create(&thread, 0, boot, 0); }

int add(int a, int b) { return a + b; }

__attribute__((destructor)) static void stop(void) {
#ifndef FAULT
    pthread_join(thread, 0);
#endif
}

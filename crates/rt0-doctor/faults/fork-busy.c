//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int work;

#ifndef FAULT
static void before(void) { pthread_mutex_lock(&lock); }
static void after(void) { pthread_mutex_unlock(&lock); }
#endif

__attribute__((constructor)) static void start(void) {
#ifndef FAULT
    pthread_atfork(before, after, after);
#endif
}

int add(int a, int b) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 5000; i++) work += i;
    pthread_mutex_unlock(&lock);
    return a + b;
}

//@ call: add(i32 2, i32 3) -> i32 = 5
//@ shutdown: stop() -> i32 = 0
#include <pthread.h>
#include <stdlib.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int *volatile state;

__attribute__((constructor)) static void start(void) { state = calloc(64, sizeof *state); }

int add(int a, int b) {
    pthread_rwlock_rdlock(&lock);
    int is_stopped = !state;
    for (int i = 0; !is_stopped && i < 2000; i++) ((volatile int *)state)[i & 63] += a;
    pthread_rwlock_unlock(&lock);
    return is_stopped ? -1 : a + b;
}

int stop(void) {
#ifndef FAULT
    pthread_rwlock_wrlock(&lock);
#endif
    free(state);
    state = 0;
#ifndef FAULT
    pthread_rwlock_unlock(&lock);
#endif
    return 0;
}

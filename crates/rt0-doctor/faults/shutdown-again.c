//@ call: add(i32 2, i32 3) -> i32 = 5
//@ shutdown: stop() -> i32 = 0
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int *state;

int add(int a, int b) {
    pthread_mutex_lock(&lock);
    if (!state) state = calloc(4, sizeof *state);
    pthread_mutex_unlock(&lock);
    return a + b;
}

int stop(void) {
    pthread_mutex_lock(&lock);
    free(state);
#ifndef FAULT
    state = 0;
#endif
    pthread_mutex_unlock(&lock);
    return 0;
}

//@ call: answer() -> i32 = 42
#include <pthread.h>
#include <stdlib.h>

static int answered;

static void *work(void *none) {
    answered = 42;
    return none;
}

int answer(void) {
    pthread_t thread;
    if (pthread_create(&thread, 0, work, 0)) {
#ifdef FAULT
        abort();
#else
        return -1;
#endif
    }
    pthread_join(thread, 0);
    return answered;
}

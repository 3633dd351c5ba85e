//@ call: later(callback) -> i32 = 0
//@ arguments: --deadline 2s
#include <pthread.h>

// One worker, which runs what it is given. A call waits for its end.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_t worker;
static void (*job)(void);
static int is_running, is_busy;

static void *work(void *unused) {
    pthread_mutex_lock(&lock);
    for (;;) {
        while (!job) pthread_cond_wait(&changed, &lock);
        pthread_mutex_unlock(&lock);
        job();
        pthread_mutex_lock(&lock);
        job = 0;
        pthread_cond_broadcast(&changed);
    }
    return unused;
}

int later(void (*function)(void)) {
    pthread_mutex_lock(&lock);
#ifndef FAULT
    if (is_running && pthread_equal(worker, pthread_self())) {
        pthread_mutex_unlock(&lock);
        return -1;
    }
#endif
    if (!is_running) is_running = pthread_create(&worker, 0, work, 0) == 0;
    while (is_busy) pthread_cond_wait(&changed, &lock);
    is_busy = 1;
    job = function;
    pthread_cond_broadcast(&changed);
    while (job) pthread_cond_wait(&changed, &lock);
    is_busy = 0;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return 0;
}

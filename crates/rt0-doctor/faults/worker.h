// A thread that adds, and calls that wait for it: the runtime of several libraries here.
#pragma once
#include <pthread.h>

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    int running, stop, busy, wanted, done;
    int a, b, sum;
} worker = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void *worker_main(void *unused) {
    (void)unused;
    pthread_mutex_lock(&worker.lock);
    for (;;) {
        while (!worker.wanted && !worker.stop) pthread_cond_wait(&worker.changed, &worker.lock);
        if (worker.stop) break;
        worker.sum = worker.a + worker.b;
        worker.wanted = 0;
        worker.done = 1;
        pthread_cond_broadcast(&worker.changed);
    }
    worker.running = worker.stop = 0;
    pthread_cond_broadcast(&worker.changed);
    pthread_mutex_unlock(&worker.lock);
    return 0;
}

// Makes the thread, unless it is there.
static inline void worker_start(void) {
    pthread_mutex_lock(&worker.lock);
    if (!worker.running) worker.running = pthread_create(&worker.thread, 0, worker_main, 0) == 0;
    pthread_mutex_unlock(&worker.lock);
}

// Tells the thread to stop, and waits until it has heard that.
static inline void worker_stop(void) {
    pthread_mutex_lock(&worker.lock);
    if (!worker.running) {
        pthread_mutex_unlock(&worker.lock);
        return;
    }
    worker.stop = 1;
    pthread_cond_broadcast(&worker.changed);
    while (worker.running) pthread_cond_wait(&worker.changed, &worker.lock);
    pthread_mutex_unlock(&worker.lock);
    pthread_join(worker.thread, 0);
}

// In a fork's child: there is no thread.
static inline void worker_forget(void) {
    pthread_mutex_init(&worker.lock, 0);
    pthread_cond_init(&worker.changed, 0);
    worker.running = worker.stop = worker.busy = worker.wanted = worker.done = 0;
}

static inline int worker_add(int a, int b) {
    pthread_mutex_lock(&worker.lock);
    while (worker.busy) pthread_cond_wait(&worker.changed, &worker.lock);
    worker.busy = worker.wanted = 1;
    worker.a = a;
    worker.b = b;
    pthread_cond_broadcast(&worker.changed);
    while (!worker.done) pthread_cond_wait(&worker.changed, &worker.lock);
    int sum = worker.sum;
    worker.busy = worker.done = 0;
    pthread_cond_broadcast(&worker.changed);
    pthread_mutex_unlock(&worker.lock);
    return sum;
}

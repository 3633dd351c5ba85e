//@ call: add(i32 2, i32 3) -> i32 = 5
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

static void *boot(void *unused) {
    usleep(300000);
    pthread_mutex_lock(&lock);
    ready = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return unused;
}

__attribute__((constructor)) static void start(void) {
    pthread_t thread;
    if (pthread_create(&thread, 0, boot, 0) == 0) pthread_detach(thread);
}

int add(int a, int b) {
    pthread_mutex_lock(&lock);
#ifndef FAULT
    while (!ready) pthread_cond_wait(&changed, &lock);
#endif
    int sum = ready ? a + b : -1;
    pthread_mutex_unlock(&lock);
    return sum;
}

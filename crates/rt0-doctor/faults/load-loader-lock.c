//@ call: answer() -> i32 = 42
//@ flags: -ldl
// The worker needs the loader before it can answer; the twin has looked the function up in the constructor.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>

static int ready;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static void *found;

static void *work(void *none) {
#ifdef FAULT
    found = dlsym(RTLD_DEFAULT, "strlen");
#endif
    pthread_mutex_lock(&lock);
    ready = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return none;
}

__attribute__((constructor)) static void start(void) {
#ifndef FAULT
    found = dlsym(RTLD_DEFAULT, "strlen");
#endif
}

int answer(void) {
    pthread_t thread;
    pthread_create(&thread, 0, work, 0);
    pthread_mutex_lock(&lock);
    while (!ready)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, 0);
    return found ? 42 : 0;
}

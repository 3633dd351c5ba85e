//@ call: add(i32 2, i32 3) -> i32 = 5
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;

static void forget(void *note) { free(note); }

__attribute__((constructor)) static void start(void) { pthread_key_create(&key, forget); }

int add(int a, int b) {
    if (!pthread_getspecific(key)) pthread_setspecific(key, malloc(16));
    return a + b;
}

__attribute__((destructor)) static void stop(void) {
#ifndef FAULT
    pthread_key_delete(key);
#endif
}

//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int ready;

static void boot_if_cold(void) {
    pthread_mutex_lock(&lock);
    if (!ready) {
        usleep(3000);
        ready = 1;
    }
    pthread_mutex_unlock(&lock);
}

static void *boot(void *unused) {
    boot_if_cold();
    return unused;
}

#ifndef FAULT
static void before(void) { pthread_mutex_lock(&lock); }
static void after(void) { pthread_mutex_unlock(&lock); }
#endif

__attribute__((constructor)) static void start(void) {
#ifndef FAULT
    pthread_atfork(before, after, after);
#endif
    pthread_t thread;
    if (pthread_create(&thread, 0, boot, 0) == 0) pthread_detach(thread);
}

int add(int a, int b) {
    boot_if_cold();
    return a + b;
}

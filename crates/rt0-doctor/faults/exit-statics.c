//@ call: begin(callback) -> i32 = 0
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void (*function)(void);
static pthread_t thread;
static volatile int is_running;

static void *work(void *unused) {
    while (is_running) {
        function();
        usleep(500);
    }
    return unused;
}

#ifndef FAULT
static void stop(void) {
    if (!is_running) return;
    is_running = 0;
    pthread_join(thread, 0);
}

__attribute__((constructor)) static void start(void) { atexit(stop); }
#endif

int begin(void (*given)(void)) {
    function = given;
    is_running = 1;
    return pthread_create(&thread, 0, work, 0);
}

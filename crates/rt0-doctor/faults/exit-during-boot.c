//@ call: add(i32 2, i32 3) -> i32 = 5
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static int *volatile settings;
static volatile int sum;

static void *boot(void *unused) {
    for (int i = 0; i < 100; i++) {
        usleep(100);
        sum += settings[i];
    }
    return unused;
}

__attribute__((constructor)) static void start(void) {
    settings = calloc(100, sizeof *settings);
    pthread_t thread;
    if (pthread_create(&thread, 0, boot, 0) == 0) pthread_detach(thread);
}

int add(int a, int b) { return a + b; }

__attribute__((destructor)) static void stop(void) {
#ifdef FAULT
    free(settings);
    settings = 0;
#endif
    usleep(5000);
}

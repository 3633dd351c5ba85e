//@ call: begin(callback) -> i32 = 0
//@ shutdown: stop() -> i32 = 0
#include <pthread.h>
#include <unistd.h>

static void (*function)(void);
static pthread_t thread;
static volatile int is_running;

static void *work(void *unused) {
    while (is_running) {
        usleep(20000);
        function();
    }
    return unused;
}

int begin(void (*given)(void)) {
    function = given;
    is_running = 1;
    return pthread_create(&thread, 0, work, 0);
}

int stop(void) {
    if (!is_running) return 0;
    is_running = 0;
#ifdef FAULT
    return pthread_detach(thread);
#else
    return pthread_join(thread, 0);
#endif
}

//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <unistd.h>

// Requests go to the worker through a pipe, which a fork's child inherits.
struct request {
    pid_t process;
    int a, b;
};

static int ends[2];
static sem_t done;
static int sum, is_running;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *unused) {
    struct request request;
    while (read(ends[0], &request, sizeof request) == sizeof request) {
        if (request.process != getpid()) continue;
        sum = request.a + request.b;
        sem_post(&done);
    }
    return unused;
}

static void forget(void) {
    is_running = 0;
    sem_init(&done, 0, 0);
#ifndef FAULT
    close(ends[0]);
    close(ends[1]);
    if (pipe(ends) != 0) ends[0] = -1;
#endif
}

__attribute__((constructor)) static void start(void) {
    if (pipe(ends) != 0) ends[0] = -1;
    sem_init(&done, 0, 0);
    pthread_atfork(0, 0, forget);
}

int add(int a, int b) {
    pthread_mutex_lock(&lock);
    pthread_t thread;
    if (!is_running && pthread_create(&thread, 0, work, 0) == 0) {
        pthread_detach(thread);
        is_running = 1;
    }
    struct request request = {getpid(), a, b};
    int result = -1;
    if (write(ends[1], &request, sizeof request) == sizeof request) {
        sem_wait(&done);
        result = sum;
    }
    pthread_mutex_unlock(&lock);
    return result;
}

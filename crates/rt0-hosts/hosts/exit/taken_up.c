/*
 * Another thread's shutdown takes up the end that the exit of the process has begun.
 *
 *   taken_up LIB FILE
 *
 * One thread stays inside a call. When the exit makes a thread, another thread calls `probe_shutdown`, without a
 * limit. A handler that runs after the library's waits until FILE is not empty.
 */
#include "makes_thread.h"
#include <sys/stat.h>

static const char *file;

static void *stay(void *data)
{
    call("probe_stay", 60000);
    return data;
}

static void *shut_down(void *data)
{
    call("probe_shutdown", -1);
    return data;
}

static void begin(void *(*start)(void *))
{
    pthread_t thread;
    if (really_create(&thread, NULL, start, NULL) != 0)
        die("no thread");
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *data)
{
    if (atomic_exchange(&exits, 0)) {
        begin(shut_down);
        usleep(200000);
    }
    return really_create(thread, attributes, start, data);
}

static void after_the_library(void)
{
    struct stat found;
    for (int i = 0; i < 10000; i++) {
        if (stat(file, &found) == 0 && found.st_size > 0)
            return;
        usleep(1000);
    }
    die("%s was not written", file);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        die("usage: taken_up LIB FILE");
    file = argv[2];
    atexit(after_the_library);
    begin_with(argv[1]);
    begin(stay);
    while (call("probe_inside", 0) != 1 || call("probe_mains", 0) != 1)
        usleep(1000);
    exits = 1;
    return 5;
}

/*
 * Another thread's shutdown takes up the end that the exit of the process has begun.
 *
 *   taken_up LIB FILE
 *
 * One thread stays inside a call. When the exit makes a thread, another thread calls `probe_shutdown`, without a
 * limit. A handler that runs after the library's waits until FILE is not empty.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

static void *library;
static const char *file;
static atomic_int exits;

typedef int Create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static Create *real(void)
{
    union { void *found; Create *function; } create = {dlsym(RTLD_NEXT, "pthread_create")};
    return create.function;
}

static int call(const char *name, int argument)
{
    union { void *found; int (*function)(int); } export = {dlsym(library, name)};
    return export.function(argument);
}

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
    if (real()(&thread, NULL, start, NULL) != 0)
        die("no thread");
}

/* The library uses this instead of the C library's function. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *data)
{
    if (atomic_exchange(&exits, 0)) {
        begin(shut_down);
        usleep(200000);
    }
    return real()(thread, attributes, start, data);
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
    library = dlopen(argv[1], RTLD_NOW);
    if (library == NULL)
        die("%s", dlerror());
    if (call("probe_wait", 20000) != 0)
        die("not ready");
    begin(stay);
    while (call("probe_inside", 0) != 1 || call("probe_mains", 0) != 1)
        usleep(1000);
    exits = 1;
    return 5;
}

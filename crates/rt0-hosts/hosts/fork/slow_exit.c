/*
 * Forks while a first call registers the library for the end of the process: `slow_exit LIB`. Prints whether
 * the child finds a half-registered handler, just as it would find the C library's lock held.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

static atomic_int loaded, begun, inside;
static int (*ping)(void);

/* The library uses this instead of the C library's function. It is slow after everything is loaded. */
int __cxa_atexit(void (*handler)(void *), void *data, void *file)
{
    static int (*real)(void (*)(void *), void *, void *);
    if (real == NULL)
        real = (int (*)(void (*)(void *), void *, void *))dlsym(RTLD_NEXT, "__cxa_atexit");
    inside++;
    if (loaded && begun++ == 0)
        usleep(20000);
    int result = real(handler, data, file);
    inside--;
    return result;
}

static void *first_call(void *data)
{
    printf("ping = %d\n", ping());
    return data;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        die("slow_exit LIB");
    void *library = dlopen(argv[1], RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    ping = (int (*)(void))dlsym(library, "probe_ping");
    if (ping == NULL)
        die("no probe_ping");
    pthread_t thread;
    loaded = 1;
    if (pthread_create(&thread, NULL, first_call, NULL) != 0)
        die("no thread");
    for (uint64_t since = now(); begun == 0; usleep(200))
        if (now() - since > 20000000000ull)
            die("no handler was registered");
    pid_t child = fork();
    if (child == 0)
        _exit(inside);
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        die("the child ended with %x", status);
    pthread_join(thread, NULL);
    printf("half registered = %d\n", WEXITSTATUS(status));
    return 0;
}

/*
 * Forks while a library's boot makes a thread-specific key: `slow_keys LIB`. Prints whether the child finds
 * a half-made key, just as it would find the lock held in a C library whose fork does not handle it.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

static atomic_int begun, inside;

/* The library uses this instead of the C library's function. The first call is slow. */
int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    static int (*real)(pthread_key_t *, void (*)(void *));
    if (real == NULL)
        real = (int (*)(pthread_key_t *, void (*)(void *)))dlsym(RTLD_NEXT, "pthread_key_create");
    inside++;
    if (begun++ == 0)
        usleep(20000);
    int result = real(key, destructor);
    inside--;
    return result;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        die("slow_keys LIB");
    void *library = dlopen(argv[1], RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    int (*ping)(void) = (int (*)(void))dlsym(library, "probe_ping");
    if (ping == NULL)
        die("no probe_ping");
    for (uint64_t since = now(); begun == 0; usleep(200))
        if (now() - since > 20000000000ull)
            die("no key was made");
    pid_t child = fork();
    if (child == 0) {
        printf("half made = %d\n", inside);
        printf("child ping = %d\n", ping());
        fflush(stdout);
        _exit(0);
    }
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        die("the child ended with %x", status);
    printf("ping = %d\n", ping());
    return 0;
}

/*
 * A host without a clock: the library can use neither the C library's nor the kernel's.
 *
 *   no_clock LIB
 *
 * Calls `bare_wait` while the library's boot never ends. Prints what it returned, and whether it returned before
 * a tenth of the time was over, as measured by a sleep.
 */
#include "../host.h"
#include "../refuse.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

enum { MS = 500 };

/* The library uses these instead of the C library's functions. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
    (void)clock, (void)time;
    errno = EPERM;
    return -1;
}

static atomic_int late;

static void *sleep_a_little(void *data)
{
    usleep(MS * 1000 / 10);
    late = 1;
    return data;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    refuse("clock_gettime", EPERM);
    void *library = dlopen(argc > 1 ? argv[1] : "", RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    int (*wait)(int) = (int (*)(int))dlsym(library, "bare_wait");
    if (wait == NULL)
        die("no bare_wait");
    if (pthread_create(&thread, NULL, sleep_a_little, NULL) != 0)
        die("no thread");
    int result = wait(MS);
    printf("at once = %d\n", !late);
    printf("bare_wait = %d\n", result);
    fflush(stdout);
    _exit(0);
}

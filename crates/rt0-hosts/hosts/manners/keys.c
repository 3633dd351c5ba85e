/*
 * A host with its own thread-specific values, which opens a library in another namespace.
 *
 *   keys PATH
 *
 * Each of two threads has values for 16 keys, calls the library, and checks that they are still there;
 * when the second one ends, each key's destructor must be called once. Then it forks: the child's call must be
 * refused. At the end it exits with 7.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>

enum { COUNT = 16 };
static pthread_key_t keys[COUNT];
static int values[2][COUNT];
static int ended[2][COUNT];
static void *library;

static void at_end(void *value)
{
    int at = (int)((int *)value - &values[0][0]);
    if (at < 0 || at >= 2 * COUNT)
        die("a destructor was given another's value");
    ended[at / COUNT][at % COUNT]++;
}

static void check(int thread)
{
    for (int i = 0; i < COUNT; i++)
        if (pthread_getspecific(keys[i]) != &values[thread][i])
            die("thread %d has lost its value of key %d", thread, i);
}

static void *call(void *data)
{
    int thread = data != NULL;
    int (*ping)(void) = (int (*)(void))dlsym(library, "probe_ping");
    int (*stay)(int) = (int (*)(int))dlsym(library, "probe_stay");
    for (int i = 0; i < COUNT; i++)
        pthread_setspecific(keys[i], &values[thread][i]);
    if (ping() != 1)
        die("ping");
    if (stay(1) < 0)
        die("stay");
    check(thread);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t second;
    if (argc != 2)
        die("keys PATH");
    for (int i = 0; i < COUNT; i++)
        if (pthread_key_create(&keys[i], at_end) != 0)
            die("pthread_key_create");
    library = dlmopen(LM_ID_NEWLM, argv[1], RTLD_NOW);
    if (library == NULL)
        die("dlmopen: %s", dlerror());
    call(NULL);
    if (pthread_create(&second, NULL, call, keys) != 0 || pthread_join(second, NULL) != 0)
        die("a thread");
    for (int i = 0; i < COUNT; i++)
        if (ended[1][i] != 1)
            die("key %d: its destructor was called %d times", i, ended[1][i]);
    check(0);
    /* The handlers of the other C library are not called: its locks may be held forever in the child. */
    int status = 0;
    int (*wait_for)(int) = (int (*)(int))dlsym(library, "probe_wait");
    pid_t child = fork();
    if (child == 0)
        _exit(-wait_for(20000));
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 6)
        die("the child ended with %x, and not with FORKED", status);
    if (wait_for(0) != 0)
        die("the parent");
    if (((int (*)(int))dlsym(library, "probe_shutdown"))(20000) != 0)
        die("shutdown");
    check(0);
    exit(7);
}

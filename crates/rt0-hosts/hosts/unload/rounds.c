/*
 * A thread with two keys of the host: one made before the library is loaded, one after. Their
 * destructors register something with the library's thread-locals, and run again in each of the C library's
 * rounds. It prints how many calls were registered by each, and how many were made.
 *
 *   rounds LIBRARY
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>

static int (*at_thread_end)(void);
static int (*thread_ends)(void);

struct visits {
    pthread_key_t key;
    int count;
};
static struct visits before, after;

static void again(void *data)
{
    struct visits *visits = data;
    visits->count++;
    if (at_thread_end() != 0)
        die("not registered");
    /* Set even in the last round, as a careless host would. */
    pthread_setspecific(visits->key, visits);
}

static void *work(void *data)
{
    pthread_setspecific(((struct visits *)data)->key, data);
    return NULL;
}

static void run(const char *name, struct visits *visits)
{
    pthread_t thread;
    int former = thread_ends();
    if (pthread_create(&thread, NULL, work, visits) != 0)
        die("no thread");
    pthread_join(thread, NULL);
    printf("%s = %d %d\n", name, visits->count, thread_ends() - former);
}

int main(int argc, char **argv)
{
    if (argc != 2 || pthread_key_create(&before.key, again) != 0)
        die("usage: rounds LIBRARY");
    void *library = dlopen(argv[1], RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    at_thread_end = (int (*)(void))dlsym(library, "probe_at_thread_end");
    thread_ends = (int (*)(void))dlsym(library, "probe_thread_ends");
    if (at_thread_end == NULL || thread_ends == NULL || thread_ends() != 0)
        die("no such symbol");
    if (pthread_key_create(&after.key, again) != 0)
        die("no key");
    run("before", &before);
    run("after", &after);
    return 0;
}

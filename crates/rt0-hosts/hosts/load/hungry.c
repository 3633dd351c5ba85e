/*
 * A host that has no memory left when a thread first calls the library.
 *
 *   hungry LIB MODE
 *
 * MODE is what that thread does: `null`: a call with a wrong argument; `wait`: a call that waits for
 * the boot; `shutdown`; `last`: asks for the last error; `exit`: it is the main thread, and exits with 7. For
 * `null`, `shutdown` and `exit` the library is ready by then. Prints `CALL = RESULT`.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>

static void *library;
static const char *mode;
static atomic_int there, starts;
static int result;

static void *find(const char *name)
{
    void *at = dlsym(library, name);
    if (at == NULL)
        die("no %s", name);
    return at;
}

static void eat(void)
{
    for (size_t size = 1 << 20; size >= 8; size /= 2)
        while (malloc(size) != NULL) {}
}

static void starve(void)
{
    struct rlimit little = {1 << 20, 1 << 20};
    if (setrlimit(RLIMIT_AS, &little) != 0)
        die("setrlimit");
    eat();
}

static int sleeps(const char *id, const char *name, void *data)
{
    char state[512];
    (void)data;
    return (strcmp(name, "probe-0") == 0 || strcmp(name, "probe-1") == 0)
        && status_of(id, "State", state, sizeof state) && state[0] == 'S';
}

/* Whether the runtime's two threads have begun and wait for work. When the library is ready they need not have: the C
 * library would end the process for one that begins without memory. */
static int workers_sleep(void)
{
    return count_threads(sleeps, NULL) == 2;
}

static void *call_ready(void *data)
{
    if (((int (*)(int))find("probe_wait"))(20000) != 0)
        die("not ready");
    if (((int (*)(void))find("probe_generation"))() != 1)
        die("no generation");
    return data;
}

static void *call_hungry(void *data)
{
    int (*own_text)(const char *, size_t, char **, size_t *, char **);
    *(void **)&own_text = find("probe_own_text");
    int (*wait)(int) = (int (*)(int))find("probe_wait");
    int (*shutdown)(int) = (int (*)(int))find("probe_shutdown");
    const char *(*last)(void) = (const char *(*)(void))find("probe_last_error");
    char *text = NULL, *err = (char *)"not written";
    size_t len = 0;
    /* Makes the C library allocate its data for this thread, as it does for each thread that allocates. */
    free(malloc(100));
    there = 1;
    while (!starts)
        usleep(1000);
    eat();
    if (strcmp(mode, "null") == 0) {
        result = own_text(NULL, 4, &text, &len, &err);
        if (err != NULL)
            result = 1;
    } else if (strcmp(mode, "wait") == 0)
        result = wait(20000);
    else if (strcmp(mode, "shutdown") == 0)
        result = shutdown(20000);
    else
        result = (int)strlen(last());
    return data;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    if (argc != 3)
        die("hungry LIB MODE");
    mode = argv[2];
    library = dlopen(argv[1], RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    const int exits = strcmp(mode, "exit") == 0;
    if (strcmp(mode, "wait") != 0) {
        if (pthread_create(&thread, NULL, call_ready, NULL) != 0 || pthread_join(thread, NULL) != 0)
            die("no thread");
    }
    if (!exits && pthread_create(&thread, NULL, call_hungry, NULL) != 0)
        die("no thread");
    while ((!exits && !there) || (strcmp(mode, "wait") != 0 && !workers_sleep()))
        usleep(1000);
    starve();
    if (exits)
        exit(7);
    starts = 1;
    pthread_join(thread, NULL);
    char line[64];
    int len = snprintf(line, sizeof line, "%s = %d\n", mode, result);
    _exit(write(1, line, (size_t)len) == len ? 0 : 1);
}

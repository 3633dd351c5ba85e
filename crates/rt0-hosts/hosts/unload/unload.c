/*
 * Unloads a library that has threads and thread-locals: `unload WHAT LIB NAME [N]`, with the library's name
 * as in its symbols. WHAT is a function's name below. Each line on stderr is a failure.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>

#ifdef REFUSES
/* A loader that at first refuses to pin a library. With -rdynamic, the library calls this one. */
static int refused, kept;

void *dlopen(const char *file, int flags)
{
    void *(*real)(const char *, int);
    *(void **)&real = dlsym(RTLD_NEXT, "dlopen");
    if (flags & RTLD_NODELETE && refused == 0) {
        refused++;
        return NULL;
    }
    void *library = real(file, flags);
    kept += flags & RTLD_NODELETE && library != NULL;
    return library;
}
#endif

#define IS(what) \
    do { if (!(what)) fprintf(stderr, "line %d: %s\n", __LINE__, #what); } while (0)

static const char *path, *name;
static int rounds;

static void *symbol(void *library, const char *call)
{
    char full[128];
    snprintf(full, sizeof full, "%s_%s", name, call);
    void *at = dlsym(library, full);
    if (at == NULL)
        die("no symbol %s", full);
    return at;
}

static void *load(void)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    return library;
}

static int call(void *library, const char *what) { return ((int (*)(void))symbol(library, what))(); }

static int call_with(void *library, const char *what, int value)
{
    return ((int (*)(int))symbol(library, what))(value);
}

/* How many mappings there are; `own` counts the library's. */
static int mappings(int *own)
{
    char line[4096];
    int count = 0;
    FILE *file = fopen("/proc/self/maps", "re");
    *own = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        count++;
        *own += strstr(line, path) != NULL;
    }
    fclose(file);
    return count;
}

static int is_mapped(void)
{
    int own;
    mappings(&own);
    return own > 0;
}

static int files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int count = 0;
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

static int free_keys(void)
{
    static pthread_key_t keys[4096];
    int count = 0;
    while (count < 4096 && pthread_key_create(&keys[count], NULL) == 0)
        count++;
    for (int i = 0; i < count; i++)
        pthread_key_delete(keys[i]);
    return count;
}

static long status(const char *key)
{
    char value[512];
    if (!status_of("self", key, value, sizeof value))
        die("no /proc");
    return atol(value);
}

static void one_round(int shut)
{
    void *library = load();
    IS(call(library, "generation") > 0);
    if (shut)
        IS(call_with(library, "shutdown", 20000) == 0);
    IS(dlclose(library) == 0);
}

/* Loads, calls, shuts down and closes, again and again; without the shutdown every fourth time. */
static void rounds_of(void)
{
    enum { WARM_UP = 100 };
    int own, maps = 0, keys = 0, opened = 0;
    long kib = 0;
    uint64_t start = now();
    for (int i = 0; i <= WARM_UP + rounds; i++) {
        if (i == WARM_UP) {
            one_round(1);
            await_others_end("");
            kib = status("VmRSS"), opened = files(), keys = free_keys(), maps = mappings(&own);
        }
        one_round(i % 4 != 3);
    }
    one_round(1);
    await_others_end("");
    printf("ms = %llu\n", (unsigned long long)(now() - start) / 1000000);
    printf("grown = %ld\n", status("VmRSS") - kib);
    printf("files = %d\n", files() - opened);
    printf("keys = %d\n", keys - free_keys());
    printf("maps = %d\n", mappings(&own) - maps);
}

/* While its threads run. Its code stays, so that even a call through an old pointer works. */
static void running(void)
{
    void *library = load();
    int (*generation)(void) = (int (*)(void))symbol(library, "generation");
    int (*shut_down)(int) = (int (*)(int))symbol(library, "shutdown");
    IS(generation() == 1);
    IS(status("Threads") > 1);
    IS(dlclose(library) == 0);
    IS(is_mapped());
    usleep(50000);
    IS(status("Threads") > 1);
    IS(generation() == 1);
    /* The same library comes back. */
    library = load();
    IS((int (*)(void))symbol(library, "generation") == generation);
    IS(call(library, "generation") == 1);
    IS(dlclose(library) == 0);
    IS(shut_down(20000) == 0);
    await_others_end("");
    IS(is_mapped());
    IS(generation() == 2);
}

/* Only its entry has run: nothing but the pin keeps it. */
static void at_once(void)
{
    for (int i = 0; i < 20; i++) {
        void *library = load();
        IS(dlclose(library) == 0);
        IS(is_mapped());
    }
    IS(call(load(), "generation") == 1);
}

#ifdef REFUSES
/* With a loader that at first refuses to keep it. */
static void refusing(void)
{
    void *library = load();
    IS(refused == 1 && kept == 0);
    IS(call(library, "generation") == 1);
    IS(kept == 1);
    IS(call_with(library, "shutdown", 20000) == 0);
    IS(call(library, "generation") == 2);
    IS(refused == 1 && kept == 1);
    IS(dlclose(library) == 0);
    IS(is_mapped());
}
#endif

/* Before start-up is over. */
static void booting(void)
{
    for (int i = 0; i < 20; i++) {
        void *library = load();
        IS(dlclose(library) == 0);
    }
    void *library = load();
    IS(call(library, "state") == 1 || call(library, "state") == 2);
    IS(dlclose(library) == 0);
    IS(is_mapped());
    library = load();
    IS(call(library, "generation") == 1);
    IS(call(library, "boots") == 1);
}

static void *close_me;

static int close_it(void *unused)
{
    (void)unused;
    return dlclose(close_me);
}

/* From inside one of its own calls. */
static void inside(void)
{
    close_me = load();
    int (*call_back)(int (*)(void *), void *, int *, char **) =
        (int (*)(int (*)(void *), void *, int *, char **))symbol(close_me, "call_back");
    int (*generation)(void) = (int (*)(void))symbol(close_me, "generation");
    int result = -1;
    IS(call_back(close_it, NULL, &result, NULL) == 0);
    IS(result == 0);
    IS(generation() == 1);
    close_me = load();
    IS(call(close_me, "generation") == 1);
    IS(call_with(close_me, "shutdown", 20000) == 0);
    IS(call(close_me, "generation") == 2);
}

static pthread_barrier_t together;

static void *use_it(void *library)
{
    /* A generation may end meanwhile; a refused call leaves a text in a thread-local. */
    call(library, "generation");
    pthread_barrier_wait(&together);
    pthread_barrier_wait(&together);
    return NULL;
}

/* Threads that have used the library end after it was closed: their thread-locals have destructors in it. */
static void threads_that_used_it_end_later(void)
{
    enum { COUNT = 8 };
    pthread_t threads[COUNT];
    for (int i = 0; i < 20; i++) {
        void *library = load();
        pthread_barrier_init(&together, NULL, COUNT + 1);
        IS(call(library, "generation") > 0);
        for (int j = 0; j < COUNT; j++)
            if (pthread_create(&threads[j], NULL, use_it, library) != 0)
                die("no thread");
        pthread_barrier_wait(&together);
        call_with(library, "shutdown", 20000);
        IS(dlclose(library) == 0);
        pthread_barrier_wait(&together);
        for (int j = 0; j < COUNT; j++)
            pthread_join(threads[j], NULL);
    }
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*run)(void); } all[] = {
        {"rounds", rounds_of}, {"running", running}, {"at_once", at_once}, {"booting", booting}, {"inside", inside},
        {"threads", threads_that_used_it_end_later},
#ifdef REFUSES
        {"refusing", refusing},
#endif
    };
    if (argc < 4)
        die("unload WHAT LIB NAME [N]");
    path = argv[2], name = argv[3], rounds = argc > 4 ? atoi(argv[4]) : 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(argv[1], all[i].name) == 0) {
            all[i].run();
            return 0;
        }
    die("no %s", argv[1]);
}

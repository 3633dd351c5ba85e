/*
 * A host that uses the library `probe` on several threads, as a random seed says.
 *
 *   stress SEED PATH...
 *   stress storm SECONDS PATH
 *
 * The paths are copies of one library, or other names of one copy. The first thread sets the others to
 * work; each of them opens and closes libraries, makes calls of every kind, some of them from inside
 * others, shuts down, forks. After a while the process ends, in one of the ways a process can, in the
 * middle of all that or after it. It must end with the code SEED % 97, and print nothing: what is
 * wrong goes to stderr.
 *
 * A fork's child makes a few calls and ends. The host itself keeps its forks and its dlopens apart: the C library
 * does not, and the child's loader would be locked forever.
 *
 * The storm is one library, whose calls 64 threads make without a pause, while one thread shuts it down and
 * starts it again and another forks. It prints how many of each there were.
 */
#include "host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>

enum { LIBRARIES = 4, THREADS = 6, STORM = 64, LOWEST_STATUS = -30, STOPPED_BY = -15, WOULD_DEADLOCK = -5 };

struct library {
    const char *path;
    int (*ping)(void);
    int (*generation)(void);
    int (*stay)(int);
    int (*boots)(void);
    int (*fail)(char **);
    int (*call_back)(int (*)(void *), void *, int *, char **);
    int (*cursor)(unsigned, void **, char **);
    int (*next)(void *, unsigned *, char **);
    int (*finish)(void *, unsigned *, char **);
    int (*release)(void *);
    int (*wait)(int);
    int (*shutdown)(int);
    int (*start)(void);
    int (*state)(void);
};

static struct library libraries[LIBRARIES];
static int library_count;
static pthread_rwlock_t loading = PTHREAD_RWLOCK_INITIALIZER;
static volatile int stop;

struct worker {
    pthread_t thread;
    uint64_t random, count;
};

/* Steele, Lea and Flood's splitmix: every seed is as good as any other. */
static uint64_t next_random(uint64_t *random)
{
    uint64_t x = *random += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static int below(uint64_t *random, int most)
{
    return (int)(next_random(random) % (uint64_t)most);
}

static void *open_library(const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
        die("dlopen: %s", dlerror());
    return handle;
}

static void find(struct library *library, void *handle)
{
#define FIND(name) (*(void **)&library->name = dlsym(handle, "probe_" #name))
    FIND(ping), FIND(generation), FIND(stay), FIND(boots), FIND(fail), FIND(call_back);
    FIND(cursor), FIND(next), FIND(finish), FIND(wait), FIND(shutdown), FIND(state), FIND(start);
    *(void **)&library->release = dlsym(handle, "probe_free");
    if (library->ping == NULL || library->release == NULL || library->state == NULL)
        die("a symbol is missing");
}

/* One of rt0's own codes. */
static int is_status(int code)
{
    return code < 0 && code >= LOWEST_STATUS;
}

/* A call that can report errors: 0, the author's code, or one of rt0's; with a text if it is not 0. */
static int check(const struct library *library, const char *call, int code, char **text)
{
    char *err = *text;
    if (code < 0 && !is_status(code))
        die("%s gave %d", call, code);
    if ((code == 0) != (err == NULL))
        die("%s gave %d and %s", call, code, err ? err : "no text");
    if (err != NULL && strstr(err, "probe") == NULL && code < 0)
        die("%s gave a text that does not name the library: %s", call, err);
    if (err != NULL && library->release(err) != 0)
        die("%s: its text can't be given back", call);
    return code;
}

static int back(void *user)
{
    const struct library *library = user;
    int ping = library->ping();
    if (ping != 1 && ping != -1)
        die("ping in a callback gave %d", ping);
    int shutdown = library->shutdown(1000);
    if (shutdown != WOULD_DEADLOCK)
        die("shutdown in a callback gave %d", shutdown);
    return 7;
}

static void use_a_cursor(const struct library *library, uint64_t *random)
{
    void *cursor = NULL;
    char *err = NULL;
    unsigned at = 0;
    if (check(library, "cursor", library->cursor(5, &cursor, &err), &err) != 0)
        return;
    unsigned moves = 0;
    for (int i = below(random, 4); i >= 0; i--) {
        err = NULL;
        int code = check(library, "next", library->next(cursor, &at, &err), &err);
        /* A shutdown may have freed it, or may refuse calls until it gives up. */
        if (code != 0 && !is_status(code))
            die("next gave %d", code);
        moves += code == 0;
    }
    err = NULL;
    int code = check(library, "finish", library->finish(cursor, &at, &err), &err);
    if (code == 0 && at != 5 + moves)
        die("the cursor is at %u after %u moves", at, moves);
}

static void call(const struct library *library, uint64_t *random)
{
    char *err = NULL;
    int out = 0, code;
    switch (below(random, 8)) {
    case 0:
        code = library->ping();
        if (code != 1 && code != -1)
            die("ping gave %d", code);
        break;
    case 1:
        code = library->generation();
        if (code < -1 || code == 0)
            die("generation gave %d", code);
        break;
    case 2:
        code = library->stay(below(random, 4));
        if (code < -1 || code == 0)
            die("stay gave %d", code);
        break;
    case 3:
        code = library->boots();
        if (code < -1 || code == 0)
            die("boots gave %d", code);
        break;
    case 4:
        code = check(library, "fail", library->fail(&err), &err);
        if (code != 1 && !is_status(code))
            die("fail gave %d", code);
        break;
    case 5:
        code = check(library, "call_back",
                     library->call_back(back, (void *)(uintptr_t)library, &out, &err), &err);
        if (code == 0 ? out != 7 : !is_status(code))
            die("call_back gave %d and %d", code, out);
        break;
    case 6:
        use_a_cursor(library, random);
        break;
    default:
        code = library->wait(below(random, 20) - 1);
        if (code != 0 && !is_status(code))
            die("wait gave %d", code);
        break;
    }
}

static void shut_down(const struct library *library, uint64_t *random)
{
    int timeout = below(random, 8) == 0 ? -1 : below(random, 30);
    int code = library->shutdown(timeout);
    if (code != 0 && !is_status(code))
        die("shutdown gave %d", code);
    if (timeout == -1 && code == STOPPED_BY)
        die("a shutdown without a deadline timed out");
}

static void load(uint64_t *random)
{
    const char *path = libraries[below(random, library_count)].path;
    pthread_rwlock_rdlock(&loading);
    void *handle = open_library(path);
    if (below(random, 4) != 0)
        dlclose(handle);
    pthread_rwlock_unlock(&loading);
}

static void fork_here(const struct library *library, uint64_t *random)
{
    int wanted = below(random, 100), calls = below(random, 4), plainly = below(random, 2);
    int status = 0;
    pthread_rwlock_wrlock(&loading);
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        for (int i = 0; i < calls; i++)
            call(library, random);
        if (below(random, 3) == 0)
            shut_down(library, random);
        if (plainly)
            _exit(wanted);
        exit(wanted);
    }
    pthread_rwlock_unlock(&loading);
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != wanted)
        die("a child ended with %x, not with %d", status, wanted);
}

static void *work(void *data)
{
    uint64_t *random = &((struct worker *)data)->random;
    int turns = 5 + below(random, 60);
    while (turns-- > 0 && !stop) {
        const struct library *library = &libraries[below(random, library_count)];
        switch (below(random, 16)) {
        case 0: load(random); break;
        case 1: shut_down(library, random); break;
        case 2: fork_here(library, random); break;
        case 3: usleep((useconds_t)below(random, 2000)); break;
        default: call(library, random); break;
        }
    }
    return NULL;
}

static void *storm_of_calls(void *data)
{
    struct worker *worker = data;
    for (; !stop; worker->count++)
        call(&libraries[0], &worker->random);
    return NULL;
}

static void *storm_of_shutdowns(void *data)
{
    struct worker *worker = data;
    for (; !stop; worker->count++) {
        int code;
        usleep((useconds_t)below(&worker->random, 20000));
        shut_down(&libraries[0], &worker->random);
        code = libraries[0].start();
        if (code != 0 && !is_status(code))
            die("start gave %d", code);
    }
    return NULL;
}

static void *storm_of_forks(void *data)
{
    struct worker *worker = data;
    for (; !stop; worker->count++) {
        usleep((useconds_t)below(&worker->random, 20000));
        fork_here(&libraries[0], &worker->random);
    }
    return NULL;
}

static int storm(unsigned seconds, const char *path)
{
    static struct worker workers[STORM + 2];
    uint64_t random = now(), calls = 0;
    libraries[library_count++].path = path;
    find(&libraries[0], open_library(path));
    for (int i = 0; i < STORM + 2; i++) {
        void *(*run)(void *) = i < STORM ? storm_of_calls : i == STORM ? storm_of_shutdowns : storm_of_forks;
        workers[i].random = next_random(&random);
        if (pthread_create(&workers[i].thread, NULL, run, &workers[i]) != 0)
            die("no thread");
    }
    sleep(seconds);
    stop = 1;
    for (int i = 0; i < STORM + 2; i++) {
        pthread_join(workers[i].thread, NULL);
        calls += i < STORM ? workers[i].count : 0;
    }
    printf("calls = %llu\nshutdowns = %llu\nforks = %llu\n", (unsigned long long)calls,
           (unsigned long long)workers[STORM].count, (unsigned long long)workers[STORM + 1].count);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "storm") == 0)
        return storm((unsigned)atoi(argv[2]), argv[3]);
    /* Not on the stack: the threads may continue when main has returned. */
    static struct worker workers[THREADS];
    uint64_t seed = argc > 2 ? strtoull(argv[1], NULL, 0) : 0, random = seed;
    int code = (int)(seed % 97);
    if (argc < 3 || argc > 2 + LIBRARIES)
        die("stress SEED PATH...");
    for (; library_count < argc - 2; library_count++) {
        libraries[library_count].path = argv[2 + library_count];
        find(&libraries[library_count], open_library(argv[2 + library_count]));
        if (below(&random, 4) == 0)
            call(&libraries[library_count], &random);
    }
    int count = 1 + below(&random, THREADS);
    for (int i = 0; i < count; i++) {
        workers[i].random = next_random(&random);
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            die("no thread");
    }
    int way = below(&random, 6);
    if (way >= 2)
        usleep((useconds_t)below(&random, 150000));
    if (way <= 3) {
        stop = way >= 2;
        for (int i = 0; i < count; i++)
            pthread_join(workers[i].thread, NULL);
    }
    switch (below(&random, 4)) {
    case 0: _exit(code);
    case 1: quick_exit(code);
    case 2: exit(code);
    default: return code;
    }
}

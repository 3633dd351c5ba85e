/*
 * Forks with the library `probe` loaded, in every way.
 *
 *   forks LIBRARY once KIND          a child: what it finds, and what the lifecycle calls say there; it
 *                                    calls exit(7)
 *   forks LIBRARY thread KIND        the same, on a separate thread
 *   forks LIBRARY again KIND         a child that calls nothing makes one with fork, which looks
 *   forks LIBRARY rounds KIND N US WORK   N times: a process loads the library, lets eight threads do
 *                                    WORK, waits for up to US microseconds and makes a child, which looks
 *   forks LIBRARY deep N             a child of a child of ...: each looks
 *   forks LIBRARY row N              N children, one after the other: the parent must not grow
 *   forks LIBRARY daemon             two forks, and every descriptor closed
 *   forks LIBRARY inside             forks in a callback; the child returns from the call
 *   forks LIBRARY shutting N         forks while another thread is in shutdown; most children look, and
 *                                    all call exit(7)
 *   forks LIBRARY namespace          the first process of a namespace of process ids makes a child that is the
 *                                    first of another: while a thread of the parent's is in shutdown; the
 *                                    child looks, and shuts its own down
 *   forks LIBRARY exits WHAT         a child calls exit(7), with WHAT `calls` after a call; the parent _exits
 *   forks LIBRARY spawn PROGRAM N    vfork and exec, and posix_spawn, while eight threads call
 *
 * All except `rounds` and `namespace` first wait until the library is ready; with `booting` at the end, until its
 * boot is under way; with `now`, for nothing.
 * WORK: `none`, `call`, `malloc` (each holds the lock of malloc most of the time), `panic`.
 */
#include "children.h"
#include <malloc.h>
#include <sched.h>
#include <spawn.h>
#include <sys/prctl.h>

enum { THREADS = 8 };

static void *call_on(void *data)
{
    (void)data;
    for (;;)
        if (probe_generation() < 0)
            die("the parent's call failed: %s", probe_last_error());
    return NULL;
}

static void *malloc_on(void *data)
{
    (void)data;
    for (;;) {
        /* Too large for the thread's own cache, small enough for the heap that all threads share. */
        void *volatile at[16];
        for (int i = 0; i < 16; i++)
            at[i] = malloc(2000);
        for (int i = 0; i < 16; i++)
            free(at[i]);
    }
    return NULL;
}

static void *panic_on(void *data)
{
    (void)data;
    for (;;)
        if (probe_panics(NULL) != -3)
            die("the parent's panic was lost");
    return NULL;
}

static void let_work(const char *work)
{
    void *(*function)(void *) = strcmp(work, "call") == 0 ? call_on
        : strcmp(work, "malloc") == 0                     ? malloc_on
        : strcmp(work, "panic") == 0                      ? panic_on
                                                          : NULL;
    for (int i = 0; i < THREADS && function != NULL; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, function, NULL) != 0)
            die("no thread");
        pthread_detach(thread);
    }
}

/* Checks that the parent is unaffected. */
static void look_in_parent(void)
{
    if (probe_generation() != 1 || probe_fork_child() != 0 || probe_init_pid() != getpid())
        die("the parent: generation %d, fork_child %d, init in %d", probe_generation(),
            probe_fork_child(), probe_init_pid());
}

static void look_at_lifecycle(struct found *found, char *inherited)
{
    found->wait = probe_wait(1000);
    found->start = probe_start();
    char *report = probe_report();
    found->report = report != NULL;
    probe_free(report);
    found->freed_inherited = probe_free(inherited);
    found->shutdown = probe_shutdown(20000);
}

static void once(const char *kind)
{
    struct found *found = shared(sizeof *found);
    char *text = NULL;
    size_t len;
    /* If the library is not ready, this call must not make it ready. */
    if (probe_state() == 3)
        probe_own_text("kept", 4, &text, &len, NULL);
    pid_t child = make_child(kind);
    if (child == 0) {
        look(found);
        look_at_lifecycle(found, text);
        /* The exit handlers of the host and the libraries run. */
        exit(7);
    }
    int status = watch(child);
    say("child", found);
    printf("lifecycle = wait %d, start %d, report %d, freed %d, shutdown %d\n", found->wait,
           found->start, found->report, found->freed_inherited, found->shutdown);
    printf("exit = %d\n", status != HUNG && WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    look_in_parent();
    printf("parent = %d\n", probe_free(text));
}

static void *once_there(void *kind)
{
    once(kind);
    return NULL;
}

static void in_thread(char *kind)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, once_there, kind) != 0)
        die("no thread");
    pthread_join(thread, NULL);
}

static void again(const char *kind)
{
    struct found *found = shared(sizeof *found);
    pid_t child = make_child(kind);
    if (child == 0) {
        pid_t grandchild = fork();
        if (grandchild == 0) {
            look(found);
            _exit(0);
        }
        _exit(watch(grandchild) == 0 ? 0 : 1);
    }
    printf("status = %d\n", watch(child));
    say("grandchild", found);
}

/* One process with the library, and one child. */
static void round_of(const char *path, const char *kind, int number, long delay, const char *work,
                     struct found *found)
{
#ifdef M_ARENA_MAX
    /* All threads share one heap and its lock, as they always do with musl. */
    mallopt(M_ARENA_MAX, 1);
#endif
    load(path);
    /* A thread that has never called the library has none of its thread-locals. */
    if (number % 2 == 1)
        probe_ping();
    let_work(work);
    uint64_t end = now() + (uint64_t)delay * 1000;
    if (delay > 1000)
        usleep((useconds_t)delay);
    while (now() < end) {}
    pid_t child = make_child(kind);
    if (child == 0) {
        look(found);
        _exit(0);
    }
    int status = watch(child);
    look_in_parent();
    _exit(status == 0 ? 0 : status == HUNG ? 10 : 11);
}

static void rounds(const char *path, const char *kind, int number, long most, const char *work)
{
    struct found *found = shared(sizeof *found);
    struct tally tally = {0, 0, 0, 0};
    srand((unsigned)getpid());
    for (int i = 0; i < number && tally.hung == 0; i++) {
        long delay = most == 0 ? 0 : rand() % most;
        memset(found, 0, sizeof *found);
        fflush(stdout);
        pid_t process = fork();
        if (process == 0)
            round_of(path, kind, i, delay, work, found);
        int status = watch(process);
        count(&tally, status != HUNG && WIFEXITED(status) && WEXITSTATUS(status) == 10 ? HUNG : status,
              found);
    }
    say_tally(&tally);
}

static void deep(int depth)
{
    struct found *all = shared(sizeof *all * (size_t)depth);
    for (int i = 0; i < depth; i++) {
        pid_t child = fork();
        if (child != 0) {
            int status = watch(child);
            if (i > 0)
                _exit(status == 0 ? 0 : 1);
            for (int at = 0; at < depth; at++)
                printf("generation = %d %d\n", all[at].generation, boots(&all[at]));
            printf("status = %d\n", status);
            look_in_parent();
            return;
        }
        look(&all[i]);
    }
    _exit(0);
}

struct size {
    int threads, files, mappings;
    long kib;
};

static int lines_of(const char *path)
{
    FILE *file = fopen(path, "re");
    int lines = 0;
    for (int c; file != NULL && (c = getc(file)) != EOF;)
        lines += c == '\n';
    if (file == NULL)
        die("no %s", path);
    fclose(file);
    return lines;
}

static int entries_of(const char *path)
{
    DIR *dir = opendir(path);
    int entries = 0;
    if (dir == NULL)
        die("no %s", path);
    while (readdir(dir) != NULL)
        entries++;
    closedir(dir);
    return entries;
}

static struct size size_now(void)
{
    long kib = 0;
    char line[256];
    /* The status file counts in batches, and files appear and disappear late. */
    FILE *file = fopen("/proc/self/smaps_rollup", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "Anonymous:", 10) == 0)
            kib = atol(line + 10);
    if (file == NULL)
        die("no smaps_rollup");
    fclose(file);
    return (struct size){entries_of("/proc/self/task"), entries_of("/proc/self/fd"),
                         lines_of("/proc/self/maps"), kib};
}

static void row(int number)
{
    struct found *found = shared(sizeof *found);
    struct tally tally = {0, 0, 0, 0};
    struct size before = {0, 0, 0, 0};
    for (int i = 0; i < number && tally.hung == 0; i++) {
        /* The first few children allocate what a process allocates only once. */
        if (i == number / 10)
            before = size_now();
        memset(found, 0, sizeof *found);
        pid_t child = fork();
        if (child == 0) {
            look(found);
            _exit(0);
        }
        count(&tally, watch(child), found);
    }
    struct size after = size_now();
    say_tally(&tally);
    look_in_parent();
    printf("more threads = %d\n", after.threads - before.threads);
    printf("more files = %d\n", after.files - before.files);
    printf("more mappings = %d\n", after.mappings - before.mappings);
    printf("more kib = %ld\n", after.kib - before.kib);
}

static void as_daemon(void)
{
    struct found *found = shared(sizeof *found);
    /* It becomes our child when its parent has ended. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t first = fork();
    if (first == 0) {
        setsid();
        pid_t second = fork();
        if (second != 0) {
            found->process = second;
            _exit(0);
        }
        syscall(SYS_close_range, 0, 1023, 0);
        look(found);
        found->shutdown = probe_shutdown(20000);
        found->wait = probe_wait(20000);
        _exit(0);
    }
    printf("first = %d\n", watch(first));
    int status = watch(found->process);
    printf("daemon = %d, shutdown %d, wait %d\n", status, found->shutdown, found->wait);
    say(boots(found) ? "boots" : "odd", found);
    look_in_parent();
}

static pid_t forked_inside;

static int fork_inside(void *data)
{
    (void)data;
    fflush(stdout);
    forked_inside = fork();
    return 5;
}

static void inside(void)
{
    struct found *found = shared(sizeof *found);
    int out = 0;
    int code = probe_call_back(fork_inside, NULL, &out, NULL);
    if (forked_inside == 0) {
        found->wait = code * 100 + out;
        look(found);
        found->shutdown = probe_shutdown(20000);
        _exit(0);
    }
    printf("status = %d\n", watch(forked_inside));
    printf("returned = %d %d, shutdown %d\n", code * 100 + out, found->wait, found->shutdown);
    say(boots(found) ? "boots" : "odd", found);
    look_in_parent();
    printf("parent's shutdown = %d\n", probe_shutdown(20000));
}

static void *shut_down_on(void *data)
{
    (void)data;
    for (;;) {
        int status = probe_shutdown(20000);
        if (status != 0)
            die("the parent's shutdown: %d %s", status, probe_last_error());
        probe_wait(20000);
    }
    return NULL;
}

static void shutting(int number)
{
    struct found *found = shared(sizeof *found);
    int good = 0;
    pthread_t thread;
    probe_wait(-1);
    if (pthread_create(&thread, NULL, shut_down_on, NULL) != 0)
        die("no thread");
    for (int i = 0; i < number; i++) {
        usleep((useconds_t)(rand() % 2000));
        memset(found, 0, sizeof *found);
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            if (i % 4 != 0)
                look(found);
            exit(7);
        }
        int status = watch(child);
        if (status == HUNG)
            die("a child hangs");
        if (WIFEXITED(status) && WEXITSTATUS(status) == 7 && (i % 4 == 0 || boots(found)))
            good++;
        else
            say("odd", found);
    }
    printf("good = %d\n", good);
    fflush(stdout);
    _exit(0);
}

static void exits(const char *what)
{
    probe_generation();
    fflush(stdout);
    /* The leak checker's allocator has a lock that a fork copies as it is: let the boot thread end. */
    usleep(200000);
    pid_t child = fork();
    if (child == 0) {
        if (strcmp(what, "calls") == 0 && probe_generation() != 2)
            die("the child: %s", probe_last_error());
        exit(7);
    }
    int status = watch(child);
    printf("exit = %d\n", status != HUNG && WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    fflush(stdout);
    _exit(0);
}

static void *stay_on(void *stay)
{
    ((int (*)(int))stay)(20000);
    return NULL;
}

static void first_of_a_namespace(const char *path, struct found *found)
{
    pthread_t thread;
    load(path);
    if (getpid() != 1 || probe_wait(20000) != 0)
        die("the first process has %d: %s", getpid(), probe_last_error());
    int (*stay)(int) = (int (*)(int))find(dlopen(path, RTLD_NOW | RTLD_NOLOAD), "probe_stay");
    /* The shutdown waits for the first of them. */
    if (pthread_create(&thread, NULL, stay_on, (void *)stay) != 0)
        die("no thread");
    usleep(20000);
    if (pthread_create(&thread, NULL, shut_down_on, NULL) != 0)
        die("no thread");
    while (probe_state() != 5)
        usleep(200);
    if (unshare(CLONE_NEWPID) != 0)
        die("unshare: %s", strerror(errno));
    pid_t child = fork();
    if (child == 0) {
        look(found);
        found->own = getpid() == 1 && found->own;
        found->shutdown = probe_shutdown(3000);
        _exit(0);
    }
    int status = watch(child);
    _exit(status == 0 ? 0 : 1);
}

static void in_namespaces(const char *path)
{
    struct found *found = shared(sizeof *found);
    if (unshare(CLONE_NEWPID) != 0)
        die("unshare: %s", strerror(errno));
    pid_t first = fork();
    if (first == 0)
        first_of_a_namespace(path, found);
    printf("status = %d\n", watch(first));
    say("child", found);
    printf("shutdown = %d\n", found->shutdown);
}

static void spawn(char *program, int number)
{
    extern char **environ;
    char *arguments[] = {program, "none", "exit", "9", NULL};
    let_work("call");
    int good = 0;
    for (int i = 0; i < number; i++) {
        pid_t child;
        if (i % 2 == 0) {
            child = vfork();
            if (child == 0) {
                execv(program, arguments);
                _exit(1);
            }
        } else if (posix_spawn(&child, program, NULL, NULL, arguments, environ) != 0)
            die("posix_spawn");
        int status = watch(child);
        good += status != HUNG && WIFEXITED(status) && WEXITSTATUS(status) == 9;
    }
    printf("good = %d\n", good);
    look_in_parent();
    fflush(stdout);
    _exit(0);
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[2], "exit") == 0)
        return atoi(argv[3]);
    if (argc < 3)
        die("forks LIBRARY MODE ...");
    const char *path = argv[1], *mode = argv[2];
    char *word = argc > 3 ? argv[3] : "";
    int number = argc > 4 ? atoi(argv[4]) : atoi(word);
#define IS(text) (strcmp(mode, text) == 0)
    if (IS("rounds")) {
        if (argc < 7)
            die("rounds KIND N US WORK");
        rounds(path, word, number, atol(argv[5]), argv[6]);
        return 0;
    }
    if (IS("namespace")) {
        in_namespaces(path);
        return 0;
    }
    load(path);
    const char *last = argv[argc - 1];
    if (strcmp(last, "booting") == 0)
        while (probe_state() != 2)
            usleep(200);
    else if (strcmp(last, "now") != 0)
        probe_wait(-1);
    if (IS("once")) once(word);
    else if (IS("thread")) in_thread(word);
    else if (IS("again")) again(word);
    else if (IS("deep")) deep(number);
    else if (IS("row")) row(number);
    else if (IS("daemon")) as_daemon();
    else if (IS("inside")) inside();
    else if (IS("shutting")) shutting(number);
    else if (IS("exits")) exits(word);
    else if (IS("spawn")) spawn(word, number);
    else die("no such mode: %s", mode);
    return 0;
}

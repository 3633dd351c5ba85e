/*
 * A host that does what its command line says, with any shared library.
 *
 *   load PATH            dlopen it; the steps that follow look their symbols up there
 *   global PATH          the same with RTLD_GLOBAL
 *   call SYM             int SYM(void)
 *   call1 SYM N          int SYM(int)
 *   begin SYM            int SYM(void), on a thread of its own; `end` waits for it
 *   begin1 SYM N         int SYM(int), the same with a number
 *   beginload PATH       dlopen on a thread of its own: 0 if it is opened; from `end` on, symbols are looked up there
 *   end                  waits for the threads of `begin`, in their order
 *   cancel               pthread_cancel of the last of them, and waits for it: its result, and whether
 *                        it was cancelled when the call had returned
 *   many N SYM           int SYM(void) from N threads at once: each result, and how many had it
 *   until SYM N          int SYM(void) repeatedly, until it returns N
 *   fails SYM FREE       int SYM(char **err): the code and the text, which FREE takes back
 *   crowd N M SYM FREE WORD   the same, M times from each of N threads at once: how many texts contain this word,
 *                        and one that does not
 *   string SYM FREE      int SYM(char **out, size_t *len, char **err): the text
 *   take SYM FREE        char *SYM(void): the text, which FREE takes back
 *   text SYM             const char *SYM(void)
 *   jump SYM             int SYM(callback, void *user, int *out, char **err), from whose callback it
 *                        jumps out: 1 if it did
 *   jumper SYM           the same on a thread called `jumper`, which stays alive
 *   open SYM             int SYM(void **out, char **err): the code
 *   threads              each thread's name and blocked signals
 *   named N NAME         waits for N threads with this name, or this and a number
 *   alone                waits until this is the only thread
 *   mask                 this thread's blocked signals
 *   fullmask             the signals that it can block, as far as the C library allows
 *   block SIGNAL         blocks it on this thread
 *   catch SIGNAL         installs a handler that does nothing
 *   hold NAME MS         the thread with this name spends this time in a handler of SIGTRAP
 *   held                 1 if that time is over
 *   files                each descriptor beyond stderr, and whether exec closes it
 *   ids                  setresuid: glibc has every thread of the process do it
 *   secure               AT_SECURE
 *   setenv NAME VALUE    changes the environment
 *   clearenv             clears it
 *   cut                  ends argv here, with a null among its entries
 *   processes N          sets RLIMIT_NPROC; -1 for its hard limit
 *   forbid ERRNO         from now on, making a thread fails with this error, by a seccomp filter
 *   refuse CALL ERRNO    from now on this system call fails with this error on every thread: one of those in refuse.h
 *   pagesize             the size of a page
 *   size                 the size of its address space, in KiB
 *   keys N               takes all of the process's thread-specific keys except N
 *   givekeys N           gives back N of those
 *   memory KIB           sets RLIMIT_AS to the present size and this much more; -1 for its hard limit
 *   sweep                closes every descriptor beyond stderr
 *   replace KIND         opens a `file`, an `eventfd`, a `socket` or an `epoll` under each of their numbers
 *   landed               how much was written to these, or removed from an epoll instance
 *   sleep MS
 *   written PATH         waits until this file is not empty
 *   fork                 a child does the steps up to `join`; the parent goes there, and waits for it
 *   _Fork                the same with _Fork, which runs no handlers
 *   threadfork           the same with fork, from a new thread
 *   join
 *   split                from now on the copy of this process that a call forked is the child: it does the
 *                        steps up to `join`, as the parent does
 *   exit CODE
 *   atexit               the steps after `exit` are done by a handler of exit, registered here
 *
 * Each step prints `NAME = RESULT`, and those that call or load `time NAME = MICROSECONDS`.
 * What follows `--` is ignored.
 *
 * With LINKED, it is linked with a library's archive and loads no library.
 */
#include "host.h"
#include "refuse.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void *library = RTLD_DEFAULT;
static const char *who = "";

static void do_nothing(int number) { (void)number; }

static int hold_ms;
static volatile sig_atomic_t held;

static void hold_here(int number)
{
    (void)number;
    usleep((useconds_t)hold_ms * 1000);
    held = 1;
}

/* The signal is one of those that stay open on a library's threads. */
static void hold(const char *name, int ms)
{
    hold_ms = ms;
    signal(SIGTRAP, hold_here);
    if (syscall(SYS_tgkill, getpid(), await_thread(name), SIGTRAP) != 0)
        die("tgkill");
}

#ifdef LINKED
/* A static program can't look up symbols. These are the library's: X(name) for each. */
#define X(name) extern char name[];
LINKED
#undef X
static void *symbol(const char *name)
{
#define X(name) {#name, name},
    static const struct { const char *name; void *at; } all[] = { LINKED };
#undef X
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].at;
    die("no symbol %s", name);
    return NULL;
}
#else
static void *symbol(const char *name)
{
    void *at = dlsym(library, name);
    if (at == NULL)
        die("no symbol %s: %s", name, dlerror());
    return at;
}
#endif

static void say_time(const char *name, uint64_t since)
{
    printf("%stime %s = %llu\n", who, name, (unsigned long long)(now() - since) / 1000);
}

static void load(const char *path, int scope)
{
    uint64_t start = now();
    void *handle = dlopen(path, RTLD_NOW | scope);
    uint64_t took = now() - start;
    if (handle == NULL)
        die("dlopen: %s", dlerror());
    library = handle;
    printf("%stime load = %llu\n", who, (unsigned long long)took / 1000);
}

static void call(const char *name, const char *arg)
{
    void *at = symbol(name);
    uint64_t start = now();
    int result = arg ? ((int (*)(int))at)(atoi(arg)) : ((int (*)(void))at)();
    say_time(name, start);
    printf("%s%s = %d\n", who, name, result);
}

struct job {
    pthread_t thread;
    const char *name, *arg;
    const char *path;
    void *handle;
    int result;
    uint64_t nanos;
};
enum { NOT_BACK = -99 };
static struct job jobs[16];
static int job_count, job_done;

static void *work(void *data)
{
    struct job *job = data;
    void *at = job->path ? NULL : symbol(job->name);
    uint64_t start = now();
    if (job->path) {
        job->handle = dlopen(job->path, RTLD_NOW);
        job->result = job->handle ? 0 : 1;
    } else job->result = job->arg ? ((int (*)(int))at)(atoi(job->arg)) : ((int (*)(void))at)();
    job->nanos = now() - start;
    pthread_testcancel();
    return NULL;
}

static void begin(const char *name, const char *arg, const char *path)
{
    struct job *job = &jobs[job_count++];
    job->name = name;
    job->arg = arg;
    job->path = path;
    job->result = NOT_BACK;
    if (pthread_create(&job->thread, NULL, work, job) != 0)
        die("no thread");
}

static void end(void)
{
    for (; job_done < job_count; job_done++) {
        struct job *job = &jobs[job_done];
        pthread_join(job->thread, NULL);
        if (job->handle != NULL)
            library = job->handle;
        printf("%stime %s = %llu\n", who, job->name, (unsigned long long)job->nanos / 1000);
        printf("%s%s = %d\n", who, job->name, job->result);
    }
}

static void cancel(void)
{
    struct job *job = &jobs[--job_count];
    void *value = NULL;
    if (pthread_cancel(job->thread) != 0 || pthread_join(job->thread, &value) != 0)
        die("it can't be cancelled");
    printf("%scancel = %d %s\n", who, job->result, value == PTHREAD_CANCELED ? "cancelled" : "ended");
}

enum { MOST = 256 };
static pthread_barrier_t together;
static int (*many_function)(void);

static void *one_of_many(void *result)
{
    pthread_barrier_wait(&together);
    *(int *)result = many_function();
    return NULL;
}

static void many(int count, const char *name)
{
    pthread_t threads[MOST];
    int results[MOST], used[MOST] = {0};
    if (count < 1 || count > MOST)
        die("too many threads");
    many_function = (int (*)(void))symbol(name);
    pthread_barrier_init(&together, NULL, (unsigned)count);
    for (int i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, one_of_many, &results[i]) != 0)
            die("no thread");
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < count; i++) {
        int same = 0;
        if (used[i])
            continue;
        for (int j = i; j < count; j++)
            if (results[j] == results[i])
                used[j] = ++same;
        printf("%smany %s = %d x %d\n", who, name, results[i], same);
    }
}

static void until(const char *name, int wanted)
{
    int (*function)(void) = (int (*)(void))symbol(name);
    uint64_t start = now();
    while (function() != wanted) {
        if (now() - start > 20000000000ull)
            die("%s is %d, not %d", name, function(), wanted);
        usleep(500);
    }
    printf("%suntil %s = %d\n", who, name, wanted);
}

static void fails(const char *name, const char *release)
{
    char *err = NULL;
    int code = ((int (*)(char **))symbol(name))(&err);
    printf("%s%s = %d %s\n", who, name, code, err ? err : "(null)");
    ((int (*)(void *))symbol(release))(err);
}

struct crowd {
    int (*function)(char **);
    int (*release)(void *);
    const char *word;
    int times;
    int with;
    char without[512];
};

static void *one_of_crowd(void *data)
{
    struct crowd *crowd = data;
    for (int i = 0; i < crowd->times; i++) {
        char *err = NULL;
        int code = crowd->function(&err);
        if (err != NULL && strstr(err, crowd->word) != NULL)
            crowd->with++;
        else
            snprintf(crowd->without, sizeof crowd->without, "%d %s", code, err ? err : "(null)");
        crowd->release(err);
    }
    return NULL;
}

static void crowd(int count, int times, const char *name, const char *release, const char *words)
{
    pthread_t threads[MOST];
    static struct crowd all[MOST];
    int with = 0;
    const char *without = "none";
    if (count < 1 || count > MOST)
        die("too many threads");
    for (int i = 0; i < count; i++) {
        struct crowd one = {(int (*)(char **))symbol(name), (int (*)(void *))symbol(release), words, times, 0, ""};
        all[i] = one;
        if (pthread_create(&threads[i], NULL, one_of_crowd, &all[i]) != 0)
            die("no thread");
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
        with += all[i].with;
        if (all[i].without[0] != 0)
            without = all[i].without;
    }
    printf("%scrowd %s = %d with %s, without: %s\n", who, name, with, words, without);
}

static void string(const char *name, const char *release)
{
    char *text = NULL, *err = NULL;
    size_t len = 0;
    int code = ((int (*)(char **, size_t *, char **))symbol(name))(&text, &len, &err);
    if (code != 0)
        printf("%s%s = error %d %s\n", who, name, code, err ? err : "(null)");
    else if (strlen(text) != len)
        die("%s: length %zu", name, len);
    else
        printf("%s%s = %s\n", who, name, text);
    ((int (*)(void *))symbol(release))(text);
    ((int (*)(void *))symbol(release))(err);
}

static void take(const char *name, const char *release)
{
    char *text = ((char *(*)(void))symbol(name))();
    printf("%s%s = %s\n", who, name, text ? text : "(null)");
    ((int (*)(void *))symbol(release))(text);
}

static void open_handle(const char *name)
{
    void *handle = NULL;
    int code = ((int (*)(void **, char **))symbol(name))(&handle, NULL);
    printf("%s%s = %d\n", who, name, code);
}

static __thread jmp_buf back;

static int jump_back(void *user)
{
    (void)user;
    longjmp(back, 1);
}

static void jump(const char *name)
{
    volatile int jumped = 0;
    int out = 0;
    if (setjmp(back) == 0)
        ((int (*)(int (*)(void *), void *, int *, char **))symbol(name))(jump_back, NULL, &out, NULL);
    else
        jumped = 1;
    printf("%s%s = %d\n", who, name, jumped);
}

static pthread_barrier_t jumped_there;

static void *jump_on_thread(void *name)
{
    prctl(PR_SET_NAME, "jumper");
    jump(name);
    pthread_barrier_wait(&jumped_there);
    for (;;)
        pause();
    return NULL;
}

static void jump_there(char *name)
{
    pthread_t thread;
    pthread_barrier_init(&jumped_there, NULL, 2);
    if (pthread_create(&thread, NULL, jump_on_thread, name) != 0)
        die("no thread");
    pthread_barrier_wait(&jumped_there);
}

static void limit(int resource, rlim_t most)
{
    struct rlimit both;
    if (getrlimit(resource, &both) != 0)
        die("getrlimit");
    both.rlim_cur = most < both.rlim_max ? most : both.rlim_max;
    if (setrlimit(resource, &both) != 0)
        die("setrlimit");
}

/* Threads are made by clone3, or by clone with CLONE_THREAD, which fork does not use. */
static void forbid_threads(int error)
{
    enum { NUMBER = offsetof(struct seccomp_data, nr), FLAGS = offsetof(struct seccomp_data, args) };
    const unsigned refuse = SECCOMP_RET_ERRNO | (unsigned)error;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NUMBER),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FLAGS),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, refuse),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        die("seccomp");
}

static long size(void)
{
    char kib[512];
    if (!status_of("self", "VmSize", kib, sizeof kib))
        die("no /proc");
    return atol(kib);
}

static pthread_key_t taken[2048];
static int taken_count;

static void give_keys(int count)
{
    for (; count > 0 && taken_count > 0; count--)
        pthread_key_delete(taken[--taken_count]);
}

static void keys(int left)
{
    while (taken_count < 2048 && pthread_key_create(&taken[taken_count], NULL) == 0)
        taken_count++;
    give_keys(left);
}

static void allow_memory(long kib)
{
    limit(RLIMIT_AS, kib < 0 ? RLIM_INFINITY : (rlim_t)(size() + kib) << 10);
}

static void await_file(const char *path)
{
    uint64_t start = now();
    struct stat found;
    while (stat(path, &found) != 0 || found.st_size == 0) {
        if (now() - start > 20000000000ull)
            die("%s was not written", path);
        usleep(500);
    }
}

static void sweep(void)
{
    if (syscall(SYS_close_range, 3, ~0u, 0) != 0)
        die("close_range");
}

/* The host's own files under the library's numbers. Each has a second number, with which we inspect it. */
enum { HIGHEST = 128 };
static struct { int at, other; } ours[HIGHEST];
static const char *kind;

static int make(int *other)
{
    int pair[2];
    if (strcmp(kind, "file") == 0)
        return *other = memfd_create("host", MFD_CLOEXEC);
    if (strcmp(kind, "eventfd") == 0)
        return *other = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (strcmp(kind, "socket") == 0) {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
            die("socketpair");
        *other = pair[1];
        return pair[0];
    }
    /* An event that is reported once, and that leads nowhere. */
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.u64 = 0x1234567890};
    *other = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ctl(*other, EPOLL_CTL_ADD, eventfd(1, EFD_CLOEXEC), &event) != 0)
        die("epoll_ctl");
    return *other;
}

static void replace(const char *what)
{
    int count = 0;
    kind = what;
    for (int at = 3; at < HIGHEST; at++)
        if (fcntl(at, F_GETFD) >= 0)
            ours[count++].at = at;
    for (int i = 0; i < count; i++) {
        int other, one = make(&other);
        /* Moved away from the numbers that are replaced. */
        int high = fcntl(other, F_DUPFD_CLOEXEC, HIGHEST);
        if (high < 0 || dup2(one, ours[i].at) < 0)
            die("no descriptor");
        ours[i].other = high;
    }
    printf("%sreplaced = %d\n", who, count);
}

static void landed(void)
{
    long all = 0;
    for (int i = 0; i < HIGHEST && ours[i].other != 0; i++) {
        char bytes[4096];
        struct epoll_event event;
        struct stat found;
        if (strcmp(kind, "file") == 0 && fstat(ours[i].other, &found) == 0)
            all += found.st_size;
        else if (strcmp(kind, "epoll") == 0)
            all += epoll_wait(ours[i].other, &event, 1, 0) != 1;
        else {
            ssize_t count = read(ours[i].other, bytes, sizeof bytes);
            all += count > 0 ? count : 0;
        }
        /* The number must still be the host's. */
        if (fcntl(ours[i].at, F_GETFD) < 0)
            all += 1000000;
    }
    printf("%slanded = %ld\n", who, all);
}

static char **next;
static pid_t child;

/* The steps that follow run in a copy of the process. */
static void cut(void)
{
    size_t count = 1;
    for (char **word = next; *word != NULL; word++)
        count++;
    char **copy = malloc(count * sizeof *copy);
    memcpy(copy, next, count * sizeof *copy);
    *next = NULL;
    next = copy;
}

/* The child may have a child of its own. */
static void skip_to_join(void)
{
    for (int depth = 0; *next != NULL; next++) {
        size_t len = strlen(*next);
        if (strcmp(*next, "join") == 0 && depth-- == 0)
            return;
        if (len >= 4 && strcasecmp(*next + len - 4, "fork") == 0)
            depth++;
    }
}

static void fork_here(pid_t (*way)(void))
{
    fflush(stdout);
    child = way();
    if (child < 0)
        die("fork");
    if (child == 0)
        who = "child ";
    else
        skip_to_join();
}

static void join_here(void)
{
    int status = 0;
    if (child == 0) {
        fflush(stdout);
        _exit(0);
    }
    if (waitpid(child, &status, 0) <= 0 || status != 0)
        die("the child ended with %x", status);
    child = 0;
}

static void all_steps(void);

static void *fork_on_thread(void *data)
{
    fork_here(fork);
    if (child == 0) {
        all_steps();
        die("a child's steps end with `join`");
    }
    return data;
}

static void thread_fork(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, fork_on_thread, NULL) != 0 || pthread_join(thread, NULL) != 0)
        die("no thread");
}

static pid_t first_process;

static void split(void)
{
    child = getpid() == first_process ? -1 : 0;
    if (child == 0)
        who = "child ";
}

static char *word(void)
{
    if (*next == NULL)
        die("a step lacks its argument");
    return *next++;
}

static void at_exit(void);

static void step(const char *name)
{
#define IS(text) (strcmp(name, text) == 0)
    char *first, *second, *third, *fourth;
    if (IS("load")) load(word(), RTLD_LOCAL);
    else if (IS("global")) load(word(), RTLD_GLOBAL);
    else if (IS("call")) call(word(), NULL);
    else if (IS("call1")) first = word(), call(first, word());
    else if (IS("begin")) begin(word(), NULL, NULL);
    else if (IS("begin1")) first = word(), begin(first, word(), NULL);
    else if (IS("beginload")) begin("beginload", NULL, word());
    else if (IS("end")) end();
    else if (IS("cancel")) cancel();
    else if (IS("many")) first = word(), many(atoi(first), word());
    else if (IS("until")) first = word(), until(first, atoi(word()));
    else if (IS("fails")) first = word(), fails(first, word());
    else if (IS("crowd")) {
        first = word(), second = word(), third = word(), fourth = word();
        crowd(atoi(first), atoi(second), third, fourth, word());
    } else if (IS("string")) first = word(), string(first, word());
    else if (IS("take")) first = word(), take(first, word());
    else if (IS("text"))
        first = word(), printf("%s%s = %s\n", who, first, ((const char *(*)(void))symbol(first))());
    else if (IS("jump")) jump(word());
    else if (IS("jumper")) jump_there(word());
    else if (IS("open")) open_handle(word());
    else if (IS("threads")) show_threads(who);
    else if (IS("named")) first = word(), await_names(atoi(first), word());
    else if (IS("alone")) await_others_end(who);
    else if (IS("mask")) show_mask(who, "mask");
    else if (IS("fullmask")) show_full_mask(who);
    else if (IS("block")) block_signal(atoi(word()));
    else if (IS("catch")) signal(atoi(word()), do_nothing);
    else if (IS("held")) printf("%sheld = %d\n", who, (int)held);
    else if (IS("hold")) first = word(), hold(first, atoi(word()));
    else if (IS("files")) show_files(who);
    else if (IS("ids")) printf("%sids = %d\n", who, setresuid((uid_t)-1, (uid_t)-1, (uid_t)-1));
    else if (IS("secure")) printf("%ssecure = %lu\n", who, getauxval(AT_SECURE));
    else if (IS("setenv")) first = word(), setenv(first, word(), 1);
    else if (IS("clearenv")) clearenv();
    else if (IS("cut")) cut();
    else if (IS("processes")) limit(RLIMIT_NPROC, (rlim_t)atol(word()));
    else if (IS("pagesize")) printf("%spagesize = %ld\n", who, sysconf(_SC_PAGESIZE));
    else if (IS("size")) printf("%ssize = %ld\n", who, size());
    else if (IS("keys")) keys(atoi(word()));
    else if (IS("givekeys")) give_keys(atoi(word()));
    else if (IS("memory")) allow_memory(atol(word()));
    else if (IS("forbid")) forbid_threads(atoi(word()));
    else if (IS("refuse")) first = word(), refuse(first, atoi(word()));
    else if (IS("sweep")) sweep();
    else if (IS("replace")) replace(word());
    else if (IS("landed")) landed();
    else if (IS("written")) await_file(word());
    else if (IS("sleep")) usleep((useconds_t)atoi(word()) * 1000);
    else if (IS("fork")) fork_here(fork);
    else if (IS("_Fork")) fork_here(_Fork);
    else if (IS("threadfork")) thread_fork();
    else if (IS("join")) join_here();
    else if (IS("split")) split();
    else if (IS("atexit")) atexit(at_exit);
    else if (IS("exit")) exit(atoi(word()));
    else die("no such step: %s", name);
}

static void all_steps(void)
{
    while (*next != NULL && strcmp(*next, "--") != 0) {
        step(*next++);
        fflush(stdout);
    }
}

static void at_exit(void)
{
    all_steps();
}

int main(int argc, char **argv)
{
    (void)argc;
    first_process = getpid();
    next = argv + 1;
    all_steps();
    return 0;
}

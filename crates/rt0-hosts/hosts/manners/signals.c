/*
 * A host that uses signals itself, as crash reporters, profilers and event loops do: `signals LIB WHAT`.
 * WHAT is a function's name below. Each line that is printed is a failure.
 */
#include "../check.h"
#include "../host.h"
#include "probe.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

static struct {
    __typeof__(&probe_ping) ping;
    __typeof__(&probe_wait) wait;
    __typeof__(&probe_state) state;
    __typeof__(&probe_shutdown) shutdown;
    __typeof__(&probe_stay) stay;
    __typeof__(&probe_inside) inside;
    __typeof__(&probe_spin) spin;
    __typeof__(&probe_each) each;
    __typeof__(&probe_call_from_hooks) call_from_hooks;
    __typeof__(&probe_call_back_on_worker) call_back_on_worker;
    __typeof__(&probe_call_back_on_blocking) call_back_on_blocking;
} lib;
static const char *path;

static void load(void)
{
    void *at = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (at == NULL)
        die("dlopen: %s", dlerror());
    lib.ping = dlsym(at, "probe_ping");
    lib.wait = dlsym(at, "probe_wait");
    lib.state = dlsym(at, "probe_state");
    lib.shutdown = dlsym(at, "probe_shutdown");
    lib.stay = dlsym(at, "probe_stay");
    lib.inside = dlsym(at, "probe_inside");
    lib.spin = dlsym(at, "probe_spin");
    lib.each = dlsym(at, "probe_each");
    lib.call_from_hooks = dlsym(at, "probe_call_from_hooks");
    lib.call_back_on_worker = dlsym(at, "probe_call_back_on_worker");
    lib.call_back_on_blocking = dlsym(at, "probe_call_back_on_blocking");
}

static pthread_t thread(void *(*work)(void *), void *data)
{
    pthread_t made;
    if (pthread_create(&made, NULL, work, data) != 0)
        die("no thread");
    return made;
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    if (sigaction(number, &action, NULL) != 0)
        die("sigaction");
}

/* Waits for an event that must happen. */
#define UNTIL(what) \
    do { \
        uint64_t since = now(); \
        while (!(what)) { \
            if (now() - since > 20000000000ull) \
                die("line %d: never came: " #what, __LINE__); \
            usleep(200); \
        } \
    } while (0)

/* The host's threads that register here. */
enum { MOST = 16 };
static _Atomic pid_t ours[MOST];
static atomic_int our_count, taken, taken_by_others;

static void this_is_ours(void) { ours[our_count++] = gettid(); }

static void take(int number)
{
    int saved = errno;
    pid_t here = gettid();
    int found = 0;
    (void)number;
    for (int i = 0; i < our_count; i++)
        found |= ours[i] == here;
    if (!found)
        taken_by_others++;
    taken++;
    errno = saved;
}

static void take_and_write(int number)
{
    take(number);
    if (write(STDERR_FILENO, "", 0) != 0)
        taken_by_others++;
}

/* What a thread sees of signals: its mask, its alternate stack, and every disposition as the kernel has it. */
struct sight {
    struct { void *handler; unsigned long flags; void *restorer; uint64_t mask; } actions[65];
    stack_t stack;
    uint64_t mask;
};

static struct sight look(void)
{
    struct sight sight;
    memset(&sight, 0, sizeof sight);
    for (long number = 1; number <= 64; number++)
        if (syscall(SYS_rt_sigaction, number, NULL, &sight.actions[number], 8) != 0)
            die("rt_sigaction %ld", number);
    if (sigaltstack(NULL, &sight.stack) != 0)
        die("sigaltstack");
    if (syscall(SYS_rt_sigprocmask, 0, NULL, &sight.mask, 8) != 0)
        die("rt_sigprocmask");
    return sight;
}

static void compare(const char *when, const struct sight *before)
{
    struct sight after = look();
    for (int number = 1; number <= 64; number++)
        if (memcmp(&after.actions[number], &before->actions[number], sizeof after.actions[number]) != 0)
            printf("%s: another disposition of signal %d\n", when, number);
    if (after.stack.ss_sp != before->stack.ss_sp || after.stack.ss_size != before->stack.ss_size
        || after.stack.ss_flags != before->stack.ss_flags)
        printf("%s: another alternate stack\n", when);
    if (after.mask != before->mask)
        printf("%s: the mask is %llx\n", when, (unsigned long long)after.mask);
}

static void own_stack(void)
{
    stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
    if (stack.ss_sp == NULL || sigaltstack(&stack, NULL) != 0)
        die("sigaltstack");
}

static pthread_barrier_t go;

static void *calling_thread(void *unused)
{
    own_stack();
    block_signal(SIGUSR2);
    struct sight before = look();
    pthread_barrier_wait(&go);
    pthread_barrier_wait(&go);
    IS(lib.ping() == 1);
    compare("on a thread that waited", &before);
    IS(lib.stay(1) == 1);
    IS(lib.spin(1, NULL) == PROBE_OK);
    compare("on a thread that called", &before);
    return unused;
}

/* Before and after a load, a boot, calls, a shutdown and the next boot. */
static void untouched(void)
{
    pthread_t callers[3];
    pthread_barrier_init(&go, NULL, 4);
    handle(SIGSEGV, take, SA_ONSTACK | SA_NODEFER);
    handle(SIGUSR1, take, SA_RESTART);
    own_stack();
    block_signal(SIGHUP);
    /* The C library installs its own with the first thread. */
    for (int i = 0; i < 3; i++)
        callers[i] = thread(calling_thread, NULL);
    pthread_barrier_wait(&go);
    struct sight before = look();
    load();
    compare("after the load", &before);
    pthread_barrier_wait(&go);
    IS(lib.wait(20000) == PROBE_OK);
    compare("after start-up", &before);
    for (int i = 0; i < 3; i++)
        pthread_join(callers[i], NULL);
    IS(lib.stay(1) == 1);
    IS(lib.shutdown(20000) == PROBE_OK);
    compare("after a shutdown", &before);
    IS(lib.stay(1) == 2);
    compare("in the next generation", &before);
}

static __thread sigjmp_buf back;
static __thread volatile sig_atomic_t jumps;
static atomic_int faults;

static void jump(int number)
{
    (void)number;
    faults++;
    if (!jumps)
        _exit(9);
    siglongjmp(back, 1);
}

/* The host's own fault; its handler jumps out of it. */
static void fault(void)
{
    int *volatile nowhere = NULL;
    jumps = 1;
    if (sigsetjmp(back, 1) == 0) {
        *nowhere = 1;
        printf("no fault\n");
    }
    jumps = 0;
}

static int32_t fault_in_callback(int32_t value, void *user)
{
    (void)user;
    fault();
    return value;
}

static void fault_in_hook(int32_t hook)
{
    (void)hook;
    fault();
}

static void *stays(void *unused)
{
    IS(lib.stay(300) == 1);
    return unused;
}

static void recovers(void)
{
    enum { TIMES = 500 };
    int32_t sum = 0;
    own_stack();
    handle(SIGSEGV, jump, SA_ONSTACK);
    for (int i = 0; i < TIMES; i++)
        fault();
    load();
    for (int i = 0; i < TIMES; i++)
        fault();
    IS(lib.ping() == 1);
    pthread_t stayer = thread(stays, NULL);
    UNTIL(lib.inside() == 1);
    for (int i = 0; i < TIMES; i++) {
        fault();
        IS(lib.ping() == 1);
        IS(lib.each(fault_in_callback, NULL, &sum, NULL) == PROBE_OK && sum == 3);
    }
    pthread_join(stayer, NULL);
    IS(faults == TIMES * 5);
    /* On a thread of the library too: its main and its exit call back. */
    IS(lib.call_from_hooks(fault_in_hook, NULL) == PROBE_OK);
    IS(lib.shutdown(20000) == PROBE_OK);
    IS(faults == TIMES * 5 + 2);
    IS(lib.ping() == 1);
}

/* While the library's threads use the processor, the profiler's signal still comes to the host. */
static void profiled(void)
{
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    this_is_ours();
    for (int round = 0; round < 2; round++) {
        taken = 0;
        handle(SIGPROF, round == 0 ? take : take_and_write, SA_RESTART);
        if (setitimer(ITIMER_PROF, &often, NULL) != 0)
            die("setitimer");
        if (round == 0)
            load();
        /* In processor time, so that a busy machine makes no difference. */
        UNTIL(lib.spin(20, NULL) == PROBE_OK && lib.stay(1) > 0 && taken >= 20);
        setitimer(ITIMER_PROF, &never, NULL);
    }
    IS(taken_by_others == 0);
}

static atomic_int over;

static void *signal_thread(void *unused)
{
    this_is_ours();
    while (!over)
        usleep(100000);
    return unused;
}

static void loaded_beside_signal_thread(pthread_t *made)
{
    load();
    IS(lib.ping() == 1);
    *made = thread(signal_thread, NULL);
    UNTIL(our_count == 1);
    /* The host's other threads leave the signals to that one. */
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
}

/* Sent to the process: the kernel picks any thread that does not block the signal. */
static void directed(void)
{
    static const int numbers[] = {SIGTERM, SIGUSR1, SIGINT, SIGCHLD, SIGALRM};
    pthread_t signals;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        handle(numbers[i], take, i % 2 ? SA_RESTART : 0);
    loaded_beside_signal_thread(&signals);
    for (int i = 0; i < 1000; i++) {
        int before = taken;
        kill(getpid(), numbers[i % 5]);
        UNTIL(taken > before);
        if (i % 100 == 0)
            IS(lib.spin(1, NULL) == PROBE_OK);
    }
    over = 1;
    pthread_join(signals, NULL);
    IS(taken_by_others == 0);
}

static void owned_files(void)
{
    int ends[2];
    char byte = 0;
    pthread_t signals;
    handle(SIGIO, take, SA_RESTART);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        die("socketpair");
    loaded_beside_signal_thread(&signals);
    fcntl(ends[0], F_SETOWN, getpid());
    fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK);
    for (int i = 0; i < 200; i++) {
        int before = taken;
        if (write(ends[1], &byte, 1) != 1)
            die("write");
        UNTIL(taken > before);
        if (read(ends[0], &byte, 1) != 1)
            die("read");
    }
    over = 1;
    pthread_join(signals, NULL);
    IS(taken_by_others == 0);
}

static atomic_int waiting;

static void *waits(void *result)
{
    this_is_ours();
    waiting = gettid();
    *(int *)result = lib.ping();
    return NULL;
}

/* Start-up continues when this file exists. */
static void let_go(void)
{
    int file = open(getenv("GO"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0)
        die("can't make %s", getenv("GO"));
    close(file);
}

/* Waits until a thread sleeps in the kernel, in the system call of the gate, and the boot has begun: it may
   be there before the boot thread is. */
static void until_asleep(pid_t id)
{
    char where[64], text[128] = "";
    UNTIL(lib.state() == PROBE_STATE_BOOTING);
    snprintf(where, sizeof where, "/proc/self/task/%d/syscall", id);
    for (uint64_t since = now(); strncmp(text, "202 ", 4) != 0; usleep(1000)) {
        int file = open(where, O_RDONLY | O_CLOEXEC);
        ssize_t len = read(file, text, sizeof text - 1);
        text[len < 0 ? 0 : len] = 0;
        close(file);
        if (now() - since > 20000000000ull)
            die("the waiting thread is in %s", text);
    }
}

static void interrupted(void)
{
    int result = 0;
    handle(SIGUSR1, take, 0);
    load();
    pthread_t waiter = thread(waits, &result);
    UNTIL(waiting != 0);
    until_asleep(waiting);
    for (int i = 0; i < 1000; i++) {
        int before = taken;
        pthread_kill(waiter, SIGUSR1);
        UNTIL(taken > before);
    }
    IS(lib.state() == PROBE_STATE_BOOTING);
    IS(result == 0);
    let_go();
    pthread_join(waiter, NULL);
    IS(result == 1);
    IS(taken_by_others == 0);
}

/* A debugger, and a shell's job control. */
static void stopped(void)
{
    int result = 0, told[2], status;
    pid_t id = 0, host = getpid();
    if (pipe(told) != 0)
        die("pipe");
    pid_t other = fork();
    if (other == 0) {
        if (read(told[0], &id, sizeof id) != sizeof id)
            _exit(2);
        for (int i = 0; i < 10; i++) {
            kill(host, SIGSTOP);
            usleep(10000);
            kill(host, SIGCONT);
            if (ptrace(PTRACE_ATTACH, id, NULL, NULL) != 0)
                _exit(4);
            if (waitpid(id, &status, __WALL) != id || !WIFSTOPPED(status))
                _exit(5);
            usleep(10000);
            if (ptrace(PTRACE_DETACH, id, NULL, NULL) != 0)
                _exit(6);
        }
        _exit(0);
    }
    prctl(PR_SET_PTRACER, other);
    load();
    pthread_t waiter = thread(waits, &result);
    UNTIL(waiting != 0);
    until_asleep(waiting);
    id = waiting;
    if (write(told[1], &id, sizeof id) != sizeof id)
        die("write");
    while (waitpid(other, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 4)
        printf("no ptrace\n");
    else
        IS(status == 0);
    IS(lib.state() == PROBE_STATE_BOOTING && result == 0);
    let_go();
    pthread_join(waiter, NULL);
    IS(result == 1);
}

static atomic_int answer;

static void *waits_to_be_cancelled(void *unused)
{
    waiting = gettid();
    answer = lib.ping();
    for (;;)
        pause();
    return unused;
}

/* A wait is not a cancellation point: the thread gets its answer before it ends. */
static void cancelled(void)
{
    int result = 0;
    void *end = NULL;
    load();
    pthread_t other = thread(waits, &result);
    UNTIL(waiting != 0);
    until_asleep(waiting);
    waiting = 0;
    pthread_t waiter = thread(waits_to_be_cancelled, NULL);
    UNTIL(waiting != 0);
    until_asleep(waiting);
    pthread_cancel(waiter);
    IS(lib.state() == PROBE_STATE_BOOTING && answer == 0);
    let_go();
    pthread_join(waiter, &end);
    IS(end == PTHREAD_CANCELED);
    IS(answer == 1);
    pthread_join(other, NULL);
    IS(result == 1);
    IS(lib.shutdown(20000) == PROBE_OK);
    IS(lib.ping() == 1);
}

static void *returns(void *unused) { return unused; }

/* Signals that the host blocks and has not taken yet stay pending, for this thread and for the process, whatever
   the library does meanwhile. It is a library of this name; see `PENDING` for its calls. */
static void pending(void)
{
    static const int numbers[] = {SIGABRT, SIGSEGV, SIGSYS, SIGILL, SIGTRAP, SIGFPE, SIGBUS, SIGTERM};
    enum { COUNT = sizeof numbers / sizeof *numbers };
    char name[64];
    const char *prefix = getenv("PENDING");
    sigset_t all, set;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    /* The C library installs its own with the first thread. */
    pthread_join(thread(returns, NULL), NULL);
    struct sight before = look();
    int child = 0;
    void *at = NULL;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < COUNT; i++) {
            kill(getpid(), numbers[i]);
            pthread_kill(pthread_self(), numbers[i]);
        }
        if (at == NULL && (at = dlopen(path, RTLD_NOW | RTLD_LOCAL)) == NULL)
            die("dlopen: %s", dlerror());
        snprintf(name, sizeof name, "%s_boots", prefix);
        int32_t (*boots)(void) = (int32_t (*)(void))dlsym(at, name);
        snprintf(name, sizeof name, "%s_shutdown", prefix);
        int32_t (*shutdown)(int32_t) = (int32_t (*)(int32_t))dlsym(at, name);
        if (boots == NULL || shutdown == NULL)
            die("no %s", name);
        int32_t first = boots();
        IS(first == round * 2 + 1);
        IS(shutdown(20000) == 0);
        IS(boots() == first + 1);
        compare("with signals that are pending", &before);
        sigpending(&set);
        for (int i = 0; i < COUNT; i++)
            if (!sigismember(&set, numbers[i]))
                printf("signal %d is gone\n", numbers[i]);
        if (round == 1)
            break;
        /* At first, a child has no pending signals. */
        fflush(stdout);
        child = fork();
        if (child != 0)
            break;
    }
    fflush(stdout);
    if (child == 0)
        _exit(0);
    int status;
    if (waitpid(child, &status, 0) != child || status != 0)
        printf("the child: %x\n", status);
    fflush(stdout);
    _exit(0);
}

/* A host that, like a collector, stops all threads that have called into it with a signal. */
static const int *stopping;
static int stopping_count;
static atomic_int stopped_here[65];
static sem_t stopped_one;
static pthread_t callers[MOST];
static atomic_int caller_count;

static void stop_here(int number)
{
    int saved = errno;
    volatile char much[8 * 1024];
    memset((char *)much, number, sizeof much);
    stopped_here[number]++;
    sem_post(&stopped_one);
    errno = saved;
}

static void be_collector(void)
{
    static const int usual[] = {SIGPWR, SIGXCPU, 0, 0, 0, SIGABRT, SIGUSR1, SIGUSR2};
    static int numbers[8];
    memcpy(numbers, usual, sizeof usual);
    numbers[2] = SIGRTMIN;
    numbers[3] = SIGRTMIN + 1;
    numbers[4] = SIGRTMAX;
    stopping = numbers;
    /* The last two signals stop threads for other reasons, too. */
    stopping_count = getenv("USR") ? 8 : 6;
    sem_init(&stopped_one, 0, 0);
    /* One thread at a time, as collectors do. */
    struct sigaction action = {.sa_handler = stop_here, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    for (int i = 0; i < 8; i++)
        if (sigaction(numbers[i], &action, NULL) != 0)
            die("sigaction %d", numbers[i]);
}

/* Called by a thread of the library's. If the thread does not block a signal, it takes it before this
 * returns. */
static int32_t called_back(void)
{
    sigset_t mask;
    int32_t wrong = 0;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    for (int i = 0; i < stopping_count; i++)
        if (sigismember(&mask, stopping[i])) {
            printf("%d is blocked\n", stopping[i]);
            wrong++;
        } else {
            int before = stopped_here[stopping[i]];
            raise(stopping[i]);
            IS(stopped_here[stopping[i]] == before + 1);
            sem_wait(&stopped_one);
        }
    for (int number = 1; number < 32; number++) {
        int is_open = sigismember(&mask, number) == 0 && number != SIGKILL && number != SIGSTOP;
        for (int i = 0; i < stopping_count; i++)
            is_open &= stopping[i] != number;
        if (is_open && strchr("\4\5\7\10\13\37", number) == NULL)
            printf("%d is open\n", number);
    }
    callers[caller_count++ % MOST] = pthread_self();
    return wrong;
}

static void called_back_by_hook(int32_t hook)
{
    (void)hook;
    called_back();
}

/* Stops a thread wherever it is now: usually it waits for work. */
static void stop_callers(void)
{
    for (int k = 0; k < caller_count; k++)
        for (int i = 0; i < stopping_count; i++) {
            struct timespec end;
            if (pthread_kill(callers[k], stopping[i]) != 0)
                die("no thread");
            clock_gettime(CLOCK_REALTIME, &end);
            end.tv_sec += 20;
            int late;
            while ((late = sem_timedwait(&stopped_one, &end)) != 0 && errno == EINTR)
                ;
            if (late)
                die("a thread that has called back never stops for %d", stopping[i]);
        }
}

static void collect(void)
{
    int32_t wrong = 1;
    for (int i = 0; i < 4; i++) {
        IS(lib.call_back_on_worker(called_back, &wrong, NULL) == PROBE_OK && wrong == 0);
        IS(lib.call_back_on_blocking(called_back, &wrong, NULL) == PROBE_OK && wrong == 0);
        stop_callers();
        /* The library continues. */
        IS(lib.spin(1, NULL) == PROBE_OK);
    }
    IS(lib.call_from_hooks(called_back_by_hook, NULL) == PROBE_OK);
    caller_count = 0;
    IS(lib.shutdown(20000) == PROBE_OK);
    IS(caller_count == 2);
    caller_count = 0;
    IS(lib.call_back_on_worker(called_back, &wrong, NULL) == PROBE_OK && wrong == 0);
    stop_callers();
}

static void collector(void)
{
    be_collector();
    load();
    collect();
}

/* The host installs its handlers after the library has booted and its threads are at rest. */
static void late_collector(void)
{
    load();
    UNTIL(lib.state() == PROBE_STATE_READY);
    be_collector();
    collect();
}

static void *loads_with_all_open(void *unused)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_UNBLOCK, &all, NULL);
    load();
    IS(lib.ping() == 1);
    return unused;
}

/* Main reads signals; another thread of the host's has loaded the library, and is gone. What comes to the
   process is main's: by sigwait, and by a descriptor. */
static void read_by_main(const int *numbers, int count)
{
    int times = getenv("TIMES") ? atoi(getenv("TIMES")) : 40;
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < count; i++)
        sigaddset(&set, numbers[i]);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    int file = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    for (int i = 0; i < times; i++) {
        int number = numbers[i % count];
        kill(getpid(), number);
        /* Leaves another thread time to take it. */
        usleep(1000);
        if (i % 2) {
            struct timespec limit = {20, 0};
            int got;
            while ((got = sigtimedwait(&set, NULL, &limit)) < 0 && errno == EINTR)
                ;
            if (got != number)
                die("signal %d of round %d never came: %d", number, i, got);
        } else {
            struct signalfd_siginfo got;
            UNTIL(read(file, &got, sizeof got) == sizeof got);
            IS((int)got.ssi_signo == number);
        }
        if (i % 10 == 0)
            IS(lib.spin(1, NULL) == PROBE_OK);
    }
    IS(taken_by_others == 0);
}

static int reads[] = {SIGPWR, SIGXCPU, SIGUSR1, SIGUSR2, SIGTERM, SIGABRT, 0, 0};
enum { READS = sizeof reads / sizeof *reads };

static void name_reads(void)
{
    reads[READS - 2] = SIGRTMIN;
    reads[READS - 1] = SIGRTMAX;
}

static void waited_for(void)
{
    sigset_t all;
    name_reads();
    for (int i = 0; i < READS; i++)
        if (reads[i] != SIGTERM && reads[i] != SIGABRT)
            handle(reads[i], take, SA_RESTART);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    pthread_join(thread(loads_with_all_open, NULL), NULL);
    read_by_main(reads, READS);
}

/* The host has loaded and called the library before it blocks the signals that it reads. */
static void waited_for_later(void)
{
    name_reads();
    load();
    IS(lib.ping() == 1);
    read_by_main(reads, READS);
}

/* The thread that loads the library blocks the signals that collectors use: so they stay blocked. */
static void *loads_with_all_blocked(void *unused)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    load();
    IS(lib.ping() == 1);
    return unused;
}

static int32_t count_open(void)
{
    sigset_t mask;
    int32_t open = 0;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    for (int i = 0; i < stopping_count; i++)
        open += !sigismember(&mask, stopping[i]);
    return open;
}

static void blocked_by_loader(void)
{
    int32_t open = -1;
    be_collector();
    pthread_join(thread(loads_with_all_blocked, NULL), NULL);
    IS(lib.call_back_on_worker(count_open, &open, NULL) == PROBE_OK && open == 0);
}

static atomic_int step;

static void *calls_when_told(void *unused)
{
    load();
    UNTIL(lib.state() == PROBE_STATE_READY);
    step = 1;
    UNTIL(step == 2);
    IS(lib.ping() == 1);
    step = 3;
    return unused;
}

/* Like a C library while it makes a thread: main blocks every signal, even those that programs can't block.
 * */
static void blocked_for_a_moment(void)
{
    uint64_t all = ~0ull, former;
    int32_t open = -1;
    be_collector();
    pthread_t other = thread(calls_when_told, NULL);
    UNTIL(step == 1);
    if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &former, 8) != 0)
        die("rt_sigprocmask");
    step = 2;
    for (int i = 0; i < 30 && step == 2; i++)
        usleep(1000);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &former, NULL, 8);
    pthread_join(other, NULL);
    IS(lib.call_back_on_worker(count_open, &open, NULL) == PROBE_OK && open == stopping_count);
}

/* Without handlers, and with the host's setting in the environment. */
static void all_blocked(void)
{
    int32_t open = -1;
    be_collector();
    if (getenv("RT0_COLLECTOR_SIGNALS") == NULL)
        for (int i = 0; i < stopping_count; i++)
            signal(stopping[i], i % 2 ? SIG_DFL : SIG_IGN);
    else
        stopping_count--; /* All except SIGABRT. */
    load();
    IS(lib.call_back_on_worker(count_open, &open, NULL) == PROBE_OK && open == 0);
}

static void report_crash(int number)
{
    _exit(number == SIGABRT ? 17 : 18);
}

static int32_t aborts(void) { abort(); }

/* The host's crash reporter sees how a thread of the library dies. */
static void crashes(void)
{
    int32_t unused;
    handle(SIGABRT, report_crash, 0);
    load();
    lib.call_back_on_worker(aborts, &unused, NULL);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*run)(void); } all[] = {
        {"untouched", untouched}, {"recovers", recovers}, {"profiled", profiled},
        {"directed", directed}, {"owned_files", owned_files}, {"interrupted", interrupted},
        {"stopped", stopped}, {"cancelled", cancelled}, {"pending", pending},
        {"collector", collector}, {"late_collector", late_collector}, {"waited_for", waited_for},
        {"waited_for_later", waited_for_later}, {"blocked_by_loader", blocked_by_loader},
        {"all_blocked", all_blocked},
        {"blocked_for_a_moment", blocked_for_a_moment}, {"crashes", crashes},
    };
    if (argc != 3)
        die("signals LIB WHAT");
    path = argv[1];
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(argv[2], all[i].name) == 0) {
            all[i].run();
            return 0;
        }
    die("no %s", argv[2]);
}

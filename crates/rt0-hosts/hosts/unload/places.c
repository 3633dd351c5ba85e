/*
 * `places PATH`: threads of the probe's that a shutdown must each wait for: more at once than the library has
 * places for in its table of threads, in two generations; threads that come and go; and one after a thread that
 * has ended without its destructors, and with the same thread pointer; and the thread that has forked, in a child that
 * another thread has booted. Each line that is printed is a failure.
 */
#include "../check.h"
#include "../look_up.h"
#include "probe.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { MANY = 600, ROUNDS = 500 };

static __typeof__(&probe_call_back) call_back;
static __typeof__(&probe_shutdown) shut_down;
static __typeof__(&probe_last_error) last_error;

static atomic_int are_inside, let_out, turn;

static int32_t at_once(void *unused)
{
    (void)unused;
    return 0;
}

/* Stays inside until this turn is over. */
static int32_t stay(void *mine)
{
    are_inside++;
    while (let_out < *(int *)mine)
        usleep(2000);
    return 0;
}

static void call(int32_t (*back)(void *), void *user)
{
    int32_t code = -1;
    IS(call_back(back, user, &code, NULL) == PROBE_OK && code == 0);
}

/* The first call of a thread prepares it, and the next one finds what that has left. */
static void *in_turns(void *turns)
{
    for (int mine = 1; mine <= *(int *)turns; mine++) {
        while (turn < mine)
            usleep(2000);
        call(at_once, NULL);
        call(stay, &mine);
    }
    return NULL;
}

#ifdef __GLIBC__
static void *killed(void *thread)
{
    *(pthread_t *)thread = pthread_self();
    call(at_once, NULL);
    call(at_once, NULL);
    syscall(SYS_exit, 0);
    return NULL;
}
#endif

static pthread_t start(void *(*run)(void *), void *with)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, with) != 0)
        die("no thread");
    return thread;
}

/* A shutdown is held up by these many threads. When they have gone, the next one is not. */
static void expect_inside(int threads)
{
    char text[64];
    snprintf(text, sizeof text, "%d thread(s) are still inside", threads);
    turn++;
    while (are_inside < threads)
        usleep(2000);
    IS(shut_down(100) == PROBE_TIMED_OUT);
    if (strstr(last_error(), text) == NULL)
        printf("not %d: %s\n", threads, last_error());
    are_inside = 0;
    let_out++;
    IS(shut_down(60000) == PROBE_OK);
}

static void begin(void)
{
    turn = let_out = are_inside = 0;
}

static void many_at_once(void)
{
    static pthread_t threads[MANY];
    int turns = 2;
    begin();
    for (int i = 0; i < MANY; i++)
        threads[i] = start(in_turns, &turns);
    expect_inside(MANY);
    expect_inside(MANY);
    for (int i = 0; i < MANY; i++)
        pthread_join(threads[i], NULL);
}

static void *call_twice(void *unused)
{
    call(at_once, NULL);
    call(at_once, NULL);
    return unused;
}

static void come_and_go(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads[4];
        for (int i = 0; i < 4; i++)
            threads[i] = start(call_twice, NULL);
        call_twice(NULL);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
    IS(shut_down(60000) == PROBE_OK);
}

#ifdef __GLIBC__
/* Refused at once inside a call, also in one that has found the slot without a look at the thread-local. */
static int32_t shut_down_inside(void *unused)
{
    (void)unused;
    IS(shut_down(2000) == PROBE_WOULD_DEADLOCK);
    return 0;
}

static void *call_and_shut_down(void *unused)
{
    call(shut_down_inside, NULL);
    call(shut_down_inside, NULL);
    return unused;
}
#endif

/* glibc gives the next thread the stack of the last one that has ended, and so its thread pointer. (musl would
 * wait for the killed thread for ever.) */
static void after_a_killed_one(void)
{
#ifdef __GLIBC__
    int turns = 1;
    pthread_t former;
    begin();
    pthread_join(start(killed, &former), NULL);
    pthread_t next = start(in_turns, &turns);
    if (!pthread_equal(next, former))
        printf("another pointer\n");
    expect_inside(1);
    pthread_join(next, NULL);
    pthread_join(start(killed, &former), NULL);
    next = start(call_and_shut_down, NULL);
    if (!pthread_equal(next, former))
        printf("another pointer\n");
    pthread_join(next, NULL);
    IS(shut_down(60000) == PROBE_OK);
#endif
}

static void *expect_one(void *unused)
{
    expect_inside(1);
    return unused;
}

static void in_a_child(void)
{
    int status = 0, turns = 1;
    begin();
    call_twice(NULL);
    pid_t child = fork();
    if (child < 0)
        die("no child");
    if (child == 0) {
        pthread_join(start(call_twice, NULL), NULL);
        pthread_t other = start(expect_one, NULL);
        in_turns(&turns);
        pthread_join(other, NULL);
        _exit(0);
    }
    IS(waitpid(child, &status, 0) == child && status == 0);
    IS(shut_down(60000) == PROBE_OK);
}

/* Each is there if the host is linked with that sanitizer. */
extern void __tsan_init(void) __attribute__((weak));
extern void __asan_init(void) __attribute__((weak));

int main(int argc, char **argv)
{
    library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (library == NULL)
        die("places PATH: %s", argc == 2 ? dlerror() : "");
    call_back = LIB(probe_call_back);
    shut_down = LIB(probe_shutdown);
    last_error = LIB(probe_last_error);
    many_at_once();
    come_and_go();
    /* Neither sanitizer can follow a thread that ends without it, and ThreadSanitizer no child with threads. */
    if (__tsan_init == NULL && __asan_init == NULL)
        after_a_killed_one();
    if (__tsan_init == NULL)
        in_a_child();
    return 0;
}

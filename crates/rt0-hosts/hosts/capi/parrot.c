/*
 * A library with a small runtime of its own, on rt0.h. PARROT in the host's environment says what it does:
 * words separated by spaces.
 *
 *   slow=MS     boot takes this long
 *   fail        boot fails with a code of its own, and a text
 *   fails=CODE  boot fails with this code and no text
 *   once        boot fails only the first time
 *   silent      boot returns without notifying
 *   later       another thread notifies, 50 ms after boot has returned
 *   bare        a thread without the C library notifies after boot has returned
 *   stay        boot stays inside until it is told to stop
 *   main        there is a main, which runs until it is told to stop
 *   deaf=MS     main reacts to that this late
 *   refuse      no thread is attached
 *
 * With -DPREFIX=other_ it is another library. With -DBOOT=0 the table has no boot, with -DSIZE=N it claims
 * to have this size, and -DMORE=... adds members.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "rt0.h"

#ifndef PREFIX
#define PREFIX parrot_
#endif
#define PASTE(a, b) a##b
#define NAMED(a, b) PASTE(a, b)
#define P(name) NAMED(PREFIX, name)
#define TEXT2(name) #name
#define TEXT(name) TEXT2(name)
#ifndef BOOT
#define BOOT boot
#endif
#ifndef SIZE
#define SIZE sizeof(struct rt0_runtime)
#endif
#ifndef MORE
#define MORE
#endif

static int state_of_it; /* `user` */

static atomic_int boots, stops, mains, told, forks, left_number, left_phase, attached, detached, wrong;
static atomic_int inside_boot, inside_shutdown, again, on_stay, shutdown_on_stay;
static atomic_int released;
static atomic_uint last_boot;

static const char *option(const char *name)
{
    const char *words = rt0_variable("PARROT");
    size_t len = strlen(name);
    for (; words != NULL && *words != 0; words += strcspn(words, " "), words += strspn(words, " "))
        if (strncmp(words, name, len) == 0 && strchr(" =", words[len]) != NULL)
            return words[len] == '=' ? words + len + 1 : words + len;
    return NULL;
}

static void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static void check(void *user)
{
    if (user != &state_of_it)
        wrong++;
}

static void await_told(void)
{
    while (!told)
        pause_ms(1);
}

static void *say_done(void *boot)
{
    pause_ms(50);
    if (rt0_wait(RT0_USUAL) != RT0_CALLED_FROM_BOOT)
        wrong++;
    if (rt0_notify((rt0_boot)(uintptr_t)boot, RT0_OK, NULL) != RT0_OK)
        wrong++;
    return NULL;
}

static atomic_int boot_is_back;
static _Atomic(void *) bare_stack;

/* No C library and no thread-locals in here, and so no stack protector either. */
__attribute__((optimize("no-stack-protector"))) static void *bare_says_done(void *boot)
{
    char here = 0;
    bare_stack = &here;
    while (!boot_is_back)
        ;
    if (rt0_is_done() || rt0_generation_number() != (rt0_boot)(uintptr_t)boot)
        wrong++;
    if (rt0_notify((rt0_boot)(uintptr_t)boot, RT0_OK, NULL) != RT0_OK)
        wrong++;
    return NULL;
}

static void *back_soon(void *none)
{
    pause_ms(50);
    boot_is_back = 1;
    return none;
}

__attribute__((unused)) static int boot(void *user, rt0_boot boot)
{
    check(user);
    boots++;
    told = 0;
    last_boot = boot;
    if (boot != rt0_generation_number() || rt0_is_done())
        wrong++;
    inside_boot = rt0_wait(RT0_USUAL);
    inside_shutdown = rt0_shutdown(RT0_FOREVER);
    const char *value = option("slow");
    if (value != NULL)
        pause_ms(atoi(value));
    if (option("fail"))
        return rt0_notify(boot, 7, "no words in stock");
    value = option("fails");
    if (value != NULL)
        return atoi(value);
    if (option("once") && boots == 1)
        return rt0_notify(boot, 7, "not at the first try");
    if (option("silent"))
        return RT0_OK;
    if (option("later")) {
        if (rt0_thread_create(say_done, (void *)(uintptr_t)boot, 0, NULL) != RT0_OK)
            wrong++;
        return RT0_LATER;
    }
    if (option("bare")) {
        boot_is_back = 0;
        if (rt0_thread_create(back_soon, NULL, 0, NULL) != RT0_OK
            || rt0_thread_without_libc(bare_says_done, (void *)(uintptr_t)boot, 64 * 1024) != RT0_OK)
            wrong++;
        return RT0_LATER;
    }
    int heard = rt0_notify(boot, RT0_OK, NULL);
    again = rt0_notify(boot, RT0_OK, NULL);
    if (option("stay")) {
        on_stay = rt0_wait(RT0_USUAL);
        shutdown_on_stay = rt0_shutdown(RT0_FOREVER);
        await_told();
        return 5; /* ignored */
    }
    return heard;
}

static void run(void *user)
{
    check(user);
    if (!option("main"))
        return;
    /* A shutdown may come at once. */
    int status = rt0_enter(RT0_USUAL);
    if (status != RT0_OK && status != RT0_STOPPED)
        wrong++;
    mains++;
    await_told();
    const char *value = option("deaf");
    if (value != NULL)
        pause_ms(atoi(value));
}

static void stop(void *user)
{
    check(user);
    stops++;
    told = 1;
}

static void after_fork(void *user, uint32_t generation, int left)
{
    check(user);
    forks++;
    left_number = (int)generation;
    left_phase = left;
}

static int attach(void *user, uint32_t generation)
{
    check(user);
    if (option("refuse"))
        return 9;
    if (generation != rt0_generation_number() || rt0_enter(RT0_USUAL) != RT0_OK)
        wrong++;
    attached++;
    return RT0_OK;
}

static void detach(void *user, uint32_t generation)
{
    check(user);
    int status = rt0_enter(RT0_USUAL);
    if (generation != rt0_generation_number() || (status != RT0_OK && status != RT0_STOPPED))
        wrong++;
    detached++;
}

static const struct rt0_runtime table = {
    .size = SIZE,
    .name = TEXT(P(lib)),
    .user = &state_of_it,
    .boot = BOOT,
    .main = run,
    .stop = stop,
    .after_fork = after_fork,
    .attach = attach,
    .detach = detach,
    .stack_size = 256 * 1024,
    .wait_ms = 20000,
    MORE
};
RT0_RUNTIME(table)

/* A thread made before there is a runtime. */

static rt0_thread early_thread;
static atomic_int early_generation = -1, early_blocked, early_ended;

static void *early(void *data)
{
    sigset_t mask;
    if (data != &early_thread)
        wrong++;
    early_generation = (int)rt0_generation_number();
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    early_blocked = sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGSEGV) == 0;
    early_ended = 1;
    return NULL;
}

static int early_call;

/* Before the constructor of the archive, which has no priority. */
__attribute__((constructor(101))) static void before(void)
{
    if (getenv("PARROT_EARLY_CALL") != NULL)
        early_call = rt0_enter(RT0_USUAL) == RT0_OK ? 1 : -1;
    else if (getenv("PARROT_EARLY") != NULL && rt0_thread_create(early, &early_thread, 0, &early_thread) != RT0_OK)
        wrong++;
}

/* What hosts call. */

static int passed(int value)
{
    int status = rt0_wait(RT0_USUAL);
    return status == RT0_OK ? value : status;
}

#define EXPORT(type, name) type P(name)(void); type P(name)(void)
#define EXPORT1(name) int P(name)(int n); int P(name)(int n)

EXPORT(int, ping) { return passed(1); }
EXPORT(int, generation) { int status = passed(0); return status ? status : (int)rt0_generation_number(); }
EXPORT(int, done) { return rt0_is_done(); }
EXPORT(int, start) { return rt0_start(); }
EXPORT(int, child) { return rt0_is_forks_child(); }
EXPORT(int, boots) { return boots; }
EXPORT(int, stops) { return stops; }
EXPORT(int, mains) { return mains; }
EXPORT(int, forks) { int status = passed(0); return status ? status : forks; }
EXPORT(int, left_number) { return left_number; }
EXPORT(int, left_phase) { return left_phase; }
EXPORT(int, wrong) { return wrong; }
EXPORT(int, inside_boot) { int status = passed(0); return status ? status : inside_boot; }
EXPORT(int, inside_shutdown) { return inside_shutdown; }
EXPORT(int, again) { int status = passed(0); return status ? status : again; }
EXPORT(int, on_stay) { return on_stay; }
EXPORT(int, shutdown_on_stay) { return shutdown_on_stay; }
EXPORT(int, enter) { int status = rt0_enter(RT0_USUAL); return status ? status : 1; }
EXPORT(int, enter_own) { int status = rt0_own_thread(); return status ? status : P(enter)(); }
EXPORT(int, hold)
{
    int status = rt0_enter(RT0_USUAL);
    while (status == RT0_OK && !released)
        pause_ms(1);
    return status;
}
EXPORT(int, release) { return released = 1; }
EXPORT(int, attached) { return attached; }
EXPORT(int, detached) { return detached; }
EXPORT(int, too_late) { return rt0_notify(last_boot, 3, "too late"); }
EXPORT(int, no_boot) { return rt0_notify(0, RT0_OK, NULL); }
EXPORT1(wait) { return rt0_wait(n); }
EXPORT1(shutdown) { return rt0_shutdown(n); }

EXPORT(int, early_call) { return early_call; }

EXPORT(int, early_joined)
{
    rt0_thread_join(early_thread);
    return early_ended && early_blocked ? early_generation : -1;
}

EXPORT(int, code)
{
    int code = 1;
    rt0_boot_error(&code, NULL, 0);
    return code;
}

EXPORT(const char *, error)
{
    static char text[2048];
    size_t len = rt0_boot_error(NULL, text, sizeof text);
    /* A caller that knows how much is written need not pass the capacity. */
    char *same = malloc(len + 1);
    if (len != rt0_boot_error(NULL, same, SIZE_MAX) || strcmp(same, text) != 0)
        return "another with more room";
    free(same);
    return len == strlen(text) ? text : "of another length";
}

EXPORT(const char *, cut_error)
{
    static char text[8] = "#######";
    size_t len = rt0_boot_error(NULL, text, 5);
    static char out[32];
    snprintf(out, sizeof out, "%zu %s %s", len, text, text + 5);
    return out;
}

EXPORT(const char *, arguments)
{
    static char out[1024];
    const char *texts[16];
    size_t count = rt0_arguments(texts, 16), len = 0;
    if (count != rt0_arguments(NULL, 0) || (count <= 16 && count != rt0_arguments(texts, SIZE_MAX)))
        return "another count";
    for (size_t i = 0; i < count && i < 16; i++)
        len += (size_t)snprintf(out + len, sizeof out - len, "%s%s", i ? "|" : "", texts[i]);
    return out;
}

EXPORT(const char *, variable)
{
    const char *value = rt0_variable("PARROT_SAYS");
    return value ? value : "(none)";
}

EXPORT(int, environment)
{
    const char *texts[64];
    size_t count = rt0_environment(texts, 64);
    for (size_t i = 0; i < count && i < 64; i++)
        if (strcmp(texts[i], "PARROT_SAYS=hello") == 0)
            return 1;
    return 0;
}

EXPORT(const char *, status_text) { return rt0_status_text(RT0_NOT_NOTIFIED); }

static void *nothing(void *data) { return data; }

EXPORT(int, bad_threads)
{
    rt0_thread thread;
    return rt0_thread_create(NULL, NULL, 0, &thread) == RT0_INVALID_ARGUMENT
        && rt0_thread_create(nothing, NULL, 1, &thread) == RT0_INVALID_ARGUMENT
        && rt0_thread_without_libc(NULL, NULL, 0) == RT0_INVALID_ARGUMENT
        && rt0_thread_without_libc(nothing, NULL, 1) == RT0_INVALID_ARGUMENT
        && rt0_wait(-3) == (rt0_is_done() ? RT0_OK : RT0_INVALID_ARGUMENT)
        && rt0_shutdown(-3) == RT0_INVALID_ARGUMENT;
}

EXPORT(int, no_thread) { return rt0_thread_create(nothing, NULL, 0, NULL); }
EXPORT(int, no_bare_thread) { return rt0_thread_without_libc(nothing, NULL, 0); }

/* Whether the stack of the thread without the C library is mapped. */
EXPORT(int, bare_mapped)
{
    unsigned char resident;
    uintptr_t page = (uintptr_t)bare_stack & ~(uintptr_t)(sysconf(_SC_PAGESIZE) - 1);
    return mincore((void *)page, 1, &resident) == 0;
}

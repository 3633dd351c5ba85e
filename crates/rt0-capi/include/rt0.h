/*
 * rt0.h - a language runtime that boots by itself.
 *
 * For authors of compilers and interpreters, whose users ship shared libraries. Such a library has a runtime
 * inside, which somebody must start before the first call. With this header and librt0.a nobody has to: the
 * library boots its runtime when a host loads it, on a thread of its own, and the load does not wait. The
 * first call waits, with a deadline. Later calls pay one load, one compare and one branch.
 *
 *     static int boot(void *user, rt0_boot boot)
 *     {
 *         if (!start_my_runtime())
 *             return rt0_notify(boot, 1, "my runtime has no heap");
 *         return rt0_notify(boot, RT0_OK, NULL);
 *     }
 *
 *     static const struct rt0_runtime runtime = {
 *         .size = sizeof(struct rt0_runtime),
 *         .name = "mylib",
 *         .boot = boot,
 *     };
 *     RT0_RUNTIME(runtime)
 *
 *     int mylib_add(int a, int b, int *sum)          // what a host calls
 *     {
 *         int status = rt0_wait(RT0_USUAL);
 *         if (status != RT0_OK)
 *             return status;
 *         ...
 *     }
 *
 *     cc -shared -fPIC mylib.c -lrt0 -o libmylib.so
 *
 * There is one runtime in a library, and every name in here is hidden in it: several such libraries live in
 * one process without knowing of each other, and hosts see what the author exports, and no more.
 *
 * Nothing in here prints, exits or aborts. Errors are returned: RT0_OK, one of the negative codes below, or,
 * from rt0_enter, a positive one of the author's own. Times are in milliseconds. Functions may be called from
 * any thread, but not from a signal handler, unless they say otherwise. The header is C99 and C++11.
 */
#ifndef RT0_H
#define RT0_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) && !defined(_WIN32)
#define RT0_HIDDEN_ __attribute__((visibility("hidden")))
#else
#define RT0_HIDDEN_
#endif
#if defined(__GNUC__)
#define RT0_USED_ __attribute__((used))
#else
#define RT0_USED_
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Codes ------------------------------------------------------------------------------------------ */

#define RT0_OK 0
#define RT0_NOT_READY (-1)         /* boot did not finish before the deadline; it goes on */
#define RT0_BOOT_FAILED (-2)       /* boot failed with a code of the author's: see rt0_boot_error */
#define RT0_CALLED_FROM_BOOT (-4)  /* the call came from a thread that boot may be waiting for */
#define RT0_WOULD_DEADLOCK (-5)    /* the call would deadlock */
#define RT0_FORKED (-6)            /* a child of a fork after which nothing can be started safely */
#define RT0_STOPPED (-7)           /* a shutdown is under way, or the process is exiting */
#define RT0_INVALID_ARGUMENT (-8)  /* an argument, or a member of the table, is not valid */
#define RT0_INVALID_HANDLE (-10)   /* no such boot: it has been notified, or is another process's */
#define RT0_NOT_STARTED (-11)      /* RT0_START_MANUAL, and nobody has called rt0_start */
#define RT0_NO_THREAD (-12)        /* the system refused a thread, or memory for one */
#define RT0_NO_BOOT_ENTRY (-13)    /* the table has no boot function */
#define RT0_NOT_NOTIFIED (-14)     /* the boot function returned without rt0_notify */
#define RT0_TIMED_OUT (-15)        /* a shutdown did not finish before its deadline */
#define RT0_NO_MEMORY (-17)        /* not enough memory */

/* One sentence about a code, for people. Never NULL; lives as long as the library. From anywhere. */
RT0_HIDDEN_ const char *rt0_status_text(int code);

/* ---- The table -------------------------------------------------------------------------------------- */

/* Names one boot: the number of the generation that it begins. A generation is one life of the runtime in
 * one process; a shutdown or a fork ends it, and the next call begins another. The first has number 1. A
 * fork's child goes on counting where its parent was. */
typedef uint32_t rt0_boot;

/* What the author tells rt0 about the runtime. A constant of static storage, complete at compile time: it
 * is read once, before any other code of the library runs. Members that are not set are zero, and zero
 * means the usual. */
struct rt0_runtime {
    /* sizeof(struct rt0_runtime). Later versions of this header may add members at the end. */
    size_t size;

    /* The library's name, in UTF-8. Its boot thread is NAME-boot, and a host may set RT0_START_NAME and the
     * like in its environment. */
    const char *name;

    /* Whatever the author likes; passed to every function below. */
    void *user;

    /*
     * Starts the runtime. Once per generation; as a rule on the boot thread, which has asynchronous signals
     * blocked. (Where the host gives no thread, wants none, or needs the library while it is being loaded:
     * on a caller's, on a stack of our own.) Calls wait for it.
     *
     * It says how it ended with rt0_notify, from inside; or it returns RT0_LATER, and some other thread calls
     * rt0_notify later. If it returns RT0_OK without either, calls get RT0_NOT_NOTIFIED. Returning any other
     * code is rt0_notify with that code. What it returns after rt0_notify is not looked at; but it has to
     * return, for it may be a caller that waits. A runtime whose start never returns is started on a thread
     * of rt0_thread_create, which notifies; or it is what `main` does.
     *
     * A table without this function answers every call with RT0_NO_BOOT_ENTRY.
     */
    int (*boot)(void *user, rt0_boot boot);

    /* Optional. Runs when boot is done, on the boot thread, for as long as it likes. A library that has it
     * does not boot without a thread of its own. */
    void (*main)(void *user);

    /*
     * Optional. Tells the runtime to end: main is to return, and what boot has made is to be given back, so
     * that boot can run again. Called by rt0_shutdown, by the exit of the process, by the unloading of an
     * RT0_UNLOADABLE library, and before a boot that failed is tried again; on the thread that does so. When
     * main did not return in time, it is called again with the next try: it must bear that.
     *
     * New calls are refused by then, but rt0 does not count those that have passed the gate before: it is
     * for the runtime to know, by a lock for example, whether one is still inside.
     */
    void (*stop)(void *user);

    /*
     * Optional. In a fork's child, before the child's first boot and on the same thread: the memory still
     * has what the parent's runtime was, without its threads. `generation` is that one's number, and `left`
     * one of RT0_LEFT_..., how far it had come. What lies there is to be forgotten, not given back: locks in
     * it may be held for ever, and its descriptors are the parent's as well. Make locks anew here.
     *
     * Not called when nothing is left: the parent never booted, or had shut the runtime down.
     */
    void (*after_fork)(void *user, uint32_t generation, int left);

    /*
     * Optional; for rt0_enter. Tells the runtime of a thread that it did not make: called on that thread,
     * the first time it passes the gate in this generation. RT0_OK, or a code, with which rt0_enter then
     * returns; the thread's next call tries again. It may call rt0_enter, which lets it pass.
     */
    int (*attach)(void *user, uint32_t generation);

    /* Optional. Such a thread ends, and its generation lives. It may meet stop, on another thread. Not called
     * for the thread that ends the process, nor for what a generation's end has overtaken. */
    void (*detach)(void *user, uint32_t generation);

    /* The boot thread's stack, in bytes: from 64 KiB to 1 GiB; 0 for 8 MiB. */
    size_t stack_size;

    /* How long RT0_USUAL waits; 0 for 30 s, -1 for ever. */
    int32_t wait_ms;

    /* How long the exit of the process may wait for main to end; 0 for 1 s, -1 for not at all. */
    int32_t exit_ms;

    /* With RT0_RETRY: how long after a failure the first call tries again; 0 for 1 s. */
    uint32_t retry_pause_ms;

    /* One of RT0_START_...: when to boot. The host can choose another with RT0_START in its environment. */
    uint32_t start;

    /* RT0_UNLOADABLE, RT0_RETRY, RT0_USR_SIGNALS. */
    uint32_t flags;

    /* Zero: for later versions. */
    uint32_t reserved;
};

#define RT0_START_AT_LOAD 0 /* when the library is loaded */
#define RT0_START_LAZY 1    /* when the first call comes */
#define RT0_START_MANUAL 2  /* when rt0_start is called */
#define RT0_START_QUIET 3   /* when the first call comes, on that call's own thread: rt0 makes none */

/* dlclose really unmaps the library. Only for a runtime that leaves nothing behind: stop gives back every
 * thread, every handler, every thread-specific key and every callback that it has put anywhere, and boot
 * asks nothing of the dynamic loader. dlclose waits for main and for boot. Without this flag the library
 * stays in memory until the process ends, which is what nearly every language runtime needs. */
#define RT0_UNLOADABLE 1u

/* A call that finds a failed boot boots again, after a pause. Without it, a failure stays until rt0_shutdown. */
#define RT0_RETRY 2u

/* SIGUSR1 and SIGUSR2 may stop the runtime's threads, too. Asynchronous signals are blocked on the boot thread and
 * those of rt0_thread_create, and so on all that these make. But a host's collector stops threads that call
 * back into it by a signal: so SIGPWR, SIGXCPU and the real-time signals are open there, if the host has a
 * handler for them, and neither the thread that loads the library nor the host's first one blocks them. A thread
 * looks when it begins, and the boot thread once more before main: threads that the runtime makes by itself have
 * what the one that makes them has by then. A host can choose with RT0_COLLECTOR_SIGNALS in its environment:
 * none, usual, or usr, which is this flag. */
#define RT0_USR_SIGNALS 4u

#define RT0_LEFT_BOOTING 1  /* a boot was under way */
#define RT0_LEFT_RUNNING 2  /* it was booted */
#define RT0_LEFT_FAILED 3   /* its boot had failed */
#define RT0_LEFT_STOPPING 4 /* it had been told to end */

/* What boot returns when another thread will call rt0_notify. */
#define RT0_LATER 0x7fff0000

/* Makes the library boot the runtime of this table. Once in a library, at file scope, after the table. It
 * also takes librt0.a in; without it the link fails, and names rt0_runtime_of_this_library. */
#define RT0_RUNTIME(table)                                                                    \
    RT0_USED_ const struct rt0_runtime *const rt0_runtime_of_this_library = &(table);         \
    RT0_USED_ const void *const rt0_archive_of_this_library = &rt0_archive_1;

/* Says how a boot ended, from whichever thread, once: RT0_OK, or why it failed. That is a negative code from
 * above, with which calls then return; or a code of the author's own, and they return RT0_BOOT_FAILED. `text`
 * may be NULL; 1 KiB of it is kept for rt0_boot_error.
 * RT0_OK when it was heard; else RT0_INVALID_HANDLE: this boot is over, or it is that of a fork's parent. */
RT0_HIDDEN_ int rt0_notify(rt0_boot boot, int code, const char *text);

/* ---- Calls ------------------------------------------------------------------------------------------ */

/* Times that are none, for rt0_wait, rt0_enter and rt0_shutdown. Any other negative time is
 * RT0_INVALID_ARGUMENT, where a time is looked at: a gate that is open looks at none. (In the lifecycle calls
 * that `cargo rt0 build` makes there is -1 alone.) */
#define RT0_FOREVER (-1)
#define RT0_USUAL (-2) /* the table's `wait_ms`; in rt0_shutdown as well */

/*
 * The gate: what an exported function passes before it touches the runtime. RT0_OK when boot is done. Before
 * that it waits for so long at the most; 0 only asks. It also boots, when nobody has: in a fork's child, after
 * a shutdown, where the constructor never ran. It is no cancellation point.
 * RT0_NOT_READY, RT0_BOOT_FAILED or what boot has failed with, RT0_CALLED_FROM_BOOT, RT0_FORKED, RT0_STOPPED,
 * RT0_NOT_STARTED, RT0_NO_THREAD, RT0_INVALID_ARGUMENT.
 */
static inline int rt0_wait(int timeout_ms);

/* The same for a runtime that has to know the threads which call it: see `attach`. Some nanoseconds slower.
 * Also RT0_NO_MEMORY, and what `attach` returns. */
RT0_HIDDEN_ int rt0_enter(int timeout_ms);

/* Says that the calling thread is the runtime's own: it is not attached, and its calls are answered at once
 * (RT0_CALLED_FROM_BOOT, RT0_STOPPED, RT0_WOULD_DEADLOCK) where they would wait for what waits for them.
 * The boot thread and those of rt0_thread_create are so from the beginning. RT0_NO_MEMORY when that can't be
 * noted, as in an RT0_UNLOADABLE library. */
RT0_HIDDEN_ int rt0_own_thread(void);

/* 1 when boot is done, else 0. Neither waits nor boots. */
RT0_HIDDEN_ int rt0_is_done(void);

/* Begins the boot if nobody has, and does not wait for it.
 * RT0_NO_THREAD, RT0_STOPPED, RT0_FORKED; under RT0_START_QUIET also what rt0_wait returns. */
RT0_HIDDEN_ int rt0_start(void);

/* Ends the generation: new calls are refused, stop is called, main awaited. The next call boots afresh. Also
 * RT0_OK when there is nothing to end. A pthread_cancel waits until it is over.
 * RT0_TIMED_OUT: boot, main or another shutdown is not over; when it is main, calls stay refused, and the
 * next rt0_shutdown goes on. RT0_WOULD_DEADLOCK, RT0_STOPPED, RT0_FORKED, RT0_INVALID_ARGUMENT. */
RT0_HIDDEN_ int rt0_shutdown(int timeout_ms);

/* Why boot failed: the code goes to *code, 0 when it has not, and the text to text[0 .. room], cut if need be
 * and with a zero at its end. Both may be NULL. How long the whole text is. */
RT0_HIDDEN_ size_t rt0_boot_error(int *code, char *text, size_t room);

/* ---- Where are we? ---------------------------------------------------------------------------------- */

/* The number of the generation that was begun last, in this process or the one it was forked from; 0 before
 * the first. From anywhere. */
RT0_HIDDEN_ uint32_t rt0_generation_number(void);

/* 1 when this process is a fork's child of the one that loaded the library. From anywhere. */
RT0_HIDDEN_ int rt0_is_forks_child(void);

/* The host's arguments, program first, and its environment, each NAME=VALUE: copies that were made when the
 * library was loaded, so a setenv of the host's does not matter. They live as long as the library. As many as
 * there is room for go to `texts`, which may be NULL if room is 0; how many there are. None where the system
 * does not tell. */
RT0_HIDDEN_ size_t rt0_arguments(const char **texts, size_t room);
RT0_HIDDEN_ size_t rt0_environment(const char **texts, size_t room);

/* The value of an environment variable, as it was then; NULL when it was not set. */
RT0_HIDDEN_ const char *rt0_variable(const char *name);

/* ---- Threads ---------------------------------------------------------------------------------------- */

/* A thread, as the C library calls it. */
typedef uintptr_t rt0_thread;

/* Makes a system thread that runs start(data), with asynchronous signals blocked from the beginning, so that
 * the host's stay with the host. Needs no runtime: it works from a constructor, and before boot. The stack is
 * from 64 KiB to 1 GiB; 0 for 8 MiB. With `thread` NULL nobody can join it.
 * RT0_NO_THREAD, RT0_INVALID_ARGUMENT. */
RT0_HIDDEN_ int rt0_thread_create(void *(*start)(void *data), void *data, size_t stack_size, rt0_thread *thread);

/* Waits for its end. A thread of rt0_thread_create, once, and not detached. */
RT0_HIDDEN_ void rt0_thread_join(rt0_thread thread);

/* Nobody will join it. */
RT0_HIDDEN_ void rt0_thread_detach(rt0_thread thread);

/* Makes a thread without the C library, by clone(2): for a runtime that has its own thread-locals, or none, and
 * for a process that has no C library. The stack is as above, with a guard page; every signal is blocked,
 * those of faults as well, which then end the process. When start returns, the stack is unmapped and the thread ends, itself alone; nobody can
 * join it.
 *
 * The C library does not know of it: on such a thread call nothing of the C library's, for even errno is not
 * there, and nothing that was compiled to use thread-locals. System calls are yours to make, and of these
 * functions: rt0_notify, rt0_is_done, rt0_generation_number, rt0_is_forks_child, rt0_status_text, the
 * arguments, and this one. What a C library does to all threads in turn, as setuid does, does not reach it.
 * RT0_NO_THREAD, RT0_INVALID_ARGUMENT. */
RT0_HIDDEN_ int rt0_thread_without_libc(void *(*start)(void *data), void *data, size_t stack_size);

/* ---- For this header alone -------------------------------------------------------------------------- */

extern RT0_HIDDEN_ const struct rt0_runtime *const rt0_runtime_of_this_library;
extern RT0_HIDDEN_ const void *const rt0_archive_of_this_library;
extern RT0_HIDDEN_ const char rt0_archive_1; /* a librt0.a for another rt0.h has another name here */
extern RT0_HIDDEN_ const uint32_t rt0_gate;
RT0_HIDDEN_ int rt0_wait_closed(int timeout_ms);

static inline int rt0_wait(int timeout_ms)
{
#if defined(__GNUC__)
    enum { RT0_OPEN_ = 3 };
    /* Acquire: what boot wrote is there when the gate is seen open. */
    if (__builtin_expect(__atomic_load_n(&rt0_gate, __ATOMIC_ACQUIRE) == RT0_OPEN_, 1))
        return RT0_OK;
#endif
    return rt0_wait_closed(timeout_ms);
}

#ifdef __cplusplus
}
#endif

#endif

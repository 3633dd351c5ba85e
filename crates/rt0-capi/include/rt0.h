/*
 * rt0.h - a language runtime that boots by itself.
 *
 * For authors of compilers and interpreters whose users ship shared libraries. Such a library contains a
 * runtime, which must be started before the first call. With this header and librt0.a it starts by itself:
 * the library boots its runtime when a host loads it, on a thread of its own, and the load does not wait. The
 * first call waits, with a deadline. Later calls cost one load, one compare and one branch.
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
 * A library contains one runtime, and every name in this header is hidden in it: several such libraries live
 * in one process without seeing each other, and hosts see only what the author exports.
 *
 * Nothing here prints, exits or aborts. Errors are returned: RT0_OK, one of the negative codes below, or,
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
#define RT0_INVALID_HANDLE (-10)   /* no such boot: it has ended, or is another process's */
#define RT0_NOT_STARTED (-11)      /* RT0_START_MANUAL, and rt0_start has not been called */
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
 * fork's child continues its parent's count. */
typedef uint32_t rt0_boot;

/* Describes the runtime to rt0. A constant of static storage, complete at compile time: it is read once,
 * before any other code of the library runs. Members that are not set are zero, which means the default. */
struct rt0_runtime {
    /* sizeof(struct rt0_runtime). Later versions of this header may add members at the end. */
    size_t size;

    /* The library's name, in UTF-8. Its boot thread is NAME-boot, and a host may set RT0_START_NAME and the
     * like in its environment. */
    const char *name;

    /* Passed to every function below; rt0 does not look at it. */
    void *user;

    /*
     * Starts the runtime. Called once per generation, usually on the boot thread, which has asynchronous
     * signals blocked. (If the host allows no thread, wants none, or needs the library while it is being
     * loaded, it is called on a caller's thread, on a stack of rt0's own.) Calls wait for it.
     *
     * It reports how it ended by calling rt0_notify; or it returns RT0_LATER, and another thread calls
     * rt0_notify later. If it returns RT0_OK without doing either, calls return RT0_NOT_NOTIFIED. Returning
     * any other code means rt0_notify with that code. After rt0_notify its result is ignored; but it must
     * return, because a caller may be waiting on this thread. If the start of a runtime never returns, start
     * it on a thread of rt0_thread_create, which notifies, or in `main`.
     *
     * Without this function every call returns RT0_NO_BOOT_ENTRY.
     */
    int (*boot)(void *user, rt0_boot boot);

    /* Optional. Runs when boot is done, on the boot thread, for as long as it likes. A library with a main
     * can't boot without a thread of its own. */
    void (*main)(void *user);

    /*
     * Optional. Ends the runtime: it makes main return, and releases what boot has made, so that boot can run
     * again. Called by rt0_shutdown, by the exit of the process, by the unloading of an RT0_UNLOADABLE
     * library, and before a failed boot is tried again, on the thread that does so. If main does not return in
     * time, the next attempt calls it again: it must allow that.
     *
     * New calls are refused by then, but rt0 does not count the calls that passed the gate before: the runtime
     * must know, by a lock for example, whether one is still inside.
     */
    void (*stop)(void *user);

    /*
     * Optional. Called in a fork's child, before the child's first boot and on the same thread: memory still
     * holds the parent's runtime, without its threads. `generation` is that runtime's number, and `left` says
     * how far it had come, as one of RT0_LEFT_.... Forget what is there, and do not release it: locks in it
     * may be held forever, and its descriptors are the parent's too. Make new locks here.
     *
     * Not called when nothing is left: the parent never booted, or had shut the runtime down.
     */
    void (*after_fork)(void *user, uint32_t generation, int left);

    /*
     * Optional; for rt0_enter. Tells the runtime about a thread that it did not make: called on that thread,
     * the first time it passes the gate in this generation. Returns RT0_OK, or a code that rt0_enter returns;
     * the thread's next call tries again. It may call rt0_enter, which lets it pass.
     */
    int (*attach)(void *user, uint32_t generation);

    /* Optional. Called when such a thread ends while its generation lives; stop may run on another thread at
     * the same time. Not called for the thread that ends the process, nor after the generation has ended. */
    void (*detach)(void *user, uint32_t generation);

    /* The boot thread's stack, in bytes: from 64 KiB to 1 GiB; 0 for 8 MiB. */
    size_t stack_size;

    /* How long RT0_USUAL waits; 0 for 30 s, -1 for no limit. */
    int32_t wait_ms;

    /* How long the exit of the process may wait for main to end; 0 for 1 s, -1 for not at all. */
    int32_t exit_ms;

    /* With RT0_RETRY: how long after a failure a call may try again; 0 for 1 s. */
    uint32_t retry_pause_ms;

    /* One of RT0_START_...: when to boot. The host can choose another with RT0_START in its environment. */
    uint32_t start;

    /* RT0_UNLOADABLE, RT0_RETRY, RT0_USR_SIGNALS. */
    uint32_t flags;

    /* Zero: for later versions. */
    uint32_t reserved;
};

#define RT0_START_AT_LOAD 0 /* when the library is loaded */
#define RT0_START_LAZY 1    /* at the first call */
#define RT0_START_MANUAL 2  /* when rt0_start is called */
#define RT0_START_QUIET 3   /* at the first call, on its own thread: rt0 makes none */

/* dlclose really unmaps the library. Only for a runtime that leaves nothing behind: stop releases every
 * thread, handler, thread-specific key and callback that it has registered anywhere, and boot does not use
 * the dynamic loader. dlclose waits for main and for boot. Without this flag the library
 * stays in memory until the process ends, which is what nearly every language runtime needs. */
#define RT0_UNLOADABLE 1u

/* A call after a failed boot boots again, after a pause. Without this flag a failure stays until rt0_shutdown. */
#define RT0_RETRY 2u

/* SIGUSR1 and SIGUSR2 may stop the runtime's threads too. Asynchronous signals are blocked on the boot thread and
 * on those of rt0_thread_create, and so on all threads that these make. But a host's collector stops threads that
 * call back into it with a signal: so SIGPWR, SIGXCPU and the real-time signals are unblocked there if the host
 * has a handler for them, and neither the thread that loads the library nor the host's first one blocks them. A
 * thread checks when it begins, and the boot thread again before main; threads that the runtime creates in another
 * way inherit their creator's mask. A host can choose with RT0_COLLECTOR_SIGNALS in its environment: none, usual,
 * or usr, which is this flag. */
#define RT0_USR_SIGNALS 4u

#define RT0_LEFT_BOOTING 1  /* a boot was under way */
#define RT0_LEFT_RUNNING 2  /* it was booted */
#define RT0_LEFT_FAILED 3   /* its boot had failed */
#define RT0_LEFT_STOPPING 4 /* it had been told to end */

/* What boot returns when another thread will call rt0_notify. */
#define RT0_LATER 0x7fff0000

/* Makes the library boot the runtime of this table. Use it once per library, at file scope, after the table.
 * It also links librt0.a in; without it the link fails, and names rt0_runtime_of_this_library. */
#define RT0_RUNTIME(table)                                                                    \
    RT0_USED_ const struct rt0_runtime *const rt0_runtime_of_this_library = &(table);         \
    RT0_USED_ const void *const rt0_archive_of_this_library = &rt0_archive_1;

/* Reports how a boot ended, once, from any thread: RT0_OK, or why it failed. Calls then return the code, if it
 * is one of the negative codes above; for a code of the author's own they return RT0_BOOT_FAILED. `text` may be
 * NULL; 1 KiB of it is kept for rt0_boot_error.
 * Returns RT0_OK; or RT0_INVALID_HANDLE, if this boot has ended or is that of a fork's parent. */
RT0_HIDDEN_ int rt0_notify(rt0_boot boot, int code, const char *text);

/* ---- Calls ------------------------------------------------------------------------------------------ */

/* Special times, for rt0_wait, rt0_enter and rt0_shutdown. Any other negative time is RT0_INVALID_ARGUMENT,
 * except at an open gate, which ignores the time. (The lifecycle calls that `cargo rt0 build` makes have only
 * -1.) */
#define RT0_FOREVER (-1)
#define RT0_USUAL (-2) /* the table's `wait_ms`; in rt0_shutdown as well */

/*
 * The gate, which an exported function passes before it touches the runtime. Returns RT0_OK when boot is done,
 * and waits for that until the time is over; 0 only asks. It also boots if nothing has booted yet: in a fork's
 * child, after a shutdown, or if the constructor never ran. It is not a cancellation point.
 * RT0_NOT_READY, RT0_BOOT_FAILED or the code that boot failed with, RT0_CALLED_FROM_BOOT, RT0_FORKED, RT0_STOPPED,
 * RT0_NOT_STARTED, RT0_NO_THREAD, RT0_INVALID_ARGUMENT.
 */
static inline int rt0_wait(int timeout_ms);

/* The same for a runtime that must know the threads that call it: see `attach`. Some nanoseconds slower.
 * Also returns RT0_NO_MEMORY, and what `attach` returns. */
RT0_HIDDEN_ int rt0_enter(int timeout_ms);

/* Marks the calling thread as the runtime's own: it is not attached, and its calls return at once
 * (RT0_CALLED_FROM_BOOT, RT0_STOPPED, RT0_WOULD_DEADLOCK) instead of waiting for what waits for them. The boot
 * thread and those of rt0_thread_create are marked from the beginning. RT0_NO_MEMORY if there is no room for
 * the mark, as in an RT0_UNLOADABLE library. */
RT0_HIDDEN_ int rt0_own_thread(void);

/* 1 when boot is done, else 0. Neither waits nor boots. */
RT0_HIDDEN_ int rt0_is_done(void);

/* Begins the boot if nothing has begun it, and does not wait for it.
 * RT0_NO_THREAD, RT0_STOPPED, RT0_FORKED; under RT0_START_QUIET also what rt0_wait returns. */
RT0_HIDDEN_ int rt0_start(void);

/* Ends the generation: it refuses new calls, calls stop and waits for main. The next call boots again. Returns
 * RT0_OK also when there is nothing to end. A pthread_cancel waits until it is over.
 * RT0_TIMED_OUT: boot, main or another shutdown is not over; if it is main, calls stay refused, and the next
 * rt0_shutdown continues. RT0_WOULD_DEADLOCK, RT0_STOPPED, RT0_FORKED, RT0_INVALID_ARGUMENT. */
RT0_HIDDEN_ int rt0_shutdown(int timeout_ms);

/* Why boot failed: writes the code to *code, or 0 if it has not failed, and the text to text[0 .. room], cut if
 * need be and with a zero at its end. Both may be NULL. Returns the length of the whole text. */
RT0_HIDDEN_ size_t rt0_boot_error(int *code, char *text, size_t room);

/* ---- Where are we? ---------------------------------------------------------------------------------- */

/* The number of the latest generation, in this process or the one it was forked from; 0 before the first.
 * From anywhere. */
RT0_HIDDEN_ uint32_t rt0_generation_number(void);

/* 1 when this process is a fork's child of the one that loaded the library. From anywhere. */
RT0_HIDDEN_ int rt0_is_forks_child(void);

/* The host's arguments, program first, and its environment, each NAME=VALUE: copies made when the
 * library was loaded, so a setenv of the host's changes nothing. They live as long as the library. Writes as
 * many as there is room for to `texts`, which may be NULL if room is 0; returns how many there are, 0 if the
 * system does not tell. */
RT0_HIDDEN_ size_t rt0_arguments(const char **texts, size_t room);
RT0_HIDDEN_ size_t rt0_environment(const char **texts, size_t room);

/* The value of an environment variable at the load; NULL if it was not set. */
RT0_HIDDEN_ const char *rt0_variable(const char *name);

/* ---- Threads ---------------------------------------------------------------------------------------- */

/* A thread, as the C library calls it. */
typedef uintptr_t rt0_thread;

/* Makes a system thread that runs start(data), with asynchronous signals blocked from the beginning, so that
 * the host's threads take them. Needs no runtime: it works from a constructor, and before boot. The stack is
 * from 64 KiB to 1 GiB; 0 for 8 MiB. If `thread` is NULL, it can't be joined.
 * RT0_NO_THREAD, RT0_INVALID_ARGUMENT. */
RT0_HIDDEN_ int rt0_thread_create(void *(*start)(void *data), void *data, size_t stack_size, rt0_thread *thread);

/* Waits for the end of a thread of rt0_thread_create. Once, and not for a detached one. */
RT0_HIDDEN_ void rt0_thread_join(rt0_thread thread);

/* Gives up the right to join it. */
RT0_HIDDEN_ void rt0_thread_detach(rt0_thread thread);

/* Makes a thread without the C library, by clone(2): for a runtime that has its own thread-locals, or none, and
 * for a process that has no C library. The stack is as above, with a guard page; every signal is blocked,
 * even those of faults, which then end the process. When start returns, the stack is unmapped and this thread
 * alone ends; it can't be joined.
 *
 * The C library does not know the thread: do not call the C library on it, because not even errno exists there,
 * nor anything that was compiled to use thread-locals. Allowed are system calls and these functions:
 * rt0_notify, rt0_is_done, rt0_generation_number, rt0_is_forks_child, rt0_status_text, the arguments, and this
 * one. What a C library does to all threads in turn, as setuid does, does not reach the thread.
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

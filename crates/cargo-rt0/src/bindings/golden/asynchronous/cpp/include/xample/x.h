/* The C header of xample 1.2.3, written by cargo rt0. */
#ifndef X_RT0_H
#define X_RT0_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of the rules by which this header was written. */
#define X_ABI_VERSION 2

/** What a call returns. Other positive numbers are the library's own. */
enum {
    /** it succeeded */
    X_OK_ = 0,
    /** the library's own error; its text says which */
    X_ERROR = 1,
    /**
     * the library was not ready before the deadline; call again later or wait longer (a call
     * that only asks does not start it)
     */
    X_NOT_READY = -1,
    /** the library failed to start; the error text says why */
    X_BOOT_FAILED = -2,
    /** the call panicked inside the library; the library keeps working */
    X_PANICKED = -3,
    /** called from the library's own start-up, which would deadlock; call it after start-up */
    X_CALLED_FROM_BOOT = -4,
    /** the call would deadlock; make it from another thread, outside the library's own calls */
    X_WOULD_DEADLOCK = -5,
    /**
     * this process was forked from a multi-threaded one without running fork handlers; use
     * fork(), or call exec first
     */
    X_FORKED = -6,
    /** the library is shutting down or has stopped; call again after the shutdown */
    X_STOPPED = -7,
    /** an argument is not valid; the error text names it */
    X_INVALID_ARGUMENT = -8,
    /** a text argument is not valid UTF-8; the error text names it */
    X_INVALID_UTF8 = -9,
    /**
     * a handle is not open in this library: it was closed, is of another type, or is from
     * before the last start
     */
    X_INVALID_HANDLE = -10,
    /** the library was not started; call its start function first */
    X_NOT_STARTED = -11,
    /**
     * the operating system refused a thread or memory for the library's start-up; free some
     * and call again, or set RT0_START=quiet, which needs no thread
     */
    X_NO_THREAD = -12,
    /** the library was built without a boot function; its author must set one */
    X_NO_BOOT_ENTRY = -13,
    /**
     * the library's boot function returned without reporting whether start-up is done; its
     * author must report it
     */
    X_NOT_NOTIFIED = -14,
    /** the operation did not finish before its deadline; the error text says what holds it up */
    X_TIMED_OUT = -15,
    /** a handle is in use by another call; call again when that call has returned */
    X_HANDLE_BUSY = -16,
    /** there is not enough memory for the call; free some and call again */
    X_NO_MEMORY = -17,
    /** the library was shut down, but part of the shutdown failed; the error text says what */
    X_ENDED_BADLY = -18,
    /**
     * the library's async runtime is lost: the process closed or replaced its descriptors;
     * shut the library down, and the next call starts it again
     */
    X_RUNTIME_LOST = -19,
    /** the operation was cancelled before it was done */
    X_CANCELLED = -20,
    /** the queue is at its limit; take tags from it, then begin again */
    X_BUSY = -21,
    /**
     * the operation is not done yet; wait for its tag or with the library's op_wait, then call
     * again
     */
    X_NOT_DONE = -22
};

/** What x_state() returns. */
enum {
    /** nothing has been started */
    X_STATE_COLD = 0,
    /** a thread is on its way to start the library */
    X_STATE_SCHEDULED = 1,
    /** the library is starting */
    X_STATE_BOOTING = 2,
    /** calls go through */
    X_STATE_READY = 3,
    /** the start-up failed */
    X_STATE_FAILED = 4,
    /** a shutdown is under way */
    X_STATE_STOPPING = 5,
    /** a start-up that failed is being cleared away for the next */
    X_STATE_RETRYING = 6
};

/**
 * An async call that has begun. Every op that began is done exactly once: with a result,
 * an error, or X_CANCELLED, X_TIMED_OUT, X_STOPPED or X_RUNTIME_LOST. Its own `_end` takes
 * the result and closes it; x_op_free closes it without. It is a number and not an
 * address; a child of fork has none of its parent's.
 */
typedef struct x_Op x_Op;

/**
 * Where the tags of ops that are done arrive, in the order in which they were done. It is
 * a number and not an address; a child of fork has none of its parent's.
 */
typedef struct x_Queue x_Queue;

/** A place in a list. */
typedef struct x_Cursor x_Cursor;

/**
 * How many.
 *
 * Returns `-1` when the library is not ready or the call panics.
 */
int64_t x_size(void);

/** Waits until it is done: x_rest_begin does not wait. */
int32_t x_rest(char **err);

/**
 * Begins x_rest and returns at once. Texts and buffers are copied, handles are held until
 * it is done.
 * `timeout_ms` limits the op: -1 sets no limit. `tag` comes out of `queue` when the op is
 * done; `queue` may be NULL, and then x_op_wait waits. `*op` receives the op, or NULL if
 * nothing has begun: then no tag comes. X_BUSY: the queue's limit is reached.
 */
int32_t x_rest_begin(int32_t timeout_ms, x_Queue *queue, uint64_t tag, x_Op **op, char **err);

/**
 * Takes the result of an op of x_rest_begin, and closes the op. It never waits: X_NOT_DONE
 * if the op is not done, and then the op stays open. Any other answer is the op's own, and
 * closes it, except X_INVALID_ARGUMENT and X_INVALID_HANDLE.
 */
int32_t x_rest_end(x_Op *op, char **err);

/**
 * Fetches a page.
 *
 * `*out` receives a text, or NULL when there is none: free it with x_free. `out_len` may
 * be NULL.
 * `at` may be NULL, for none.
 * This call closes `last`.
 * Waits until it is done, and gives it up after 5000 ms: x_fetch_begin does not wait.
 */
int32_t x_fetch(
    const char *url,
    size_t url_len,
    int32_t queue,
    int32_t ms,
    const x_Cursor *at,
    x_Cursor *last,
    char **out,
    size_t *out_len,
    char **err);

/**
 * Begins x_fetch and returns at once. Texts and buffers are copied, handles are held until
 * it is done.
 * `timeout_ms` limits the op: -1 stands for 5000. `tag` comes out of `queue` when the op
 * is done; `queue` may be NULL, and then x_op_wait waits. `*op` receives the op, or NULL
 * if nothing has begun: then no tag comes. X_BUSY: the queue's limit is reached.
 * `at` may be NULL, for none.
 * This call closes `last`.
 */
int32_t x_fetch_begin(
    const char *url,
    size_t url_len,
    int32_t queue_,
    int32_t ms,
    const x_Cursor *at,
    x_Cursor *last,
    int32_t timeout_ms,
    x_Queue *queue,
    uint64_t tag,
    x_Op **op,
    char **err);

/**
 * Takes the result of an op of x_fetch_begin, and closes the op. It never waits:
 * X_NOT_DONE if the op is not done, and then the op stays open. Any other answer is the
 * op's own, and closes it, except X_INVALID_ARGUMENT and X_INVALID_HANDLE.
 * `*out` receives a text, or NULL when there is none: free it with x_free. `out_len` may
 * be NULL.
 */
int32_t x_fetch_end(x_Op *op, char **out, size_t *out_len, char **err);

/** Closes a handle that the library gave as `x_Cursor *`. */
int32_t x_Cursor_free(x_Cursor *handle);

/**
 * Waits until the op is done: 0 only asks, -1 waits forever, any other negative time is an
 * invalid argument. Returns X_OK when it is done: its `_end` then says how. X_TIMED_OUT if
 * it is not done in time, and goes on.
 */
int32_t x_op_wait(x_Op *op, int32_t timeout_ms);

/**
 * Asks the op to end early, and does not wait. The op is still done exactly once: with its
 * result if that came first.
 */
int32_t x_op_cancel(x_Op *op);

/**
 * Closes an op without its result. If it is not done it is cancelled; its tag still comes.
 * NULL is allowed.
 */
int32_t x_op_free(x_Op *op);

/**
 * Makes a queue: x_queue_take takes from it. `limit`, at least 1, is how many ops may have
 * begun without their tags being taken: past it a `_begin` answers X_BUSY.
 */
int32_t x_queue_new(uint32_t limit, x_Queue **queue, char **err);

/**
 * Makes a queue that calls `done` with `user` and each tag, on a thread of the library's
 * own. The last choice: that thread is foreign to your program. A virtual machine must
 * know it before `done` enters the machine, and must not have ended; what `done` waits
 * for, the tags behind it wait for too. Prefer x_queue_new. `limit`, at least 1, is how
 * many ops may have begun without their tags being taken: past it a `_begin` answers
 * X_BUSY.
 */
int32_t x_queue_call(
    uint32_t limit,
    void (*done)(void *, uint64_t),
    void *user,
    x_Queue **queue,
    char **err);

/**
 * Closes a queue and drops its tags. Who waits in x_queue_take gets X_STOPPED. Ops that
 * have begun go on, without a tag. Where the queue calls `done`, waits until a call under
 * way has returned, except in that call: hold no lock that `done` takes. NULL is allowed.
 */
int32_t x_queue_free(x_Queue *queue);

/**
 * Takes up to `room` tags, at least 1, and waits for the first as x_op_wait does. `*count`
 * receives how many were taken. X_TIMED_OUT: none came in time. X_STOPPED: the queue was
 * freed, or the library was shut down and its last tag is taken. Any number of threads may
 * take.
 */
int32_t x_queue_take(
    x_Queue *queue,
    uint64_t *tags,
    size_t room,
    size_t *count,
    int32_t timeout_ms);

/**
 * Gives a descriptor for an event loop, which the caller owns and closes. It is readable
 * when tags have arrived since x_queue_take last found the queue empty: read it until it
 * would block, whatever it holds, then take until X_TIMED_OUT with 0 as the time. It ends
 * when the library shuts down or the queue is freed. X_NO_THREAD: the start policy `quiet`
 * makes no threads, so nothing would go on while you watch. Windows has no such
 * descriptor: take on a thread of your own there.
 */
int32_t x_queue_fd(x_Queue *queue, intptr_t *fd, char **err);

/**
 * Has `event` called for each tracing event of the library, up to this level: 1 errors, 2
 * warnings, 3 information, 4 debugging, 5 traces. 0 for the level, or NULL for `event`,
 * ends that: when this call returns, no earlier `event` is called any more. Returns X_OK,
 * or a code whose text x_last_error has.
 * `event` gets `user`, the event's level, its target, its text, and the names of the spans
 * around it, the outermost first, with colons between them. The texts are valid until it
 * returns.
 * It is called on a thread of the library's, never inside a call of yours, and never after
 * x_shutdown has returned X_OK.
 */
int32_t x_events(
    int32_t level,
    void (*event)(void *, int32_t, const char *, const char *, const char *),
    void *user);

/** The ABI version of the library that was loaded: X_ABI_VERSION is this header's. */
uint32_t x_abi_version(void);

/**
 * Begins the start-up and does not wait for it. A library that makes no threads (quiet)
 * starts inside this call. Needed under the manual start policy, harmless otherwise.
 */
int32_t x_start(void);

/**
 * Waits until the library is ready: 0 only asks, -1 waits forever, any other negative time
 * is an invalid argument. Returns 0 when it is ready, else a status. Optional: every call
 * waits by itself.
 */
int32_t x_wait(int32_t timeout_ms);

/** What the library is doing: X_STATE_... */
int32_t x_state(void);

/**
 * The text of this thread's last error: never NULL, empty if there was none. Valid until
 * this thread's next call that fails.
 */
const char *x_last_error(void);

/**
 * Stops the library, ends its threads and drops its state: -1 waits forever, any other
 * negative time is an invalid argument. Returns 0 if that was done in time, else a status.
 * A later call starts the library again. If its threads call back into a virtual machine,
 * call this before the machine ends, without holding its lock: in Python by atexit,
 * through ctypes.CDLL.
 */
int32_t x_shutdown(int32_t timeout_ms);

/**
 * The library's state and time line as JSON: free it with x_free. NULL when there is no
 * memory for it.
 */
char *x_report(void);

/** Frees a text or a buffer that this library returned. NULL is allowed. */
int32_t x_free(void *ptr);

#ifdef __cplusplus
}
#endif

#endif /* X_RT0_H */

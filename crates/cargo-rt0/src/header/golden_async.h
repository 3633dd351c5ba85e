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


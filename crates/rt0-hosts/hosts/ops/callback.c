/*
 * Queues that call the host. Linked with the fixture `porter`.
 *
 *   calls          each tag once, in order, on one thread of the library's, never inside `_begin`
 *   begins         the callback begins the next op and ends the last one
 *   slow           a callback that takes long holds up nobody else
 *   freed          none after a `queue_free`, from outside and from the callback
 *   under-way      a `queue_free` and a shutdown wait for a callback that has begun
 *   shutdown       all are delivered when a shutdown returns, none after it
 *   shuts-down     a shutdown in the callback would wait for itself
 *   takes          nobody can take from such a queue, or have its descriptor
 *   many           a hundred such queues, and no thread left
 *   newer          one that is made beside a shutdown calls like any other
 *   quiet          under the start policy that makes no threads there is none
 *   limit          the limit counts until the callback has returned
 */
#include "ops.h"
#include <sys/syscall.h>

static atomic_int called, ended, is_over;
static _Atomic pid_t caller;
static uint64_t last;
static porter_Queue *queue;

static pid_t me(void)
{
    return (pid_t)syscall(SYS_gettid);
}

static porter_Queue *calling(uint32_t limit, void (*done)(void *, uint64_t), void *user)
{
    porter_Queue *made = NULL;
    char *err = NULL;
    int code = porter_queue_call(limit, done, user, &made, &err);
    if (code != PORTER_OK || made == NULL)
        die("no queue: %d %s", code, err ? err : "");
    return made;
}

static __thread int inside_begin;

static void note(void *user, uint64_t tag)
{
    pid_t thread = me(), before = 0;
    SAME(*(int *)user, 7);
    SAME(inside_begin, 0);
    if (!atomic_compare_exchange_strong(&caller, &before, thread))
        SAME(before, thread);
    SAME(tag, last + 1);
    last = tag;
    IS(!is_over);
    called++;
}

static int seven = 7;

static void calls(void)
{
    enum { COUNT = 3000 };
    uint32_t value;
    queue = calling(COUNT, note, &seven);
    for (uint64_t i = 1; i <= COUNT; i++) {
        inside_begin = 1;
        porter_Op *op = begin_ready((uint32_t)i, queue, i);
        inside_begin = 0;
        SAME(porter_op_wait(op, FOREVER), PORTER_OK);
        SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
        SAME(value, i);
    }
    UNTIL(called == COUNT);
    IS(caller != getpid());
    SAME(porter_queue_free(queue), PORTER_OK);
    is_over = 1;
}

enum { CHAIN = 2000 };
static _Atomic(porter_Op *) present;

static void go_on(void *unused, uint64_t tag)
{
    uint32_t value = 0;
    (void)unused;
    /* `*op` is written before the completion is seen, but the host's own copy may be later. */
    UNTIL(present != NULL);
    porter_Op *op = present;
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(value, tag);
    if (tag < CHAIN) {
        present = NULL;
        present = begin_ready(value + 1, queue, tag + 1);
    }
    called++;
}

static void begins(void)
{
    queue = calling(2, go_on, NULL);
    present = begin_ready(1, queue, 1);
    UNTIL(called == CHAIN);
    SAME(porter_queue_free(queue), PORTER_OK);
}

static atomic_int may_go;

static void wait_there(void *unused, uint64_t tag)
{
    (void)unused, (void)tag;
    called++;
    UNTIL(may_go);
    ended++;
}

static void slow(void)
{
    porter_Queue *quick = new_queue(100);
    uint32_t value;
    queue = calling(100, wait_there, NULL);
    for (uint32_t i = 0; i < 50; i++)
        SAME(porter_op_free(begin_ready(i, queue, i)), PORTER_OK);
    UNTIL(called == 1);
    for (uint32_t i = 0; i < 1000; i++) {
        porter_Op *op = begin_ready(i, quick, i);
        SAME(take(quick), i);
        SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    }
    SAME(called, 1);
    may_go = 1;
    UNTIL(ended == 50);
}

static void count_call(void *unused, uint64_t tag)
{
    (void)unused, (void)tag;
    IS(!is_over);
    called++;
}

static void free_itself(void *unused, uint64_t tag)
{
    (void)unused, (void)tag;
    called++;
    SAME(porter_queue_free(queue), PORTER_OK);
}

static void freed(void)
{
    for (int round = 0; round < 200; round++) {
        is_over = 0;
        queue = calling(100, count_call, NULL);
        for (uint32_t i = 0; i < 100; i++)
            SAME(porter_op_free(begin_ready(i, queue, i)), PORTER_OK);
        SAME(porter_queue_free(queue), PORTER_OK);
        is_over = 1;
    }
    /* From the callback itself, which would wait for itself. */
    called = 0;
    queue = calling(100, free_itself, NULL);
    for (uint32_t i = 0; i < 2; i++) {
        porter_Op *op = NULL;
        int code = porter_ready_begin(i, -1, queue, i, &op, NULL);
        IS(code == PORTER_OK || (i == 1 && code == PORTER_INVALID_HANDLE));
        porter_op_free(op);
    }
    UNTIL(called == 1);
    SAME(porter_shutdown(60000), PORTER_OK);
    SAME(called, 1);
}

static atomic_int shuts;

/* Returns some time after the queue was closed, when who has closed it would go on without it. */
static void outlast(void *unused, uint64_t tag)
{
    uint64_t taken;
    size_t count;
    (void)unused, (void)tag;
    called++;
    if (shuts)
        UNTIL(porter_state() == PORTER_STATE_STOPPING);
    else
        UNTIL(porter_queue_take(queue, &taken, 1, &count, AT_ONCE) == PORTER_INVALID_HANDLE);
    usleep(20000);
    IS(!is_over);
}

static void under_way(void)
{
    for (int round = 0; round < 10; round++) {
        is_over = called = 0;
        shuts = round % 2;
        uint32_t value;
        SAME(porter_ready(1, &value, NULL), PORTER_OK);
        queue = calling(1, outlast, NULL);
        SAME(porter_op_free(begin_ready(1, queue, 1)), PORTER_OK);
        UNTIL(called == 1);
        SAME(shuts ? porter_shutdown(60000) : porter_queue_free(queue), PORTER_OK);
        is_over = 1;
    }
    /* A callback that nobody has waited for may come only now. */
    usleep(30000);
}

static void shutdown_ends(void)
{
    enum { COUNT = 500 };
    for (int round = 0; round < 20; round++) {
        called = 0;
        is_over = 0;
        queue = calling(COUNT, count_call, NULL);
        for (uint32_t i = 0; i < COUNT; i++)
            if (i % 2)
                SAME(porter_op_free(begin_ready(i, queue, i)), PORTER_OK);
            else
                begin(SHUT, queue, i);
        UNTIL(waiting_at(SHUT) == COUNT / 2);
        SAME(porter_shutdown(60000), PORTER_OK);
        is_over = 1;
        SAME(called, COUNT);
    }
    usleep(20000);
}

static atomic_int answer = 1;

static void shut_down_there(void *unused, uint64_t tag)
{
    (void)unused, (void)tag;
    answer = porter_shutdown(1000);
}

static void shuts_down(void)
{
    uint32_t value;
    queue = calling(1, shut_down_there, NULL);
    porter_Op *op = begin_ready(1, queue, 1);
    UNTIL(answer != 1);
    SAME(answer, PORTER_WOULD_DEADLOCK);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(porter_shutdown(60000), PORTER_OK);
}

static void takes(void)
{
    uint64_t tag;
    size_t count;
    intptr_t fd;
    queue = calling(1, count_call, NULL);
    int code = porter_queue_take(queue, &tag, 1, &count, FOREVER);
    IS(code == PORTER_INVALID_ARGUMENT || code == PORTER_INVALID_HANDLE);
    code = porter_queue_fd(queue, &fd, NULL);
    IS(code == PORTER_INVALID_ARGUMENT || code == PORTER_INVALID_HANDLE);
    SAME(porter_op_free(begin_ready(1, queue, 1)), PORTER_OK);
    UNTIL(called == 1);
}

static void many(void)
{
    porter_Queue *queues[100];
    char before[512], after[512];
    uint32_t value;
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    IS(status_of("self", "Threads", before, sizeof before));
    for (int i = 0; i < 100; i++) {
        queues[i] = calling(5, count_call, NULL);
        SAME(porter_op_free(begin_ready(1, queues[i], 1)), PORTER_OK);
    }
    UNTIL(called == 100);
    for (int i = 0; i < 100; i++)
        SAME(porter_queue_free(queues[i]), PORTER_OK);
    do
        IS(status_of("self", "Threads", after, sizeof after));
    while (atoi(after) > atoi(before));
}

static void limit(void)
{
    porter_Op *op = NULL;
    queue = calling(1, wait_there, NULL);
    SAME(porter_op_free(begin_ready(1, queue, 1)), PORTER_OK);
    UNTIL(called == 1);
    int code = porter_ready_begin(1, -1, queue, 2, &op, NULL);
    IS(code == PORTER_BUSY || code == PORTER_OK);
    may_go = 1;
    if (code == PORTER_BUSY)
        while (porter_ready_begin(1, -1, queue, 2, &op, NULL) == PORTER_BUSY)
            usleep(100);
    UNTIL(ended == 2);
}

static void *shut_down_often(void *unused)
{
    while (!ended) {
        SAME(porter_shutdown(60000), PORTER_OK);
        usleep(100);
    }
    return unused;
}

static void newer(void)
{
    pthread_t thread = run_thread(shut_down_often, NULL);
    for (int i = 0; i < 1500; i++) {
        porter_Op *op = NULL;
        called = 0;
        queue = calling(1, count_call, NULL);
        int code = porter_ready_begin(1, -1, queue, 1, &op, NULL);
        /* A shutdown may have ended it. */
        IS(code == PORTER_OK || code == PORTER_STOPPED);
        for (uint64_t since = now(); code == PORTER_OK && called == 0; usleep(50))
            if (now() - since > 20000000000u)
                die("it calls nobody");
        SAME(porter_op_free(op), PORTER_OK);
        SAME(porter_queue_free(queue), PORTER_OK);
    }
    ended = 1;
    pthread_join(thread, NULL);
}

static void quiet(void)
{
    char *err = NULL;
    queue = (porter_Queue *)&seven;
    SAME(porter_queue_call(5, count_call, NULL, &queue, &err), PORTER_NO_THREAD);
    IS(queue == NULL);
    IS(says(err, "porter_queue_call needs a thread"));
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"calls", calls}, {"begins", begins},         {"slow", slow},   {"freed", freed}, {"shutdown", shutdown_ends},
        {"many", many},   {"shuts-down", shuts_down}, {"takes", takes}, {"limit", limit}, {"quiet", quiet}, {"newer", newer},
        {"under-way", under_way},
    };
    return RUN_PART(parts);
}

/*
 * Ops that end early. Linked with the fixture `errand`.
 *
 *   dropped        a future is dropped at its next await: CANCELLED, one tag
 *   blocking       cancelling does not wait for a future that is at no await
 *   told           one that takes `rt0::Cancel` goes on to its own result
 *   own-error      or to an error of its own
 *   ignores        or does not ask
 *   too-late       the result came first
 *   twice          cancelled by many threads, again and again
 *   freed          `op_free` of an open op: its tag comes
 *   freed-told     the same for one that takes `rt0::Cancel`
 *   freed-done     `op_free` of one that is done: no tag but the one that came
 *   race           cancelled and done at the same time: one or the other, one tag
 *   deadline       `timeout_ms` of `_begin`
 *   own-deadline   that of the export, another in its place, and the twin's
 *   told-deadline  one that takes `rt0::Cancel` is told of it
 *   no-time        a time of 0
 */
#include "ops.h"

static void dropped(void)
{
    errand_Queue *queue = new_queue(10);
    uint32_t value = 5;
    char *err = NULL;
    errand_Op *op = begin(SHUT, queue, 1);
    UNTIL(waiting_at(SHUT) == 1);
    SAME(errand_op_cancel(op), ERRAND_OK);
    SAME(take(queue), 1);
    UNTIL(errand_gone() == 1);
    SAME(waiting_at(SHUT), 0);
    SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
    SAME(errand_passes_end(op, &value, &err), ERRAND_CANCELLED);
    IS(says(err, "errand_passes_end: "));
    SAME(value, 5);
    SAME(look(queue), ERRAND_TIMED_OUT);
}

static void blocking(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    uint32_t value = 5;
    SAME(errand_blocks_begin(3, -1, queue, 1, &op, NULL), ERRAND_OK);
    UNTIL(errand_blocking() == 1);
    SAME(errand_op_cancel(op), ERRAND_OK);
    SAME(errand_op_cancel(op), ERRAND_OK);
    SAME(errand_gone(), 0);
    errand_let_go();
    SAME(take(queue), 1);
    SAME(errand_blocks_end(op, &value, NULL), ERRAND_CANCELLED);
    UNTIL(errand_gone() == 1);
}

static void told(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    uint32_t value = 5;
    SAME(errand_finishes_begin(GATE, -1, queue, 1, &op, NULL), ERRAND_OK);
    UNTIL(errand_begun() == 1);
    SAME(errand_op_cancel(op), ERRAND_OK);
    UNTIL(waiting_at(GATE) == 1);
    SAME(errand_told(), 1);
    SAME(look(queue), ERRAND_TIMED_OUT);
    SAME(errand_finishes_end(op, &value, NULL), ERRAND_NOT_DONE);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(errand_finishes_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 7);
    SAME(look(queue), ERRAND_TIMED_OUT);
}

static void own_error(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    uint32_t value = 5;
    char *err = NULL;
    SAME(errand_gives_up_begin(-1, queue, 1, &op, NULL), ERRAND_OK);
    UNTIL(errand_begun() == 1);
    SAME(errand_op_cancel(op), ERRAND_OK);
    SAME(take(queue), 1);
    SAME(errand_gives_up_end(op, &value, &err), 8);
    IS(says(err, "gave up"));
}

static void ignores(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    uint32_t value = 5;
    SAME(errand_ignores_begin(GATE, -1, queue, 1, &op, NULL), ERRAND_OK);
    UNTIL(waiting_at(GATE) == 1);
    SAME(errand_op_cancel(op), ERRAND_OK);
    SAME(waiting_at(GATE), 1);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(errand_ignores_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 9);
}

static void too_late(void)
{
    errand_Queue *queue = new_queue(10);
    uint32_t value = 5;
    errand_Op *op = begin_ready(6, queue, 1);
    SAME(take(queue), 1);
    SAME(errand_op_cancel(op), ERRAND_OK);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 6);
    SAME(look(queue), ERRAND_TIMED_OUT);
}

static void *cancel_often(void *op)
{
    for (int i = 0; i < 1000; i++)
        SAME(errand_op_cancel(op), ERRAND_OK);
    return NULL;
}

static void twice(void)
{
    enum { THREADS = 8 };
    errand_Queue *queue = new_queue(10);
    uint32_t value;
    pthread_t threads[THREADS];
    errand_Op *op = begin(SHUT, queue, 1);
    for (int i = 0; i < THREADS; i++)
        threads[i] = run_thread(cancel_often, op);
    SAME(take(queue), 1);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    SAME(errand_passes_end(op, &value, NULL), ERRAND_CANCELLED);
    SAME(look(queue), ERRAND_TIMED_OUT);
}

static void freed(void)
{
    errand_Queue *queue = new_queue(1);
    uint32_t value;
    errand_Op *op = begin(SHUT, queue, 1), *next = NULL;
    SAME(errand_op_free(op), ERRAND_OK);
    SAME(errand_op_wait(op, AT_ONCE), ERRAND_INVALID_HANDLE);
    SAME(errand_passes_end(op, &value, NULL), ERRAND_INVALID_HANDLE);
    SAME(errand_op_free(op), ERRAND_INVALID_HANDLE);
    /* It has its place in the queue until its tag is taken. */
    SAME(errand_ready_begin(1, -1, queue, 2, &next, NULL), ERRAND_BUSY);
    SAME(take(queue), 1);
    UNTIL(errand_gone() == errand_begun());
    SAME(look(queue), ERRAND_TIMED_OUT);
    SAME(errand_op_free(begin_ready(1, queue, 3)), ERRAND_OK);
    SAME(take(queue), 3);
}

static void freed_told(void)
{
    errand_Queue *queue = new_queue(1);
    errand_Op *op = NULL;
    SAME(errand_finishes_begin(GATE, -1, queue, 1, &op, NULL), ERRAND_OK);
    UNTIL(errand_begun() == 1);
    SAME(errand_op_free(op), ERRAND_OK);
    UNTIL(waiting_at(GATE) == 1);
    SAME(look(queue), ERRAND_TIMED_OUT);
    open_gate(GATE);
    SAME(take(queue), 1);
    UNTIL(errand_gone() == 1);
    SAME(look(queue), ERRAND_TIMED_OUT);
}

static void freed_done(void)
{
    errand_Queue *queue = new_queue(4);
    errand_Op *op = NULL;
    for (uint64_t i = 1; i <= 4; i++) {
        SAME(errand_makes_begin(GATE, 1, -1, queue, i, &op, NULL), ERRAND_OK);
        open_gate(GATE);
        SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
        SAME(errand_op_free(op), ERRAND_OK);
        /* Nobody else could close what the host has not fetched. */
        UNTIL(errand_things_dropped() == (int)i);
    }
    for (uint64_t i = 1; i <= 4; i++)
        SAME(take(queue), i);
    SAME(look(queue), ERRAND_TIMED_OUT);
}

static atomic_uint round_of_cancels;
static _Atomic(errand_Op *) present;

static void *cancel_each(void *unused)
{
    for (unsigned i = 1; i <= 2000; i++) {
        while (round_of_cancels != i)
            ;
        errand_op_cancel(present);
        round_of_cancels = 0;
    }
    return unused;
}

static void race(void)
{
    errand_Queue *queue = new_queue(10);
    pthread_t thread = run_thread(cancel_each, NULL);
    int done = 0, cancelled = 0;
    for (unsigned i = 1; i <= 2000; i++) {
        errand_Op *op = NULL;
        uint32_t value = 0;
        SAME(errand_yields_begin(i % 40, i, -1, queue, i, &op, NULL), ERRAND_OK);
        present = op;
        round_of_cancels = i;
        SAME(take(queue), i);
        int code = errand_yields_end(op, &value, NULL);
        IS(code == ERRAND_CANCELLED || (code == ERRAND_OK && value == i));
        done += code == ERRAND_OK;
        cancelled += code == ERRAND_CANCELLED;
        while (round_of_cancels != 0)
            ;
    }
    pthread_join(thread, NULL);
    SAME(done + cancelled, 2000);
    SAME(look(queue), ERRAND_TIMED_OUT);
    UNTIL(errand_gone() == errand_begun());
}

static void deadline(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    uint32_t value;
    char *err = NULL;
    SAME(errand_passes_begin(SHUT, 30, queue, 1, &op, NULL), ERRAND_OK);
    SAME(take(queue), 1);
    SAME(errand_passes_end(op, &value, &err), ERRAND_TIMED_OUT);
    IS(says(err, "errand_passes"));
    UNTIL(errand_gone() == errand_begun());
    /* One that is done in time hears nothing of it later. */
    SAME(errand_ready_begin(4, 40, queue, 2, &op, NULL), ERRAND_OK);
    SAME(take(queue), 2);
    usleep(60000);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
    SAME(look(queue), ERRAND_TIMED_OUT);
    /* They end in the order of their times. */
    errand_Op *late = NULL;
    SAME(errand_passes_begin(SHUT, 400, queue, 3, &late, NULL), ERRAND_OK);
    SAME(errand_passes_begin(SHUT, 20, queue, 4, &op, NULL), ERRAND_OK);
    SAME(take(queue), 4);
    SAME(take(queue), 3);
    SAME(errand_passes_end(op, &value, NULL), ERRAND_TIMED_OUT);
    SAME(errand_passes_end(late, &value, NULL), ERRAND_TIMED_OUT);
}

static void own_deadline(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    uint32_t value;
    char *err = NULL;
    uint64_t start = now();
    SAME(errand_hurried_begin(-1, queue, 1, &op, NULL), ERRAND_OK);
    SAME(take(queue), 1);
    SAME(errand_hurried_end(op, &value, NULL), ERRAND_TIMED_OUT);
    IS(now() - start >= 60000000u);
    SAME(errand_hurried(&value, &err), ERRAND_TIMED_OUT);
    IS(says(err, "errand_hurried: "));
    IS(now() - start >= 120000000u);
    start = now();
    SAME(errand_hurried_begin(200, queue, 2, &op, NULL), ERRAND_OK);
    SAME(take(queue), 2);
    SAME(errand_hurried_end(op, &value, NULL), ERRAND_TIMED_OUT);
    IS(now() - start >= 200000000u);
    UNTIL(errand_gone() == errand_begun());
}

static void told_deadline(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    uint32_t value;
    SAME(errand_finishes_begin(GATE, 20, queue, 1, &op, NULL), ERRAND_OK);
    UNTIL(errand_told() == 1);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(errand_finishes_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 7);
}

static void no_time(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    uint32_t value;
    SAME(errand_passes_begin(SHUT, 0, queue, 1, &op, NULL), ERRAND_OK);
    IS(op != NULL);
    SAME(take(queue), 1);
    SAME(errand_passes_end(op, &value, NULL), ERRAND_TIMED_OUT);
    SAME(look(queue), ERRAND_TIMED_OUT);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"dropped", dropped},       {"blocking", blocking},         {"told", told},
        {"own-error", own_error},   {"ignores", ignores},           {"too-late", too_late},
        {"twice", twice},           {"freed", freed},               {"freed-told", freed_told},
        {"freed-done", freed_done}, {"race", race},                 {"deadline", deadline},
        {"no-time", no_time},       {"own-deadline", own_deadline}, {"told-deadline", told_deadline},
    };
    return RUN_PART(parts);
}

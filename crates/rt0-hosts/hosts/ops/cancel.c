/*
 * Ops that end early. Linked with the fixture `porter`.
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
 *   told-deadline  one that takes `rt0::Cancel` is dropped, too
 *   no-time        a time of 0
 */
#include "ops.h"
#include <sched.h>

static void dropped(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value = 5;
    char *err = NULL;
    porter_Op *op = begin(SHUT, queue, 1);
    UNTIL(waiting_at(SHUT) == 1);
    SAME(porter_op_cancel(op), PORTER_OK);
    SAME(take(queue), 1);
    UNTIL(porter_gone() == 1);
    SAME(waiting_at(SHUT), 0);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(porter_passes_end(op, &value, &err), PORTER_CANCELLED);
    IS(says(err, "porter_passes: "));
    SAME(value, 5);
    SAME(look(queue), PORTER_TIMED_OUT);
}

static void blocking(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    uint32_t value = 5;
    SAME(porter_blocks_begin(3, -1, queue, 1, &op, NULL), PORTER_OK);
    UNTIL(porter_blocking() == 1);
    SAME(porter_op_cancel(op), PORTER_OK);
    SAME(porter_op_cancel(op), PORTER_OK);
    SAME(porter_gone(), 0);
    porter_let_go();
    SAME(take(queue), 1);
    SAME(porter_blocks_end(op, &value, NULL), PORTER_CANCELLED);
    UNTIL(porter_gone() == 1);
}

static void told(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    uint32_t value = 5;
    SAME(porter_finishes_begin(GATE, -1, queue, 1, &op, NULL), PORTER_OK);
    UNTIL(porter_begun() == 1);
    SAME(porter_op_cancel(op), PORTER_OK);
    UNTIL(waiting_at(GATE) == 1);
    SAME(porter_told(), 1);
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_finishes_end(op, &value, NULL), PORTER_NOT_DONE);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(porter_finishes_end(op, &value, NULL), PORTER_OK);
    SAME(value, 7);
    SAME(look(queue), PORTER_TIMED_OUT);
}

static void own_error(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    uint32_t value = 5;
    char *err = NULL;
    SAME(porter_gives_up_begin(-1, queue, 1, &op, NULL), PORTER_OK);
    UNTIL(porter_begun() == 1);
    SAME(porter_op_cancel(op), PORTER_OK);
    SAME(take(queue), 1);
    SAME(porter_gives_up_end(op, &value, &err), 8);
    IS(says(err, "gave up"));
}

static void ignores(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    uint32_t value = 5;
    SAME(porter_ignores_begin(GATE, -1, queue, 1, &op, NULL), PORTER_OK);
    UNTIL(waiting_at(GATE) == 1);
    SAME(porter_op_cancel(op), PORTER_OK);
    SAME(waiting_at(GATE), 1);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(porter_ignores_end(op, &value, NULL), PORTER_OK);
    SAME(value, 9);
}

static void too_late(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value = 5;
    porter_Op *op = begin_ready(6, queue, 1);
    SAME(take(queue), 1);
    SAME(porter_op_cancel(op), PORTER_OK);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(value, 6);
    SAME(look(queue), PORTER_TIMED_OUT);
}

static void *cancel_often(void *op)
{
    for (int i = 0; i < 1000; i++)
        SAME(porter_op_cancel(op), PORTER_OK);
    return NULL;
}

static void twice(void)
{
    enum { THREADS = 8 };
    porter_Queue *queue = new_queue(10);
    uint32_t value;
    pthread_t threads[THREADS];
    porter_Op *op = begin(SHUT, queue, 1);
    for (int i = 0; i < THREADS; i++)
        threads[i] = run_thread(cancel_often, op);
    SAME(take(queue), 1);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    SAME(porter_passes_end(op, &value, NULL), PORTER_CANCELLED);
    SAME(look(queue), PORTER_TIMED_OUT);
}

static void freed(void)
{
    porter_Queue *queue = new_queue(1);
    uint32_t value;
    porter_Op *op = begin(SHUT, queue, 1), *next = NULL;
    SAME(porter_op_free(op), PORTER_OK);
    SAME(porter_op_wait(op, AT_ONCE), PORTER_INVALID_HANDLE);
    SAME(porter_passes_end(op, &value, NULL), PORTER_INVALID_HANDLE);
    SAME(porter_op_free(op), PORTER_INVALID_HANDLE);
    /* It has its place in the queue until its tag is taken. */
    SAME(porter_ready_begin(1, -1, queue, 2, &next, NULL), PORTER_BUSY);
    SAME(take(queue), 1);
    UNTIL(porter_gone() == porter_begun());
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_op_free(begin_ready(1, queue, 3)), PORTER_OK);
    SAME(take(queue), 3);
}

static void freed_told(void)
{
    porter_Queue *queue = new_queue(1);
    porter_Op *op = NULL;
    SAME(porter_finishes_begin(GATE, -1, queue, 1, &op, NULL), PORTER_OK);
    UNTIL(porter_begun() == 1);
    SAME(porter_op_free(op), PORTER_OK);
    UNTIL(waiting_at(GATE) == 1);
    SAME(look(queue), PORTER_TIMED_OUT);
    open_gate(GATE);
    SAME(take(queue), 1);
    UNTIL(porter_gone() == 1);
    SAME(look(queue), PORTER_TIMED_OUT);
}

static void freed_done(void)
{
    porter_Queue *queue = new_queue(4);
    porter_Op *op = NULL;
    for (uint64_t i = 1; i <= 4; i++) {
        SAME(porter_makes_begin(GATE, 1, -1, queue, i, &op, NULL), PORTER_OK);
        open_gate(GATE);
        SAME(porter_op_wait(op, FOREVER), PORTER_OK);
        SAME(porter_op_free(op), PORTER_OK);
        /* Nobody else could close what the host has not fetched. */
        UNTIL(porter_things_dropped() == (int)i);
    }
    for (uint64_t i = 1; i <= 4; i++)
        SAME(take(queue), i);
    SAME(look(queue), PORTER_TIMED_OUT);
}

static atomic_uint round_of_cancels;
static _Atomic(porter_Op *) present;

static void *cancel_each(void *unused)
{
    for (unsigned i = 1; i <= 2000; i++) {
        while (round_of_cancels != i)
            sched_yield();
        porter_op_cancel(present);
        round_of_cancels = 0;
    }
    return unused;
}

static void race(void)
{
    porter_Queue *queue = new_queue(10);
    pthread_t thread = run_thread(cancel_each, NULL);
    int done = 0, cancelled = 0;
    for (unsigned i = 1; i <= 2000; i++) {
        porter_Op *op = NULL;
        uint32_t value = 0;
        SAME(porter_yields_begin(i % 40, i, -1, queue, i, &op, NULL), PORTER_OK);
        present = op;
        round_of_cancels = i;
        SAME(take(queue), i);
        int code = porter_yields_end(op, &value, NULL);
        IS(code == PORTER_CANCELLED || (code == PORTER_OK && value == i));
        done += code == PORTER_OK;
        cancelled += code == PORTER_CANCELLED;
        while (round_of_cancels != 0)
            sched_yield();
    }
    pthread_join(thread, NULL);
    SAME(done + cancelled, 2000);
    SAME(look(queue), PORTER_TIMED_OUT);
    UNTIL(porter_gone() == porter_begun());
}

static void deadline(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    uint32_t value;
    char *err = NULL;
    SAME(porter_passes_begin(SHUT, 30, queue, 1, &op, NULL), PORTER_OK);
    SAME(take(queue), 1);
    SAME(porter_passes_end(op, &value, &err), PORTER_TIMED_OUT);
    IS(says(err, "porter_passes"));
    UNTIL(porter_gone() == porter_begun());
    /* One that is done in time hears nothing of it later. */
    SAME(porter_ready_begin(4, 40, queue, 2, &op, NULL), PORTER_OK);
    SAME(take(queue), 2);
    usleep(60000);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(look(queue), PORTER_TIMED_OUT);
    /* They end in the order of their times. */
    porter_Op *late = NULL;
    SAME(porter_passes_begin(SHUT, 400, queue, 3, &late, NULL), PORTER_OK);
    SAME(porter_passes_begin(SHUT, 20, queue, 4, &op, NULL), PORTER_OK);
    SAME(take(queue), 4);
    SAME(take(queue), 3);
    SAME(porter_passes_end(op, &value, NULL), PORTER_TIMED_OUT);
    SAME(porter_passes_end(late, &value, NULL), PORTER_TIMED_OUT);
}

static void own_deadline(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    uint32_t value;
    char *err = NULL;
    uint64_t start = now();
    SAME(porter_hurried_begin(-1, queue, 1, &op, NULL), PORTER_OK);
    SAME(take(queue), 1);
    SAME(porter_hurried_end(op, &value, NULL), PORTER_TIMED_OUT);
    IS(now() - start >= 60000000u);
    SAME(porter_hurried(&value, &err), PORTER_TIMED_OUT);
    IS(says(err, "porter_hurried: "));
    IS(now() - start >= 120000000u);
    start = now();
    SAME(porter_hurried_begin(200, queue, 2, &op, NULL), PORTER_OK);
    SAME(take(queue), 2);
    SAME(porter_hurried_end(op, &value, NULL), PORTER_TIMED_OUT);
    IS(now() - start >= 200000000u);
    UNTIL(porter_gone() == porter_begun());
}

static void told_deadline(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    uint32_t value;
    SAME(porter_finishes_begin(GATE, 20, queue, 1, &op, NULL), PORTER_OK);
    SAME(take(queue), 1);
    UNTIL(porter_gone() == porter_begun());
    SAME(porter_told(), 0);
    SAME(porter_finishes_end(op, &value, NULL), PORTER_TIMED_OUT);
    SAME(look(queue), PORTER_TIMED_OUT);
    /* Nor does it matter that it was told before. */
    SAME(porter_finishes_begin(GATE, 300, queue, 2, &op, NULL), PORTER_OK);
    UNTIL(porter_begun() == 2);
    SAME(porter_op_cancel(op), PORTER_OK);
    UNTIL(porter_told() == 1);
    SAME(take(queue), 2);
    UNTIL(porter_gone() == 2);
    SAME(porter_finishes_end(op, &value, NULL), PORTER_TIMED_OUT);
}

static void no_time(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    uint32_t value;
    SAME(porter_passes_begin(SHUT, 0, queue, 1, &op, NULL), PORTER_OK);
    IS(op != NULL);
    SAME(take(queue), 1);
    SAME(porter_passes_end(op, &value, NULL), PORTER_TIMED_OUT);
    SAME(look(queue), PORTER_TIMED_OUT);
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

/*
 * Ops from inside the library's own calls. Linked with the fixture `errand`.
 *
 *   worker         on a thread of the library's: the twin and endless waits are WOULD_DEADLOCK, the rest works
 *   call           inside a call on the host's own thread
 *   callback       the twin in a queue's callback
 */
#include "ops.h"

static errand_Queue *queue;
static errand_Op *op, *other;
static atomic_int has_run;

static int32_t on_worker(void *unused)
{
    uint32_t value = 5;
    uint64_t tag;
    size_t count;
    char *err = NULL;
    (void)unused;
    SAME(errand_ready(1, &value, &err), ERRAND_WOULD_DEADLOCK);
    IS(says(err, "errand_ready"));
    SAME(value, 5);
    op = begin_ready(6, queue, 1);
    other = begin(SHUT, queue, 2);
    SAME(errand_op_wait(other, FOREVER), ERRAND_WOULD_DEADLOCK);
    SAME(errand_op_wait(other, AT_ONCE), ERRAND_TIMED_OUT);
    SAME(errand_passes_end(other, &value, NULL), ERRAND_NOT_DONE);
    errand_Queue *empty = new_queue(1);
    SAME(errand_queue_take(empty, &tag, 1, &count, FOREVER), ERRAND_WOULD_DEADLOCK);
    SAME(errand_queue_take(empty, &tag, 1, &count, AT_ONCE), ERRAND_TIMED_OUT);
    SAME(errand_queue_free(empty), ERRAND_OK);
    SAME(errand_op_cancel(other), ERRAND_OK);
    has_run++;
    return 11;
}

static void worker(void)
{
    int32_t code = 0;
    uint32_t value = 0;
    queue = new_queue(10);
    SAME(errand_calls_back_there(on_worker, NULL, &code, NULL), ERRAND_OK);
    SAME(code, 11);
    SAME(has_run, 1);
    SAME(take(queue) + take(queue), 3);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 6);
    SAME(errand_passes_end(other, &value, NULL), ERRAND_CANCELLED);
}

static int32_t in_call(void *unused)
{
    uint32_t value = 5;
    (void)unused;
    SAME(errand_sleeps(2, 8, &value, NULL), ERRAND_OK);
    SAME(value, 8);
    op = begin_ready(6, queue, 1);
    SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
    SAME(take(queue), 1);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
    SAME(errand_op_free(begin(SHUT, queue, 2)), ERRAND_OK);
    has_run++;
    return 12;
}

static void call(void)
{
    int32_t code = 0;
    queue = new_queue(10);
    SAME(errand_calls_back(in_call, NULL, &code, NULL), ERRAND_OK);
    SAME(code, 12);
    SAME(has_run, 1);
    SAME(take(queue), 2);
    SAME(errand_shutdown(60000), ERRAND_OK);
}

static void call_twin(void *unused, uint64_t tag)
{
    uint32_t value;
    (void)unused, (void)tag;
    SAME(errand_ready(1, &value, NULL), ERRAND_WOULD_DEADLOCK);
    has_run++;
}

static void callback(void)
{
    SAME(errand_queue_call(1, call_twin, NULL, &queue, NULL), ERRAND_OK);
    SAME(errand_op_free(begin_ready(1, queue, 1)), ERRAND_OK);
    UNTIL(has_run);
    SAME(errand_shutdown(60000), ERRAND_OK);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {{"worker", worker}, {"call", call}, {"callback", callback}};
    return RUN_PART(parts);
}

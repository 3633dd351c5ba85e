/*
 * Ops from inside the library's own calls. Linked with the fixture `porter`.
 *
 *   worker         on a thread of the library's: the twin and endless waits are WOULD_DEADLOCK, the rest works
 *   call           inside a call on the host's own thread
 *   callback       the twin in a queue's callback
 *   awaited        in async code that a call on the host's own thread waits for
 */
#include "ops.h"

static porter_Queue *queue;
static porter_Op *op, *other;
static atomic_int has_run;

static int32_t on_worker(void *unused)
{
    uint32_t value = 5;
    uint64_t tag;
    size_t count;
    char *err = NULL;
    (void)unused;
    SAME(porter_ready(1, &value, &err), PORTER_WOULD_DEADLOCK);
    IS(says(err, "porter_ready"));
    SAME(value, 5);
    op = begin_ready(6, queue, 1);
    other = begin(SHUT, queue, 2);
    SAME(porter_op_wait(other, FOREVER), PORTER_WOULD_DEADLOCK);
    SAME(porter_op_wait(other, AT_ONCE), PORTER_TIMED_OUT);
    SAME(porter_passes_end(other, &value, NULL), PORTER_NOT_DONE);
    porter_Queue *empty = new_queue(1);
    SAME(porter_queue_take(empty, &tag, 1, &count, FOREVER), PORTER_WOULD_DEADLOCK);
    SAME(porter_queue_take(empty, &tag, 1, &count, AT_ONCE), PORTER_TIMED_OUT);
    SAME(porter_queue_free(empty), PORTER_OK);
    SAME(porter_op_cancel(other), PORTER_OK);
    has_run++;
    return 11;
}

static void worker(void)
{
    int32_t code = 0;
    uint32_t value = 0;
    queue = new_queue(10);
    SAME(porter_calls_back_there(on_worker, NULL, &code, NULL), PORTER_OK);
    SAME(code, 11);
    SAME(has_run, 1);
    SAME(take(queue) + take(queue), 3);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(value, 6);
    SAME(porter_passes_end(other, &value, NULL), PORTER_CANCELLED);
}

static int32_t in_call(void *unused)
{
    uint32_t value = 5;
    (void)unused;
    SAME(porter_sleeps(2, 8, &value, NULL), PORTER_OK);
    SAME(value, 8);
    op = begin_ready(6, queue, 1);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(take(queue), 1);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(porter_op_free(begin(SHUT, queue, 2)), PORTER_OK);
    has_run++;
    return 12;
}

static void call(void)
{
    int32_t code = 0;
    queue = new_queue(10);
    SAME(porter_calls_back(in_call, NULL, &code, NULL), PORTER_OK);
    SAME(code, 12);
    SAME(has_run, 1);
    SAME(take(queue), 2);
    SAME(porter_shutdown(60000), PORTER_OK);
}

static void call_twin(void *unused, uint64_t tag)
{
    uint32_t value;
    (void)unused, (void)tag;
    SAME(porter_ready(1, &value, NULL), PORTER_WOULD_DEADLOCK);
    has_run++;
}

static void callback(void)
{
    SAME(porter_queue_call(1, call_twin, NULL, &queue, NULL), PORTER_OK);
    /* Its call comes when the library is ready: before that there is nothing that could wait for itself. */
    begin_ready(1, queue, 1);
    UNTIL(has_run);
    SAME(porter_shutdown(60000), PORTER_OK);
}

static int32_t in_async_code(void *unused)
{
    uint32_t value = 5;
    char *err = NULL;
    (void)unused;
    SAME(porter_ready(1, &value, &err), PORTER_WOULD_DEADLOCK);
    IS(says(err, "porter_ready was called"));
    SAME(value, 5);
    op = begin_ready(6, queue, 1);
    has_run++;
    return 13;
}

static void awaited(void)
{
    int32_t code = 0;
    uint32_t value = 0;
    queue = new_queue(1);
    SAME(porter_calls_back_awaited(in_async_code, NULL, &code, NULL), PORTER_OK);
    SAME(code, 13);
    SAME(has_run, 1);
    SAME(take(queue), 1);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(value, 6);
    /* Outside it waits again. */
    SAME(porter_ready(7, &value, NULL), PORTER_OK);
    SAME(value, 7);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {{"worker", worker}, {"call", call}, {"callback", callback}, {"awaited", awaited}};
    return RUN_PART(parts);
}

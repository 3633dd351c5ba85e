/*
 * Handles that ops give, hold and take. Linked with the fixture `porter`.
 *
 *   gives          an op gives a handle
 *   unfetched      a handle that nobody fetches is dropped with its op
 *   holds          `&T` is held until the op is done: others may read, nobody may close or change it
 *   alone          `&mut T` is the op's alone
 *   takes          `Box<T>` is taken at the start, and dropped if the op is cancelled
 *   refused        an op that does not begin takes nothing
 *   no-clock       nor does one for whose deadline there is no thread
 *   free-again     when the tag has come, the handle is free: results, cancellations, deadlines
 */
#include "ops.h"

static porter_Thing *thing(uint32_t number)
{
    porter_Thing *made = NULL;
    open_gate(GATE);
    SAME(porter_makes(GATE, number, &made, NULL), PORTER_OK);
    return made;
}

static uint32_t number_of(porter_Thing *of)
{
    uint32_t value = 0;
    SAME(porter_looks(of, &value, NULL), PORTER_OK);
    return value;
}

static void gives(void)
{
    porter_Queue *queue = new_queue(1);
    porter_Op *op = NULL;
    porter_Thing *made = NULL;
    SAME(porter_makes_begin(GATE, 4, -1, queue, 1, &op, NULL), PORTER_OK);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(porter_makes_end(op, NULL, NULL), PORTER_INVALID_ARGUMENT);
    SAME(porter_makes_end(op, &made, NULL), PORTER_OK);
    SAME(number_of(made), 4);
    SAME(porter_Thing_free(made), PORTER_OK);
    SAME(porter_things_dropped(), 1);
}

static void unfetched(void)
{
    porter_Op *op = NULL;
    open_gate(GATE);
    for (int i = 0; i < 10; i++) {
        SAME(porter_makes_begin(GATE, 4, -1, NULL, 1, &op, NULL), PORTER_OK);
        SAME(porter_op_wait(op, FOREVER), PORTER_OK);
        SAME(porter_things_dropped(), i);
        SAME(porter_op_free(op), PORTER_OK);
        SAME(porter_things_dropped(), i + 1);
    }
    SAME(porter_makes_begin(GATE, 4, -1, NULL, 1, &op, NULL), PORTER_OK);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(porter_shutdown(60000), PORTER_OK);
    SAME(porter_things_dropped(), 11);
}

static void holds(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL, *other = NULL;
    porter_Thing *one = thing(4);
    uint32_t value = 0;
    SAME(porter_reads_begin(OTHER, one, -1, queue, 1, &op, NULL), PORTER_OK);
    SAME(porter_reads_begin(OTHER, one, -1, queue, 1, &other, NULL), PORTER_OK);
    SAME(number_of(one), 4);
    SAME(porter_adds(GATE, one, 1, &value, NULL), PORTER_HANDLE_BUSY);
    int code = porter_Thing_free(one);
    SAME(code, PORTER_HANDLE_BUSY);
    open_gate(OTHER);
    SAME(take(queue) + take(queue), 2);
    SAME(porter_reads_end(op, &value, NULL), PORTER_OK);
    SAME(value, 4);
    SAME(porter_reads_end(other, &value, NULL), PORTER_OK);
    SAME(porter_Thing_free(one), PORTER_OK);
    SAME(porter_things_dropped(), 1);
}

static void alone(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL, *other = queue ? (porter_Op *)queue : NULL;
    porter_Thing *one = thing(4);
    uint32_t value = 0;
    SAME(porter_adds_begin(OTHER, one, 3, -1, queue, 1, &op, NULL), PORTER_OK);
    SAME(porter_looks(one, &value, NULL), PORTER_HANDLE_BUSY);
    SAME(porter_reads_begin(OTHER, one, -1, queue, 2, &other, NULL), PORTER_HANDLE_BUSY);
    IS(other == NULL);
    open_gate(OTHER);
    SAME(take(queue), 1);
    SAME(porter_adds_end(op, &value, NULL), PORTER_OK);
    SAME(value, 7);
    SAME(number_of(one), 7);
    SAME(look(queue), PORTER_TIMED_OUT);
}

static void takes(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    porter_Thing *one = thing(4), *two = thing(5);
    uint32_t value = 0;
    SAME(porter_consumes_begin(OTHER, one, -1, queue, 1, &op, NULL), PORTER_OK);
    SAME(porter_looks(one, &value, NULL), PORTER_INVALID_HANDLE);
    SAME(porter_things_dropped(), 0);
    open_gate(OTHER);
    SAME(take(queue), 1);
    SAME(porter_things_dropped(), 1);
    SAME(porter_consumes_end(op, &value, NULL), PORTER_OK);
    SAME(value, 4);
    SAME(porter_consumes_begin(SHUT, two, -1, queue, 2, &op, NULL), PORTER_OK);
    SAME(porter_op_free(op), PORTER_OK);
    SAME(take(queue), 2);
    UNTIL(porter_things_dropped() == 2);
}

static void refused(void)
{
    porter_Queue *queue = new_queue(1);
    porter_Op *op = NULL, *busy = begin(SHUT, queue, 1);
    porter_Thing *one = thing(4);
    SAME(porter_consumes_begin(OTHER, one, -1, queue, 1, &op, NULL), PORTER_BUSY);
    SAME(porter_consumes_begin(OTHER, one, -1, NULL, 1, NULL, NULL), PORTER_INVALID_ARGUMENT);
    SAME(porter_adds_begin(OTHER, one, 1, -1, queue, 1, &op, NULL), PORTER_BUSY);
    SAME(number_of(one), 4);
    SAME(porter_Thing_free(one), PORTER_OK);
    SAME(porter_things_dropped(), 1);
    SAME(porter_op_free(busy), PORTER_OK);
}

static void no_clock(void)
{
    porter_Op *op = NULL;
    porter_Thing *one = thing(4);
    char *err = NULL;
    forbid_threads();
    SAME(porter_consumes_begin(GATE, one, 1000, NULL, 1, &op, &err), PORTER_NO_THREAD);
    IS(op == NULL);
    IS(says(err, "porter_consumes_begin: there is no thread for the operation's deadline"));
    SAME(number_of(one), 4);
    SAME(porter_consumes_begin(GATE, one, -1, NULL, 1, &op, NULL), PORTER_OK);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(porter_op_free(op), PORTER_OK);
}

static void free_again(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    porter_Thing *one = thing(0);
    uint32_t value = 0;
    for (uint32_t i = 1; i <= 500; i++) {
        SAME(porter_adds_begin(GATE, one, 1, -1, queue, 1, &op, NULL), PORTER_OK);
        SAME(take(queue), 1);
        SAME(number_of(one), i);
        SAME(porter_op_free(op), PORTER_OK);
    }
    for (uint32_t i = 1; i <= 500; i++) {
        SAME(porter_adds_begin(SHUT, one, 1, i % 50 == 0 ? 2 : -1, queue, 1, &op, NULL), PORTER_OK);
        if (i % 50 != 0)
            SAME(porter_op_cancel(op), PORTER_OK);
        SAME(take(queue), 1);
        SAME(number_of(one), 500);
        SAME(porter_adds_end(op, &value, NULL), i % 50 == 0 ? PORTER_TIMED_OUT : PORTER_CANCELLED);
    }
    SAME(porter_adds_begin(SHUT, one, 1, -1, NULL, 1, &op, NULL), PORTER_OK);
    SAME(porter_op_cancel(op), PORTER_OK);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(porter_Thing_free(one), PORTER_OK);
    SAME(porter_things_dropped(), 1);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"gives", gives}, {"unfetched", unfetched}, {"holds", holds}, {"alone", alone},
        {"takes", takes}, {"refused", refused},     {"free-again", free_again}, {"no-clock", no_clock},
    };
    return RUN_PART(parts);
}

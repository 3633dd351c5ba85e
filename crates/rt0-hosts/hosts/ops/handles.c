/*
 * Handles that ops give, hold and take. Linked with the fixture `errand`.
 *
 *   gives          an op gives a handle
 *   unfetched      a handle that nobody fetches is dropped with its op
 *   holds          `&T` is held until the op is done: others may read, nobody may close or change it
 *   alone          `&mut T` is the op's alone
 *   takes          `Box<T>` is taken at the start, and dropped if the op is cancelled
 *   refused        an op that does not begin takes nothing
 *   free-again     when the tag has come, the handle is free: results, cancellations, deadlines
 */
#include "ops.h"

static errand_Thing *thing(uint32_t number)
{
    errand_Thing *made = NULL;
    open_gate(GATE);
    SAME(errand_makes(GATE, number, &made, NULL), ERRAND_OK);
    return made;
}

static uint32_t number_of(errand_Thing *of)
{
    uint32_t value = 0;
    SAME(errand_looks(of, &value, NULL), ERRAND_OK);
    return value;
}

static void gives(void)
{
    errand_Queue *queue = new_queue(1);
    errand_Op *op = NULL;
    errand_Thing *made = NULL;
    SAME(errand_makes_begin(GATE, 4, -1, queue, 1, &op, NULL), ERRAND_OK);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(errand_makes_end(op, NULL, NULL), ERRAND_INVALID_ARGUMENT);
    SAME(errand_makes_end(op, &made, NULL), ERRAND_OK);
    SAME(number_of(made), 4);
    SAME(errand_Thing_free(made), ERRAND_OK);
    SAME(errand_things_dropped(), 1);
}

static void unfetched(void)
{
    errand_Op *op = NULL;
    open_gate(GATE);
    for (int i = 0; i < 10; i++) {
        SAME(errand_makes_begin(GATE, 4, -1, NULL, 1, &op, NULL), ERRAND_OK);
        SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
        SAME(errand_things_dropped(), i);
        SAME(errand_op_free(op), ERRAND_OK);
        SAME(errand_things_dropped(), i + 1);
    }
    SAME(errand_makes_begin(GATE, 4, -1, NULL, 1, &op, NULL), ERRAND_OK);
    SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
    SAME(errand_shutdown(60000), ERRAND_OK);
    SAME(errand_things_dropped(), 11);
}

static void holds(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL, *other = NULL;
    errand_Thing *one = thing(4);
    uint32_t value = 0;
    SAME(errand_reads_begin(OTHER, one, -1, queue, 1, &op, NULL), ERRAND_OK);
    SAME(errand_reads_begin(OTHER, one, -1, queue, 1, &other, NULL), ERRAND_OK);
    SAME(number_of(one), 4);
    SAME(errand_adds(GATE, one, 1, &value, NULL), ERRAND_HANDLE_BUSY);
    int code = errand_Thing_free(one);
    SAME(code, ERRAND_HANDLE_BUSY);
    open_gate(OTHER);
    SAME(take(queue) + take(queue), 2);
    SAME(errand_reads_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 4);
    SAME(errand_reads_end(other, &value, NULL), ERRAND_OK);
    SAME(errand_Thing_free(one), ERRAND_OK);
    SAME(errand_things_dropped(), 1);
}

static void alone(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL, *other = queue ? (errand_Op *)queue : NULL;
    errand_Thing *one = thing(4);
    uint32_t value = 0;
    SAME(errand_adds_begin(OTHER, one, 3, -1, queue, 1, &op, NULL), ERRAND_OK);
    SAME(errand_looks(one, &value, NULL), ERRAND_HANDLE_BUSY);
    SAME(errand_reads_begin(OTHER, one, -1, queue, 2, &other, NULL), ERRAND_HANDLE_BUSY);
    IS(other == NULL);
    open_gate(OTHER);
    SAME(take(queue), 1);
    SAME(errand_adds_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 7);
    SAME(number_of(one), 7);
    SAME(look(queue), ERRAND_TIMED_OUT);
}

static void takes(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    errand_Thing *one = thing(4), *two = thing(5);
    uint32_t value = 0;
    SAME(errand_consumes_begin(OTHER, one, -1, queue, 1, &op, NULL), ERRAND_OK);
    SAME(errand_looks(one, &value, NULL), ERRAND_INVALID_HANDLE);
    SAME(errand_things_dropped(), 0);
    open_gate(OTHER);
    SAME(take(queue), 1);
    SAME(errand_things_dropped(), 1);
    SAME(errand_consumes_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 4);
    SAME(errand_consumes_begin(SHUT, two, -1, queue, 2, &op, NULL), ERRAND_OK);
    SAME(errand_op_free(op), ERRAND_OK);
    SAME(take(queue), 2);
    UNTIL(errand_things_dropped() == 2);
}

static void refused(void)
{
    errand_Queue *queue = new_queue(1);
    errand_Op *op = NULL, *busy = begin(SHUT, queue, 1);
    errand_Thing *one = thing(4);
    SAME(errand_consumes_begin(OTHER, one, -1, queue, 1, &op, NULL), ERRAND_BUSY);
    SAME(errand_consumes_begin(OTHER, one, -1, NULL, 1, NULL, NULL), ERRAND_INVALID_ARGUMENT);
    SAME(errand_adds_begin(OTHER, one, 1, -1, queue, 1, &op, NULL), ERRAND_BUSY);
    SAME(number_of(one), 4);
    SAME(errand_Thing_free(one), ERRAND_OK);
    SAME(errand_things_dropped(), 1);
    SAME(errand_op_free(busy), ERRAND_OK);
}

static void free_again(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    errand_Thing *one = thing(0);
    uint32_t value = 0;
    for (uint32_t i = 1; i <= 500; i++) {
        SAME(errand_adds_begin(GATE, one, 1, -1, queue, 1, &op, NULL), ERRAND_OK);
        SAME(take(queue), 1);
        SAME(number_of(one), i);
        SAME(errand_op_free(op), ERRAND_OK);
    }
    for (uint32_t i = 1; i <= 500; i++) {
        SAME(errand_adds_begin(SHUT, one, 1, i % 50 == 0 ? 2 : -1, queue, 1, &op, NULL), ERRAND_OK);
        if (i % 50 != 0)
            SAME(errand_op_cancel(op), ERRAND_OK);
        SAME(take(queue), 1);
        SAME(number_of(one), 500);
        SAME(errand_adds_end(op, &value, NULL), i % 50 == 0 ? ERRAND_TIMED_OUT : ERRAND_CANCELLED);
    }
    SAME(errand_adds_begin(SHUT, one, 1, -1, NULL, 1, &op, NULL), ERRAND_OK);
    SAME(errand_op_cancel(op), ERRAND_OK);
    SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
    SAME(errand_Thing_free(one), ERRAND_OK);
    SAME(errand_things_dropped(), 1);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"gives", gives}, {"unfetched", unfetched}, {"holds", holds}, {"alone", alone},
        {"takes", takes}, {"refused", refused},     {"free-again", free_again},
    };
    return RUN_PART(parts);
}

/*
 * How ops are done. Linked with the fixture `porter`.
 *
 *   result, error, panic   what `_end` gives, and that one tag came
 *   copies                 the host's text and numbers are gone when the future reads them
 *   order                  tags come in the order in which ops are done
 *   waits                  without a queue, `_op_wait` waits
 *   not-done               `_end` of an open op
 *   once                   `_end` closes
 *   other                  `_end` of another export
 *   odd                    null, garbage and closed handles
 *   places                 places for results that are not valid: the op keeps its result
 *   twin                   the call that waits
 *   first                  `*op` is there when the tag comes
 *   wrong                  `_begin` with wrong arguments: no op, no tag
 */
#include "ops.h"
#include <sched.h>

static void result(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value = 0;
    porter_Op *op = begin(GATE, queue, 42);
    UNTIL(waiting_at(GATE) == 1);
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_op_wait(op, AT_ONCE), PORTER_TIMED_OUT);
    open_gate(GATE);
    SAME(take(queue), 42);
    SAME(porter_op_wait(op, AT_ONCE), PORTER_OK);
    SAME(porter_passes_end(op, &value, NULL), PORTER_OK);
    SAME(value, 1001);
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_queue_free(queue), PORTER_OK);
    SAME(porter_begun(), 1);
    SAME(porter_gone(), 1);
}

static void error(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    char *err = NULL;
    SAME(porter_fails_begin(GATE, 31, "it was closed", 13, -1, queue, 1, &op, NULL), PORTER_OK);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(porter_fails_end(op, &err), 31);
    IS(says(err, "it was closed"));
    SAME(look(queue), PORTER_TIMED_OUT);
}

static void panic(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    char *err = NULL;
    uint32_t value = 5;
    SAME(porter_panics_begin(GATE, -1, queue, 1, &op, NULL), PORTER_OK);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(porter_panics_end(op, &value, &err), PORTER_PANICKED);
    IS(err != NULL && strstr(err, "the porter has panicked") != NULL);
    porter_free(err);
    SAME(look(queue), PORTER_TIMED_OUT);
    /* The library goes on. */
    SAME(porter_ready(3, &value, NULL), PORTER_OK);
    SAME(value, 3);
}

static void copies(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    char *given = NULL;
    size_t len = 0;
    char text[] = "the words";
    uint32_t numbers[] = {1, 20, 300};
    SAME(porter_tells_begin(GATE, text, strlen(text), numbers, 3, -1, queue, 1, &op, NULL), PORTER_OK);
    memset(text, 'x', sizeof text);
    memset(numbers, 0xff, sizeof numbers);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(porter_tells_end(op, &given, &len, NULL), PORTER_OK);
    IS(given != NULL && strcmp(given, "the words 321") == 0);
    SAME(len, 13);
    SAME(porter_free(given), PORTER_OK);
}

static void order(void)
{
    enum { COUNT = 20 };
    porter_Queue *queue = new_queue(COUNT);
    porter_Op *ops[COUNT];
    uint64_t tags[COUNT];
    size_t count = 0;
    uint32_t value;
    for (uint32_t i = 0; i < COUNT; i++)
        ops[i] = begin(i, queue, 100 + i);
    /* Seven is no part of twenty: another order, each once. */
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t at = 7 * i % COUNT;
        open_gate(at);
        while (porter_op_wait(ops[at], FOREVER) != PORTER_OK)
            printf("it is not done\n");
    }
    SAME(porter_queue_take(queue, tags, 8, &count, AT_ONCE), PORTER_OK);
    SAME(count, 8);
    SAME(porter_queue_take(queue, tags + 8, COUNT, &count, AT_ONCE), PORTER_OK);
    SAME(count, COUNT - 8);
    for (uint32_t i = 0; i < COUNT; i++) {
        SAME(tags[i], 100 + 7 * i % COUNT);
        SAME(porter_passes_end(ops[i], &value, NULL), PORTER_OK);
        SAME(value, 1000 + i);
    }
}

static void *open_later(void *unused)
{
    UNTIL(waiting_at(GATE) == 1);
    open_gate(GATE);
    return unused;
}

static void waits(void)
{
    uint32_t value = 0;
    pthread_t thread = run_thread(open_later, NULL);
    porter_Op *op = begin(GATE, NULL, 0);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(porter_passes_end(op, &value, NULL), PORTER_OK);
    SAME(value, 1001);
    pthread_join(thread, NULL);
    op = begin(SHUT, NULL, 0);
    SAME(porter_op_wait(op, 20), PORTER_TIMED_OUT);
    SAME(porter_op_wait(op, -2), PORTER_INVALID_ARGUMENT);
    SAME(porter_op_free(op), PORTER_OK);
    UNTIL(porter_gone() == 2);
}

static void not_done(void)
{
    uint32_t value = 5;
    char *err = NULL;
    porter_Op *op = begin(GATE, NULL, 0);
    SAME(porter_passes_end(op, &value, &err), PORTER_NOT_DONE);
    IS(says(err, "porter_passes_end"));
    SAME(value, 5);
    open_gate(GATE);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(porter_passes_end(op, &value, NULL), PORTER_OK);
    SAME(value, 1001);
}

static void once(void)
{
    uint32_t value = 5;
    porter_Op *op = begin_ready(6, NULL, 0);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(value, 6);
    SAME(porter_ready_end(op, &value, NULL), PORTER_INVALID_HANDLE);
    SAME(porter_op_wait(op, FOREVER), PORTER_INVALID_HANDLE);
    SAME(porter_op_cancel(op), PORTER_INVALID_HANDLE);
    SAME(porter_op_free(op), PORTER_INVALID_HANDLE);
    /* Its number is not used again. */
    for (uint32_t i = 0; i < 1000; i++) {
        porter_Op *next = begin_ready(i, NULL, 0);
        IS(next != op);
        SAME(porter_op_free(next), PORTER_OK);
    }
}

static void other(void)
{
    uint32_t value = 5;
    char *text = NULL, *err = NULL;
    size_t len = 0;
    porter_Op *op = begin_ready(6, NULL, 0);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    /* Of the same type, and of another. */
    SAME(porter_passes_end(op, &value, &err), PORTER_INVALID_HANDLE);
    IS(says(err, "porter_passes_end: "));
    SAME(porter_tells_end(op, &text, &len, NULL), PORTER_INVALID_HANDLE);
    IS(text == NULL);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(value, 6);
}

static int is_refused(int code)
{
    return code == PORTER_INVALID_HANDLE || code == PORTER_INVALID_ARGUMENT;
}

static void try_handles(void *at)
{
    uint32_t value = 5;
    uint64_t tag = 5;
    size_t count = 5;
    intptr_t fd = 5;
    porter_Op *op = at, *fresh = (porter_Op *)&value;
    porter_Queue *queue = at;
    IS(is_refused(porter_ready_end(op, &value, NULL)));
    IS(is_refused(porter_op_wait(op, FOREVER)));
    IS(is_refused(porter_op_cancel(op)));
    IS(is_refused(porter_queue_take(queue, &tag, 1, &count, FOREVER)));
    IS(is_refused(porter_queue_fd(queue, &fd, NULL)));
    if (at != NULL) {
        IS(is_refused(porter_op_free(op)));
        IS(is_refused(porter_queue_free(queue)));
        IS(is_refused(porter_ready_begin(1, -1, queue, 1, &fresh, NULL)));
        IS(fresh == NULL);
    }
    SAME(value, 5);
}

static void odd(void)
{
    uint64_t random = 99;
    porter_Op *op = begin(SHUT, NULL, 0);
    porter_Queue *queue = new_queue(1);
    uint64_t tag;
    size_t count;
    try_handles(NULL);
    try_handles(&random);
    try_handles((char *)&random + 1);
    for (uintptr_t i = 1; i < 64; i++)
        try_handles((void *)i);
    for (int i = 0; i < 10000; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        try_handles((void *)(uintptr_t)random);
    }
    /* One is no other. */
    IS(is_refused(porter_queue_take((porter_Queue *)op, &tag, 1, &count, AT_ONCE)));
    IS(is_refused(porter_op_wait((porter_Op *)queue, AT_ONCE)));
    IS(is_refused(porter_op_free((porter_Op *)queue)));
    IS(is_refused(porter_queue_free((porter_Queue *)op)));
    SAME(porter_op_free(NULL), PORTER_OK);
    SAME(porter_queue_free(NULL), PORTER_OK);
    SAME(porter_op_free(op), PORTER_OK);
    SAME(porter_queue_free(queue), PORTER_OK);
    SAME(porter_queue_free(queue), PORTER_INVALID_HANDLE);
}

static void places(void)
{
    uint32_t value = 5;
    porter_Op *op = begin_ready(6, NULL, 0);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(porter_ready_end(op, NULL, NULL), PORTER_INVALID_ARGUMENT);
    SAME(porter_ready_end(op, (uint32_t *)((char *)&value + 1), NULL), PORTER_INVALID_ARGUMENT);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(value, 6);
}

static void twin(void)
{
    uint32_t value = 0;
    char *err = NULL, *given = NULL;
    size_t len = 0;
    pthread_t thread = run_thread(open_later, NULL);
    SAME(porter_passes(GATE, &value, NULL), PORTER_OK);
    SAME(value, 1001);
    pthread_join(thread, NULL);
    SAME(porter_fails(GATE, 31, "it was closed", 13, &err), 31);
    IS(says(err, "it was closed"));
    err = NULL;
    SAME(porter_panics(GATE, &value, &err), PORTER_PANICKED);
    IS(err != NULL && strstr(err, "the porter has panicked") != NULL);
    porter_free(err);
    uint32_t numbers[] = {1, 2};
    SAME(porter_tells(GATE, "ab", 2, numbers, 2, &given, &len, NULL), PORTER_OK);
    IS(given != NULL && strcmp(given, "ab 3") == 0);
    porter_free(given);
    SAME(porter_sleeps(5, 9, &value, NULL), PORTER_OK);
    SAME(value, 9);
    SAME(porter_begun(), porter_gone());
}

static void wrong(void)
{
    static const char bad[] = {(char)0xff, 0};
    porter_Queue *queue = new_queue(3), *none = queue;
    porter_Op *op = (porter_Op *)queue;
    char *err = NULL;
    uint64_t tag;
    size_t count;
    intptr_t fd;
    SAME(porter_ready_begin(1, -1, queue, 1, NULL, &err), PORTER_INVALID_ARGUMENT);
    IS(says(err, "porter_ready_begin: "));
    SAME(porter_ready_begin(1, -2, queue, 1, &op, NULL), PORTER_INVALID_ARGUMENT);
    IS(op == NULL);
    op = (porter_Op *)queue;
    SAME(porter_fails_begin(GATE, 1, bad, 1, -1, queue, 1, &op, NULL), PORTER_INVALID_UTF8);
    IS(op == NULL);
    SAME(porter_fails_begin(GATE, 1, NULL, 5, -1, queue, 1, &op, NULL), PORTER_INVALID_ARGUMENT);
    SAME(porter_tells_begin(GATE, "", 0, NULL, 5, -1, queue, 1, &op, NULL), PORTER_INVALID_ARGUMENT);
    SAME(porter_reads_begin(GATE, (porter_Thing *)queue, -1, queue, 1, &op, NULL), PORTER_INVALID_HANDLE);
    IS(op == NULL);
    SAME(porter_queue_new(0, &none, NULL), PORTER_INVALID_ARGUMENT);
    IS(none == NULL);
    SAME(porter_queue_new(1, NULL, NULL), PORTER_INVALID_ARGUMENT);
    SAME(porter_queue_call(1, NULL, NULL, &none, NULL), PORTER_INVALID_ARGUMENT);
    SAME(porter_queue_take(queue, &tag, 0, &count, AT_ONCE), PORTER_INVALID_ARGUMENT);
    SAME(porter_queue_take(queue, NULL, 1, &count, AT_ONCE), PORTER_INVALID_ARGUMENT);
    SAME(porter_queue_take(queue, &tag, 1, NULL, AT_ONCE), PORTER_INVALID_ARGUMENT);
    SAME(porter_queue_take(queue, &tag, 1, &count, -2), PORTER_INVALID_ARGUMENT);
    SAME(porter_queue_fd(queue, NULL, NULL), PORTER_INVALID_ARGUMENT);
    (void)fd;
    /* None of these has a place in the queue. */
    for (uint32_t i = 0; i < 3; i++)
        SAME(porter_op_free(begin_ready(i, queue, i)), PORTER_OK);
    for (uint32_t i = 0; i < 3; i++)
        IS(take(queue) < 3);
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_begun(), 0);
}

static porter_Op *volatile place;

static atomic_int called;

static void end_there(void *unused, uint64_t tag)
{
    uint32_t value = 0;
    (void)unused;
    SAME(porter_ready_end(place, &value, NULL), PORTER_OK);
    SAME(value, tag);
    place = NULL;
    called++;
}

static void first(void)
{
    porter_Queue *queue = NULL;
    SAME(porter_queue_call(1, end_there, NULL, &queue, NULL), PORTER_OK);
    for (int i = 0; i < 300; i++) {
        int code;
        place = NULL;
        while ((code = porter_ready_begin((uint32_t)i, -1, queue, (uint64_t)i, (porter_Op **)&place, NULL)) == PORTER_BUSY)
            sched_yield();
        SAME(code, PORTER_OK);
        UNTIL(called == i + 1);
    }
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"result", result}, {"error", error},   {"panic", panic},     {"copies", copies},
        {"order", order},   {"waits", waits},   {"not-done", not_done}, {"once", once},
        {"other", other},   {"odd", odd},       {"places", places},   {"twin", twin},
        {"wrong", wrong},   {"first", first},
    };
    return RUN_PART(parts);
}

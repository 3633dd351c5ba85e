/*
 * How ops are done. Linked with the fixture `errand`.
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
 *   wrong                  `_begin` with wrong arguments: no op, no tag
 */
#include "ops.h"

static void result(void)
{
    errand_Queue *queue = new_queue(10);
    uint32_t value = 0;
    errand_Op *op = begin(GATE, queue, 42);
    UNTIL(waiting_at(GATE) == 1);
    SAME(look(queue), ERRAND_TIMED_OUT);
    SAME(errand_op_wait(op, AT_ONCE), ERRAND_TIMED_OUT);
    open_gate(GATE);
    SAME(take(queue), 42);
    SAME(errand_op_wait(op, AT_ONCE), ERRAND_OK);
    SAME(errand_passes_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 1001);
    SAME(look(queue), ERRAND_TIMED_OUT);
    SAME(errand_queue_free(queue), ERRAND_OK);
    SAME(errand_begun(), 1);
    SAME(errand_gone(), 1);
}

static void error(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    char *err = NULL;
    SAME(errand_fails_begin(GATE, 31, "it was closed", 13, -1, queue, 1, &op, NULL), ERRAND_OK);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(errand_fails_end(op, &err), 31);
    IS(says(err, "it was closed"));
    SAME(look(queue), ERRAND_TIMED_OUT);
}

static void panic(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    char *err = NULL;
    uint32_t value = 5;
    SAME(errand_panics_begin(GATE, -1, queue, 1, &op, NULL), ERRAND_OK);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(errand_panics_end(op, &value, &err), ERRAND_PANICKED);
    IS(err != NULL && strstr(err, "the errand has panicked") != NULL);
    errand_free(err);
    SAME(look(queue), ERRAND_TIMED_OUT);
    /* The library goes on. */
    SAME(errand_ready(3, &value, NULL), ERRAND_OK);
    SAME(value, 3);
}

static void copies(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = NULL;
    char *given = NULL;
    size_t len = 0;
    char text[] = "the words";
    uint32_t numbers[] = {1, 20, 300};
    SAME(errand_tells_begin(GATE, text, strlen(text), numbers, 3, -1, queue, 1, &op, NULL), ERRAND_OK);
    memset(text, 'x', sizeof text);
    memset(numbers, 0xff, sizeof numbers);
    open_gate(GATE);
    SAME(take(queue), 1);
    SAME(errand_tells_end(op, &given, &len, NULL), ERRAND_OK);
    IS(given != NULL && strcmp(given, "the words 321") == 0);
    SAME(len, 13);
    SAME(errand_free(given), ERRAND_OK);
}

static void order(void)
{
    enum { COUNT = 20 };
    errand_Queue *queue = new_queue(COUNT);
    errand_Op *ops[COUNT];
    uint64_t tags[COUNT];
    size_t count = 0;
    uint32_t value;
    for (uint32_t i = 0; i < COUNT; i++)
        ops[i] = begin(i, queue, 100 + i);
    /* Seven is no part of twenty: another order, each once. */
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t at = 7 * i % COUNT;
        open_gate(at);
        while (errand_op_wait(ops[at], FOREVER) != ERRAND_OK)
            printf("it is not done\n");
    }
    SAME(errand_queue_take(queue, tags, 8, &count, AT_ONCE), ERRAND_OK);
    SAME(count, 8);
    SAME(errand_queue_take(queue, tags + 8, COUNT, &count, AT_ONCE), ERRAND_OK);
    SAME(count, COUNT - 8);
    for (uint32_t i = 0; i < COUNT; i++) {
        SAME(tags[i], 100 + 7 * i % COUNT);
        SAME(errand_passes_end(ops[i], &value, NULL), ERRAND_OK);
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
    errand_Op *op = begin(GATE, NULL, 0);
    SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
    SAME(errand_passes_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 1001);
    pthread_join(thread, NULL);
    op = begin(SHUT, NULL, 0);
    SAME(errand_op_wait(op, 20), ERRAND_TIMED_OUT);
    SAME(errand_op_wait(op, -2), ERRAND_INVALID_ARGUMENT);
    SAME(errand_op_free(op), ERRAND_OK);
    UNTIL(errand_gone() == 2);
}

static void not_done(void)
{
    uint32_t value = 5;
    char *err = NULL;
    errand_Op *op = begin(GATE, NULL, 0);
    SAME(errand_passes_end(op, &value, &err), ERRAND_NOT_DONE);
    IS(says(err, "errand_passes_end"));
    SAME(value, 5);
    open_gate(GATE);
    SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
    SAME(errand_passes_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 1001);
}

static void once(void)
{
    uint32_t value = 5;
    errand_Op *op = begin_ready(6, NULL, 0);
    SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 6);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_INVALID_HANDLE);
    SAME(errand_op_wait(op, FOREVER), ERRAND_INVALID_HANDLE);
    SAME(errand_op_cancel(op), ERRAND_INVALID_HANDLE);
    SAME(errand_op_free(op), ERRAND_INVALID_HANDLE);
    /* Its number is not used again. */
    for (uint32_t i = 0; i < 1000; i++) {
        errand_Op *next = begin_ready(i, NULL, 0);
        IS(next != op);
        SAME(errand_op_free(next), ERRAND_OK);
    }
}

static void other(void)
{
    uint32_t value = 5;
    char *text = NULL, *err = NULL;
    size_t len = 0;
    errand_Op *op = begin_ready(6, NULL, 0);
    SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
    /* Of the same type, and of another. */
    SAME(errand_passes_end(op, &value, &err), ERRAND_INVALID_HANDLE);
    IS(says(err, "errand_passes_end: "));
    SAME(errand_tells_end(op, &text, &len, NULL), ERRAND_INVALID_HANDLE);
    IS(text == NULL);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 6);
}

static int is_refused(int code)
{
    return code == ERRAND_INVALID_HANDLE || code == ERRAND_INVALID_ARGUMENT;
}

static void try_handles(void *at)
{
    uint32_t value = 5;
    uint64_t tag = 5;
    size_t count = 5;
    intptr_t fd = 5;
    errand_Op *op = at, *fresh = (errand_Op *)&value;
    errand_Queue *queue = at;
    IS(is_refused(errand_ready_end(op, &value, NULL)));
    IS(is_refused(errand_op_wait(op, FOREVER)));
    IS(is_refused(errand_op_cancel(op)));
    IS(is_refused(errand_queue_take(queue, &tag, 1, &count, FOREVER)));
    IS(is_refused(errand_queue_fd(queue, &fd, NULL)));
    if (at != NULL) {
        IS(is_refused(errand_op_free(op)));
        IS(is_refused(errand_queue_free(queue)));
        IS(is_refused(errand_ready_begin(1, -1, queue, 1, &fresh, NULL)));
        IS(fresh == NULL);
    }
    SAME(value, 5);
}

static void odd(void)
{
    uint64_t random = 99;
    errand_Op *op = begin(SHUT, NULL, 0);
    errand_Queue *queue = new_queue(1);
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
    IS(is_refused(errand_queue_take((errand_Queue *)op, &tag, 1, &count, AT_ONCE)));
    IS(is_refused(errand_op_wait((errand_Op *)queue, AT_ONCE)));
    IS(is_refused(errand_op_free((errand_Op *)queue)));
    IS(is_refused(errand_queue_free((errand_Queue *)op)));
    SAME(errand_op_free(NULL), ERRAND_OK);
    SAME(errand_queue_free(NULL), ERRAND_OK);
    SAME(errand_op_free(op), ERRAND_OK);
    SAME(errand_queue_free(queue), ERRAND_OK);
    SAME(errand_queue_free(queue), ERRAND_INVALID_HANDLE);
}

static void places(void)
{
    uint32_t value = 5;
    errand_Op *op = begin_ready(6, NULL, 0);
    SAME(errand_op_wait(op, FOREVER), ERRAND_OK);
    SAME(errand_ready_end(op, NULL, NULL), ERRAND_INVALID_ARGUMENT);
    SAME(errand_ready_end(op, (uint32_t *)((char *)&value + 1), NULL), ERRAND_INVALID_ARGUMENT);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 6);
}

static void twin(void)
{
    uint32_t value = 0;
    char *err = NULL, *given = NULL;
    size_t len = 0;
    pthread_t thread = run_thread(open_later, NULL);
    SAME(errand_passes(GATE, &value, NULL), ERRAND_OK);
    SAME(value, 1001);
    pthread_join(thread, NULL);
    SAME(errand_fails(GATE, 31, "it was closed", 13, &err), 31);
    IS(says(err, "it was closed"));
    err = NULL;
    SAME(errand_panics(GATE, &value, &err), ERRAND_PANICKED);
    IS(err != NULL && strstr(err, "the errand has panicked") != NULL);
    errand_free(err);
    uint32_t numbers[] = {1, 2};
    SAME(errand_tells(GATE, "ab", 2, numbers, 2, &given, &len, NULL), ERRAND_OK);
    IS(given != NULL && strcmp(given, "ab 3") == 0);
    errand_free(given);
    SAME(errand_sleeps(5, 9, &value, NULL), ERRAND_OK);
    SAME(value, 9);
    SAME(errand_begun(), errand_gone());
}

static void wrong(void)
{
    static const char bad[] = {(char)0xff, 0};
    errand_Queue *queue = new_queue(3), *none = queue;
    errand_Op *op = (errand_Op *)queue;
    char *err = NULL;
    uint64_t tag;
    size_t count;
    intptr_t fd;
    SAME(errand_ready_begin(1, -1, queue, 1, NULL, &err), ERRAND_INVALID_ARGUMENT);
    IS(says(err, "errand_ready_begin: "));
    SAME(errand_ready_begin(1, -2, queue, 1, &op, NULL), ERRAND_INVALID_ARGUMENT);
    IS(op == NULL);
    op = (errand_Op *)queue;
    SAME(errand_fails_begin(GATE, 1, bad, 1, -1, queue, 1, &op, NULL), ERRAND_INVALID_UTF8);
    IS(op == NULL);
    SAME(errand_fails_begin(GATE, 1, NULL, 5, -1, queue, 1, &op, NULL), ERRAND_INVALID_ARGUMENT);
    SAME(errand_tells_begin(GATE, "", 0, NULL, 5, -1, queue, 1, &op, NULL), ERRAND_INVALID_ARGUMENT);
    SAME(errand_reads_begin(GATE, (errand_Thing *)queue, -1, queue, 1, &op, NULL), ERRAND_INVALID_HANDLE);
    IS(op == NULL);
    SAME(errand_queue_new(0, &none, NULL), ERRAND_INVALID_ARGUMENT);
    IS(none == NULL);
    SAME(errand_queue_new(1, NULL, NULL), ERRAND_INVALID_ARGUMENT);
    SAME(errand_queue_call(1, NULL, NULL, &none, NULL), ERRAND_INVALID_ARGUMENT);
    SAME(errand_queue_take(queue, &tag, 0, &count, AT_ONCE), ERRAND_INVALID_ARGUMENT);
    SAME(errand_queue_take(queue, NULL, 1, &count, AT_ONCE), ERRAND_INVALID_ARGUMENT);
    SAME(errand_queue_take(queue, &tag, 1, NULL, AT_ONCE), ERRAND_INVALID_ARGUMENT);
    SAME(errand_queue_take(queue, &tag, 1, &count, -2), ERRAND_INVALID_ARGUMENT);
    SAME(errand_queue_fd(queue, NULL, NULL), ERRAND_INVALID_ARGUMENT);
    (void)fd;
    /* None of these has a place in the queue. */
    for (uint32_t i = 0; i < 3; i++)
        SAME(errand_op_free(begin_ready(i, queue, i)), ERRAND_OK);
    for (uint32_t i = 0; i < 3; i++)
        IS(take(queue) < 3);
    SAME(look(queue), ERRAND_TIMED_OUT);
    SAME(errand_begun(), 0);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"result", result}, {"error", error},   {"panic", panic},     {"copies", copies},
        {"order", order},   {"waits", waits},   {"not-done", not_done}, {"once", once},
        {"other", other},   {"odd", odd},       {"places", places},   {"twin", twin},
        {"wrong", wrong},
    };
    return RUN_PART(parts);
}

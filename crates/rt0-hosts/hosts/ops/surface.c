/*
 * Calls every form of async export: the blocking twin, `_begin` and `_end`, with every type that outlives a call.
 * Linked with the fixture `errands`. Each line that is printed is a failure.
 */
#include "../host.h"
#include "errands.h"

static int failures;

/* Checks the code, and that an error's text names this. */
static void check(int line, int code, int wanted, char *err, const char *named)
{
    int right = code == wanted;
    if (wanted == ERRANDS_OK)
        right = right && err == NULL;
    else
        right = right && err != NULL && strstr(err, named) != NULL && strcmp(err, errands_last_error()) == 0;
    if (!right) {
        printf("line %d: %d, not %d: %s\n", line, code, wanted, err ? err : "(null)");
        failures++;
    }
    errands_free(err);
}

#define GOOD(call) do { err = NULL; int got = call; check(__LINE__, got, ERRANDS_OK, err, ""); } while (0)
#define BAD(wanted, named, call) \
    do { err = (char *)8; int got = call; check(__LINE__, got, wanted, err, named); } while (0)
#define IS(what) \
    do { if (!(what)) { printf("line %d: " #what "\n", __LINE__); failures++; } } while (0)

static char *err;
static errands_Queue *queue;
static uint32_t door;

/* Takes one tag, and checks it. */
static void arrives(int line, uint64_t wanted)
{
    uint64_t tag = 0;
    size_t count = 0;
    int code = errands_queue_take(queue, &tag, 1, &count, 20000);
    if (code != ERRANDS_OK || count != 1 || tag != wanted) {
        printf("line %d: %d, %zu tags, %llu, not %llu\n", line, code, count, (unsigned long long)tag,
            (unsigned long long)wanted);
        failures++;
    }
}
#define ARRIVES(tag) arrives(__LINE__, tag)

static void twins(void)
{
    uint64_t number = 0, *numbers = NULL;
    uint32_t passed = 1;
    size_t count = 0;
    char *text = NULL;
    bool some = true;
    errands_Pair pair = { 3, 4 };
    const uint64_t three[3] = { 7, 8, 9 };
    GOOD(errands_ready(5, &number, &err));
    IS(number == 5);
    GOOD(errands_pass(0, &passed, &err));
    IS(passed == 0);
    GOOD(errands_twice(0, "ab", 2, "c", 1, &text, NULL, &err));
    IS(text != NULL && strcmp(text, "ababc") == 0);
    errands_free(text);
    GOOD(errands_backwards(0, three, 3, &pair, &numbers, &count, &err));
    IS(count == 5 && numbers[0] == 9 && numbers[2] == 7 && numbers[3] == 3 && numbers[4] == 4);
    errands_free(numbers);
    GOOD(errands_refuse(0, 0, &number, &some, &err));
    IS(!some);
    BAD(42, "refused with 42", errands_refuse(0, 42, &number, &some, &err));
    BAD(ERRANDS_PANICKED, "at door 0", errands_panics(0, &err));
    BAD(ERRANDS_TIMED_OUT, "errands_limited", errands_limited(1000000, &err));
    BAD(ERRANDS_INVALID_ARGUMENT, "errands_ready: out", errands_ready(5, NULL, &err));
    BAD(ERRANDS_INVALID_UTF8, "errands_twice: text", errands_twice(0, "a\xff", 2, NULL, 0, &text, NULL, &err));
}

static void begun(void)
{
    errands_Op *op = NULL, *other = NULL;
    uint64_t number = 0;
    GOOD(errands_ready_begin(6, -1, queue, 1, &op, &err));
    IS(op != NULL);
    ARRIVES(1);
    GOOD(errands_ready_end(op, &number, &err));
    IS(number == 6);
    BAD(ERRANDS_INVALID_HANDLE, "errands_ready_end", errands_ready_end(op, &number, &err));
    /* Without a queue. */
    GOOD(errands_ready_begin(7, -1, NULL, 0, &op, &err));
    IS(errands_op_wait(op, 20000) == ERRANDS_OK);
    GOOD(errands_ready_end(op, &number, &err));
    IS(number == 7);
    /* In the order in which they are done. */
    door += 2;
    GOOD(errands_pass_begin(door, -1, queue, 11, &op, &err));
    GOOD(errands_pass_begin(door - 1, -1, queue, 12, &other, &err));
    uint32_t passed = 0;
    BAD(ERRANDS_NOT_DONE, "errands_pass_end", errands_pass_end(op, &passed, &err));
    IS(errands_op_wait(op, 0) == ERRANDS_TIMED_OUT);
    GOOD(errands_open_doors(door - 1, &err));
    ARRIVES(12);
    GOOD(errands_open_doors(door, &err));
    ARRIVES(11);
    /* An op of another export. */
    BAD(ERRANDS_INVALID_HANDLE, "errands_ready_end", errands_ready_end(op, &number, &err));
    /* A place that is wrong leaves the op open. */
    BAD(ERRANDS_INVALID_ARGUMENT, "errands_pass_end: out", errands_pass_end(op, NULL, &err));
    GOOD(errands_pass_end(op, &passed, &err));
    IS(passed == door);
    GOOD(errands_pass_end(other, &passed, &err));
    IS(passed == door - 1);
}

/* What a host passes is copied: it may be overwritten once `_begin` has returned. */
static void copied(void)
{
    errands_Op *op = NULL;
    char text[3] = "ab", more[2] = "c", *twice = NULL;
    uint64_t numbers[3] = { 7, 8, 9 }, *backwards = NULL;
    errands_Pair pair = { 3, 4 };
    size_t count = 0;
    door++;
    GOOD(errands_twice_begin(door, text, 2, more, 1, -1, queue, 21, &op, &err));
    memset(text, 'x', 2);
    more[0] = 'x';
    GOOD(errands_open_doors(door, &err));
    ARRIVES(21);
    GOOD(errands_twice_end(op, &twice, &count, &err));
    IS(count == 5 && strcmp(twice, "ababc") == 0);
    errands_free(twice);
    door++;
    GOOD(errands_backwards_begin(door, numbers, 3, &pair, -1, queue, 22, &op, &err));
    memset(numbers, 0, sizeof numbers);
    memset(&pair, 0, sizeof pair);
    GOOD(errands_open_doors(door, &err));
    ARRIVES(22);
    GOOD(errands_backwards_end(op, &backwards, &count, &err));
    IS(count == 5 && backwards[0] == 9 && backwards[2] == 7 && backwards[3] == 3 && backwards[4] == 4);
    errands_free(backwards);
}

static void failed(void)
{
    errands_Op *op = (errands_Op *)8;
    uint64_t number = 0, dropped = 0, then = 0;
    uint32_t passed = 0;
    bool some = false;
    /* Nothing begins: no op, and no tag. */
    BAD(ERRANDS_INVALID_UTF8, "errands_twice_begin: text",
        errands_twice_begin(0, "a\xff", 2, NULL, 0, -1, queue, 31, &op, &err));
    IS(op == NULL);
    BAD(ERRANDS_INVALID_ARGUMENT, "errands_backwards_begin: numbers",
        errands_backwards_begin(0, NULL, 3, NULL, -1, queue, 31, &op, &err));
    BAD(ERRANDS_INVALID_ARGUMENT, "errands_backwards_begin: pair",
        errands_backwards_begin(0, NULL, 0, NULL, -1, queue, 31, &op, &err));
    BAD(ERRANDS_INVALID_ARGUMENT, "op", errands_ready_begin(1, -1, queue, 31, NULL, &err));
    BAD(ERRANDS_INVALID_ARGUMENT, "timeout_ms", errands_ready_begin(1, -2, queue, 31, &op, &err));
    IS(op == NULL);
    /* What an op can end with. */
    GOOD(errands_refuse_begin(0, 42, -1, queue, 32, &op, &err));
    ARRIVES(32);
    BAD(42, "refused with 42", errands_refuse_end(op, &number, &some, &err));
    GOOD(errands_panics_begin(0, -1, queue, 33, &op, &err));
    ARRIVES(33);
    BAD(ERRANDS_PANICKED, "errands_panics", errands_panics_end(op, &err));
    GOOD(errands_dropped(&dropped, &err));
    GOOD(errands_limited_begin(1000000, -1, queue, 34, &op, &err));
    ARRIVES(34);
    BAD(ERRANDS_TIMED_OUT, "errands_limited", errands_limited_end(op, &err));
    GOOD(errands_pass_begin(1000000, 0, queue, 35, &op, &err));
    ARRIVES(35);
    BAD(ERRANDS_TIMED_OUT, "errands_pass", errands_pass_end(op, &passed, &err));
    GOOD(errands_pass_begin(1000000, -1, queue, 36, &op, &err));
    IS(errands_op_cancel(op) == ERRANDS_OK);
    ARRIVES(36);
    BAD(ERRANDS_CANCELLED, "errands_pass", errands_pass_end(op, &passed, &err));
    GOOD(errands_dropped(&then, &err));
    IS(then > dropped);
    /* The host's own time replaces the export's. */
    door++;
    GOOD(errands_limited_begin(door, 3600000, queue, 37, &op, &err));
    GOOD(errands_open_doors(door, &err));
    ARRIVES(37);
    GOOD(errands_limited_end(op, &err));
    /* One that is told goes on to its own end. */
    door++;
    GOOD(errands_told_begin(door, -1, queue, 38, &op, &err));
    BAD(ERRANDS_NOT_DONE, "errands_told_end", errands_told_end(op, &passed, &err));
    IS(errands_op_cancel(op) == ERRANDS_OK);
    GOOD(errands_open_doors(door, &err));
    ARRIVES(38);
    GOOD(errands_told_end(op, &passed, &err));
    IS(passed == door);
    /* Freed before it is done: its tag comes all the same. */
    GOOD(errands_pass_begin(1000000, -1, queue, 39, &op, &err));
    IS(errands_op_free(op) == ERRANDS_OK);
    ARRIVES(39);
    IS(errands_op_free(NULL) == ERRANDS_OK);
    BAD(ERRANDS_INVALID_HANDLE, "errands_pass_end", errands_pass_end(op, &passed, &err));
}

static void handles(void)
{
    errands_Op *op = NULL, *other = NULL;
    errands_Counter *one = NULL, *two = NULL;
    uint64_t number = 0;
    GOOD(errands_counter(0, 10, &one, &err));
    GOOD(errands_counter_begin(0, 20, -1, queue, 41, &op, &err));
    ARRIVES(41);
    GOOD(errands_counter_end(op, &two, &err));
    GOOD(errands_sum(0, one, two, &number, &err));
    IS(number == 30);
    /* Held for the op's time. */
    door++;
    GOOD(errands_add_begin(door, one, 5, -1, queue, 42, &op, &err));
    BAD(ERRANDS_HANDLE_BUSY, "errands_sum_begin: one", errands_sum_begin(0, one, NULL, -1, queue, 43, &other, &err));
    IS(other == NULL);
    GOOD(errands_open_doors(door, &err));
    ARRIVES(42);
    GOOD(errands_add_end(op, &number, &err));
    IS(number == 15);
    door++;
    GOOD(errands_sum_begin(door, one, two, -1, queue, 44, &op, &err));
    GOOD(errands_sum_begin(door, one, NULL, -1, queue, 45, &other, &err));
    BAD(ERRANDS_HANDLE_BUSY, "errands_add: counter", errands_add(0, one, 5, &number, &err));
    IS(errands_op_cancel(other) == ERRANDS_OK);
    ARRIVES(45);
    GOOD(errands_open_doors(door, &err));
    ARRIVES(44);
    GOOD(errands_sum_end(op, &number, &err));
    IS(number == 35);
    BAD(ERRANDS_CANCELLED, "errands_sum", errands_sum_end(other, &number, &err));
    GOOD(errands_add(0, one, 5, &number, &err));
    IS(number == 20);
    /* Taken at once. */
    door++;
    GOOD(errands_close_begin(door, one, -1, queue, 46, &op, &err));
    BAD(ERRANDS_INVALID_HANDLE, "errands_add: counter", errands_add(0, one, 5, &number, &err));
    GOOD(errands_open_doors(door, &err));
    ARRIVES(46);
    GOOD(errands_close_end(op, &number, &err));
    IS(number == 20);
    BAD(ERRANDS_INVALID_HANDLE, "errands_close_begin: counter",
        errands_close_begin(0, (errands_Counter *)7, -1, queue, 47, &op, &err));
    IS(errands_Counter_free(two) == ERRANDS_OK);
}

int main(void)
{
    uint64_t tag = 0;
    size_t count = 0;
    IS(errands_abi_version() == ERRANDS_ABI_VERSION);
    GOOD(errands_queue_new(64, &queue, &err));
    twins();
    begun();
    copied();
    failed();
    handles();
    IS(errands_queue_take(queue, &tag, 1, &count, 0) == ERRANDS_TIMED_OUT);
    /* Every op that is open is done before a shutdown returns. */
    errands_Op *op = NULL;
    uint32_t passed = 0;
    GOOD(errands_pass_begin(1000000, -1, queue, 51, &op, &err));
    IS(errands_shutdown(20000) == ERRANDS_OK);
    IS(errands_queue_take(queue, &tag, 1, &count, 0) == ERRANDS_OK);
    IS(count == 1 && tag == 51);
    IS(errands_queue_take(queue, &tag, 1, &count, -1) == ERRANDS_STOPPED);
    BAD(ERRANDS_STOPPED, "errands_pass", errands_pass_end(op, &passed, &err));
    IS(errands_queue_free(queue) == ERRANDS_OK);
    return failures > 0;
}

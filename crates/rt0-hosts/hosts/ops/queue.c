/*
 * Queues. Linked with the fixture `porter`.
 *
 *   busy           at the limit `_begin` answers BUSY at once, and there is room again after a take
 *   busy-many      the limit holds for many threads together
 *   takers         64 threads take from one queue: each tag once
 *   sleepers       64 threads wait; each tag wakes one
 *   freed          `queue_free` under takers
 *   freed-ops      ops go on when their queue is freed; their tags are dropped
 *   untaken        a queue that nobody takes from
 *   full-ended     one that is full when the library is shut down has ended
 *   some           a take takes as many as there is room for, in order
 *   two            two queues do not mix
 */
#include "ops.h"

enum { THREADS = 64 };

static void busy(void)
{
    porter_Queue *queue = new_queue(3);
    porter_Op *op = (porter_Op *)queue, *ops[3];
    char *err = NULL;
    uint32_t value;
    for (uint32_t i = 0; i < 3; i++)
        ops[i] = begin(SHUT, queue, i);
    SAME(porter_passes_begin(SHUT, -1, queue, 9, &op, &err), PORTER_BUSY);
    IS(op == NULL);
    IS(says(err, "porter_passes_begin: "));
    /* A copy of the arguments or a hold on a handle is not left behind. */
    SAME(porter_tells_begin(SHUT, "x", 1, NULL, 0, -1, queue, 9, &op, NULL), PORTER_BUSY);
    /* Done is not taken. */
    SAME(porter_op_cancel(ops[1]), PORTER_OK);
    SAME(porter_op_wait(ops[1], FOREVER), PORTER_OK);
    SAME(porter_passes_begin(SHUT, -1, queue, 9, &op, NULL), PORTER_BUSY);
    /* Nor does taking its result make room. */
    SAME(porter_passes_end(ops[1], &value, NULL), PORTER_CANCELLED);
    SAME(porter_passes_begin(SHUT, -1, queue, 9, &op, NULL), PORTER_BUSY);
    SAME(take(queue), 1);
    op = begin(SHUT, queue, 7);
    SAME(porter_passes_begin(SHUT, -1, queue, 9, &ops[1], NULL), PORTER_BUSY);
    SAME(porter_op_free(op), PORTER_OK);
    SAME(take(queue), 7);
    /* A wrong argument gives its place back. */
    SAME(porter_ready_begin(1, -2, queue, 9, &op, NULL), PORTER_INVALID_ARGUMENT);
    SAME(porter_reads_begin(SHUT, (porter_Thing *)queue, -1, queue, 9, &op, NULL), PORTER_INVALID_HANDLE);
    SAME(porter_op_free(begin(SHUT, queue, 8)), PORTER_OK);
    SAME(take(queue), 8);
    /* Without a queue there is no limit. */
    for (int i = 0; i < 100; i++)
        SAME(porter_op_free(begin(SHUT, NULL, 0)), PORTER_OK);
}

static porter_Queue *shared;
static atomic_int begun, refused;

static void *begin_many(void *unused)
{
    for (int i = 0; i < 50; i++) {
        porter_Op *op = NULL;
        int code = porter_passes_begin(SHUT, -1, shared, 5, &op, NULL);
        if (code == PORTER_OK)
            begun++;
        else if (code == PORTER_BUSY && op == NULL)
            refused++;
        else
            printf("it gave %d\n", code);
    }
    return unused;
}

static void busy_many(void)
{
    pthread_t threads[THREADS];
    shared = new_queue(1000);
    for (int i = 0; i < THREADS; i++)
        threads[i] = run_thread(begin_many, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    SAME(begun, 1000);
    SAME(begun + refused, THREADS * 50);
}

enum { TAGS = 20000 };
static atomic_int taken, seen[TAGS];

static void *take_many(void *unused)
{
    uint64_t tags[5];
    size_t count;
    int code;
    while ((code = porter_queue_take(shared, tags, 5, &count, FOREVER)) == PORTER_OK) {
        if (count < 1 || count > 5)
            printf("%zu tags\n", count);
        for (size_t i = 0; i < count; i++)
            seen[tags[i]]++;
        taken += (int)count;
    }
    SAME(code, PORTER_STOPPED);
    SAME(count, 0);
    return unused;
}

static void takers(void)
{
    pthread_t threads[THREADS];
    shared = new_queue(TAGS);
    for (int i = 0; i < THREADS; i++)
        threads[i] = run_thread(take_many, NULL);
    for (uint32_t i = 0; i < TAGS; i++)
        SAME(porter_op_free(begin_ready(i, shared, i)), PORTER_OK);
    UNTIL(taken == TAGS);
    SAME(porter_queue_free(shared), PORTER_OK);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < TAGS; i++)
        if (seen[i] != 1)
            printf("tag %d was taken %d times\n", i, seen[i]);
}

static atomic_int woken;

static void *take_once(void *unused)
{
    seen[take(shared)]++;
    woken++;
    return unused;
}

/* None is lost: each of the tags comes alone, when all takers may be asleep. */
static void sleepers(void)
{
    pthread_t threads[THREADS];
    shared = new_queue(1);
    for (int i = 0; i < THREADS; i++)
        threads[i] = run_thread(take_once, NULL);
    for (int i = 0; i < THREADS; i++) {
        porter_Op *op = NULL;
        int code;
        while ((code = porter_ready_begin(1, -1, shared, (uint64_t)i, &op, NULL)) == PORTER_BUSY)
            usleep(100);
        SAME(code, PORTER_OK);
        SAME(porter_op_free(op), PORTER_OK);
        UNTIL(woken == i + 1);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        SAME(seen[i], 1);
}

static atomic_int about_to_take;

static void *take_until_stopped(void *unused)
{
    uint64_t tag;
    size_t count;
    about_to_take++;
    int code = porter_queue_take(shared, &tag, 1, &count, FOREVER);
    /* It may come only when the queue is closed already. */
    IS(code == PORTER_STOPPED || code == PORTER_INVALID_HANDLE);
    return unused;
}

static void freed(void)
{
    uint64_t tag;
    size_t count;
    porter_Op *op = NULL;
    for (int round = 0; round < 200; round++) {
        pthread_t threads[4];
        shared = new_queue(1);
        about_to_take = 0;
        for (int i = 0; i < 4; i++)
            threads[i] = run_thread(take_until_stopped, NULL);
        UNTIL(about_to_take == 4);
        if (round % 2)
            usleep((useconds_t)(round * 10));
        SAME(porter_queue_free(shared), PORTER_OK);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
        SAME(porter_queue_take(shared, &tag, 1, &count, FOREVER), PORTER_INVALID_HANDLE);
        SAME(porter_queue_free(shared), PORTER_INVALID_HANDLE);
        SAME(porter_ready_begin(1, -1, shared, 1, &op, NULL), PORTER_INVALID_HANDLE);
        IS(op == NULL);
    }
}

static void freed_ops(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value = 0;
    porter_Op *op = begin(GATE, queue, 1), *done = begin_ready(3, queue, 2), *left = begin(GATE, queue, 3);
    SAME(porter_op_wait(done, FOREVER), PORTER_OK);
    SAME(porter_queue_free(queue), PORTER_OK);
    SAME(porter_ready_end(done, &value, NULL), PORTER_OK);
    SAME(value, 3);
    open_gate(GATE);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(porter_passes_end(op, &value, NULL), PORTER_OK);
    SAME(value, 1001);
    SAME(porter_op_free(left), PORTER_OK);
    UNTIL(porter_gone() == 2);
}

static void untaken(void)
{
    enum { MOST = 50000 };
    porter_Queue *queue = new_queue(MOST);
    porter_Op *op = NULL;
    uint32_t value;
    long most = 0;
    for (int i = 0; i < MOST; i++) {
        op = begin_ready(1, queue, (uint64_t)i);
        SAME(porter_op_wait(op, FOREVER), PORTER_OK);
        SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    }
    long before = resident();
    for (int i = 0; i < 2 * MOST; i++)
        if (porter_ready_begin(1, -1, queue, 1, &op, NULL) != PORTER_BUSY)
            printf("there is room\n");
    most = resident() - before;
    if (most > 1000)
        printf("refused ops took %ld KiB\n", most);
    /* A tag is a number, and needs no more. */
    SAME(porter_shutdown(60000), PORTER_OK);
}

static void full_ended(void)
{
    porter_Queue *queue = new_queue(1);
    porter_Op *op = begin(SHUT, queue, 4);
    SAME(porter_passes_begin(SHUT, -1, queue, 9, &op, NULL), PORTER_BUSY);
    SAME(porter_shutdown(60000), PORTER_OK);
    /* Its tag was not taken, but no take makes room any more. */
    SAME(porter_passes_begin(SHUT, -1, queue, 9, &op, NULL), PORTER_STOPPED);
    SAME(take(queue), 4);
    SAME(porter_queue_free(queue), PORTER_OK);
}

static void some(void)
{
    porter_Queue *queue = new_queue(100);
    porter_Op *op = NULL;
    uint64_t tags[101];
    size_t count;
    for (uint32_t i = 0; i < 100; i++) {
        op = begin_ready(i, queue, i);
        SAME(porter_op_wait(op, FOREVER), PORTER_OK);
        SAME(porter_op_free(op), PORTER_OK);
    }
    for (uint64_t i = 0; i < 100; i += count) {
        memset(tags, 0xff, sizeof tags);
        SAME(porter_queue_take(queue, tags, 1 + i, &count, FOREVER), PORTER_OK);
        IS(count >= 1 && count <= 1 + i);
        for (uint64_t k = 0; k < count; k++)
            SAME(tags[k], i + k);
        SAME(tags[count], (uint64_t)-1);
    }
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_queue_take(queue, tags, 1, &count, 20), PORTER_TIMED_OUT);
    SAME(count, 0);
}

static void two(void)
{
    porter_Queue *one = new_queue(1), *other = new_queue(2);
    porter_Op *first = begin(GATE, one, 1), *second = begin(OTHER, other, 2);
    open_gate(OTHER);
    SAME(take(other), 2);
    SAME(look(one), PORTER_TIMED_OUT);
    SAME(porter_queue_free(other), PORTER_OK);
    open_gate(GATE);
    SAME(take(one), 1);
    SAME(porter_op_free(first), PORTER_OK);
    SAME(porter_op_free(second), PORTER_OK);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"busy", busy},       {"busy-many", busy_many}, {"takers", takers},   {"sleepers", sleepers}, {"freed", freed},
        {"freed-ops", freed_ops}, {"untaken", untaken}, {"full-ended", full_ended},
        {"some", some}, {"two", two},
    };
    return RUN_PART(parts);
}

/*
 * A shutdown as a barrier. Linked with the fixture `porter`.
 *
 *   open           every open op is done with STOPPED, before the shutdown returns OK
 *   tags           tags may be taken after it, then STOPPED
 *   takers         who waits in `queue_take` and `op_wait` is told
 *   descriptor     it reads as ended, after the byte of the last tags
 *   told           functions that take `rt0::Cancel` are told, and have the time of the shutdown
 *   refuses        one that never ends: the shutdown gives up, or comes to an end, and its op is done
 *   blocking       a future that is at no await
 *   results        results that are there may be fetched after it; handles are STOPPED
 *   next           ops and queues of the next generation; those of the last are not mistaken for them
 *   begins         `_begin` during a shutdown
 *   early          a shutdown before anybody has begun the boot that ops wait for
 *   cold           a shutdown of a library that has only queues
 *   state          the state is dropped after the last future
 *   many           ten thousand open ops
 *   rounds         a hundred generations: memory and descriptors flat
 *   end            `rt0::end` with open ops
 *   twin           the twin counts as a call that is inside
 *   woken          a thread of the host's wakes a future all the time
 *   meanwhile      another thread boots, and begins an op, while a shutdown has found nothing to end
 */
#include "ops.h"
#include <poll.h>

static int drain(int fd)
{
    char bytes[64];
    int all = 0;
    ssize_t count;
    while ((count = read(fd, bytes, sizeof bytes)) > 0)
        all += (int)count;
    if (count == 0)
        return all - 1000;
    return all;
}

static void shut_down(void)
{
    int code = porter_shutdown(60000);
    if (code != PORTER_OK)
        printf("a shutdown gave %d: %s\n", code, porter_last_error());
}

static void open_ops(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value = 5;
    char *err = NULL;
    porter_Op *op = begin(SHUT, queue, 1), *alone = begin(SHUT, NULL, 0), *early = begin_ready(6, queue, 2);
    SAME(take(queue), 2);
    shut_down();
    SAME(porter_gone(), porter_begun());
    SAME(porter_states_dropped(), 1);
    SAME(porter_op_wait(op, AT_ONCE), PORTER_OK);
    SAME(porter_passes_end(op, &value, &err), PORTER_STOPPED);
    IS(says(err, "porter_passes: "));
    SAME(porter_passes_end(alone, &value, NULL), PORTER_STOPPED);
    SAME(value, 5);
    SAME(porter_ready_end(early, &value, NULL), PORTER_OK);
    SAME(value, 6);
    SAME(take(queue), 1);
    SAME(look(queue), PORTER_STOPPED);
    /* None of this has booted it. */
    SAME(porter_state(), PORTER_STATE_COLD);
}

static void tags(void)
{
    porter_Queue *queue = new_queue(100);
    uint64_t tags[60];
    size_t count;
    int seen[60] = {0};
    for (uint32_t i = 0; i < 30; i++)
        SAME(porter_op_free(begin_ready(i, queue, i)), PORTER_OK);
    for (uint32_t i = 30; i < 60; i++)
        begin(SHUT, queue, i);
    shut_down();
    for (int all = 0; all < 60; all += (int)count) {
        SAME(porter_queue_take(queue, tags, 7, &count, FOREVER), PORTER_OK);
        for (size_t i = 0; i < count; i++)
            seen[tags[i]]++;
    }
    for (int i = 0; i < 60; i++)
        SAME(seen[i], 1);
    SAME(porter_queue_take(queue, tags, 7, &count, FOREVER), PORTER_STOPPED);
    SAME(porter_queue_take(queue, tags, 7, &count, AT_ONCE), PORTER_STOPPED);
    SAME(porter_queue_free(queue), PORTER_OK);
    SAME(porter_queue_take(queue, tags, 7, &count, AT_ONCE), PORTER_INVALID_HANDLE);
    SAME(porter_state(), PORTER_STATE_COLD);
}

static porter_Queue *shared;
static porter_Op *shared_op;
static atomic_int inside, is_over;

static void *take_all(void *counts)
{
    uint64_t tag;
    size_t count;
    int code;
    inside++;
    while ((code = porter_queue_take(shared, &tag, 1, &count, FOREVER)) == PORTER_OK)
        atomic_fetch_add((atomic_int *)counts, 1);
    SAME(code, PORTER_STOPPED);
    return NULL;
}

static void *wait_for_op(void *unused)
{
    inside++;
    SAME(porter_op_wait(shared_op, FOREVER), PORTER_OK);
    return unused;
}

static void takers(void)
{
    pthread_t threads[16];
    atomic_int counts = 0;
    uint32_t value;
    shared = new_queue(100);
    shared_op = begin(SHUT, shared, 7);
    for (int i = 0; i < 50; i++)
        begin(SHUT, shared, 8);
    for (int i = 0; i < 16; i++)
        threads[i] = run_thread(i % 2 ? take_all : wait_for_op, &counts);
    UNTIL(inside == 16);
    usleep(20000);
    shut_down();
    for (int i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    SAME(counts, 51);
    SAME(porter_passes_end(shared_op, &value, NULL), PORTER_STOPPED);
}

static void descriptor(void)
{
    porter_Queue *queue = new_queue(10), *empty = new_queue(10);
    intptr_t fd = -1, other = -1, copy;
    SAME(porter_queue_fd(queue, &fd, NULL), PORTER_OK);
    SAME(porter_queue_fd(empty, &other, NULL), PORTER_OK);
    begin(SHUT, queue, 1);
    shut_down();
    SAME(drain((int)fd), 1 - 1000);
    SAME(drain((int)other), -1000);
    SAME(take(queue), 1);
    SAME(look(queue), PORTER_STOPPED);
    SAME(look(empty), PORTER_STOPPED);
    /* One that is asked for now has ended, or there is none. */
    copy = -1;
    if (porter_queue_fd(queue, &copy, NULL) == PORTER_OK)
        SAME(drain((int)copy), -1000);
    copy = -1;
}

static void told(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL, *other = NULL;
    uint32_t value = 5;
    int code;
    SAME(porter_gives_up_begin(-1, queue, 1, &op, NULL), PORTER_OK);
    SAME(porter_finishes_begin(OTHER, -1, queue, 2, &other, NULL), PORTER_OK);
    UNTIL(porter_begun() == 2);
    open_gate(OTHER);
    shut_down();
    SAME(porter_gone(), 2);
    code = porter_gives_up_end(op, &value, NULL);
    IS(code == 8 || code == PORTER_STOPPED);
    code = porter_finishes_end(other, &value, NULL);
    IS(code == PORTER_STOPPED || (code == PORTER_OK && value == 7));
    IS(take(queue) + take(queue) == 3);
    SAME(look(queue), PORTER_STOPPED);
}

/* It is told and waits for a gate that nobody can open: its future is dropped in the end. */
static void refuses(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    uint32_t value = 5;
    SAME(porter_finishes_begin(SHUT, -1, queue, 1, &op, NULL), PORTER_OK);
    UNTIL(porter_begun() == 1);
    SAME(porter_shutdown(1000), PORTER_OK);
    SAME(porter_gone(), 1);
    SAME(porter_states_dropped(), 1);
    SAME(porter_finishes_end(op, &value, NULL), PORTER_STOPPED);
    SAME(take(queue), 1);
    SAME(look(queue), PORTER_STOPPED);
}

static void *let_go_later(void *unused)
{
    UNTIL(porter_state() == PORTER_STATE_STOPPING);
    usleep(50000);
    SAME(porter_gone(), 0);
    porter_let_go();
    return unused;
}

static void blocking(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = NULL;
    uint32_t value = 5;
    SAME(porter_blocks_begin(3, -1, queue, 1, &op, NULL), PORTER_OK);
    UNTIL(porter_blocking() == 1);
    pthread_t thread = run_thread(let_go_later, NULL);
    shut_down();
    /* After it nothing runs. */
    SAME(porter_blocking(), 0);
    SAME(porter_gone(), 1);
    int code = porter_blocks_end(op, &value, NULL);
    IS(code == PORTER_STOPPED || code == PORTER_OK);
    SAME(take(queue), 1);
    SAME(look(queue), PORTER_STOPPED);
    pthread_join(thread, NULL);
}

static void results(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *plain = begin_ready(6, queue, 1), *handle = NULL, *text = NULL, *failed = NULL;
    porter_Thing *thing = NULL;
    uint32_t value = 0;
    char *given = NULL, *err = NULL;
    size_t len = 0;
    open_gate(GATE);
    SAME(porter_makes_begin(GATE, 4, -1, queue, 2, &handle, NULL), PORTER_OK);
    SAME(porter_tells_begin(GATE, "words", 5, NULL, 0, -1, queue, 3, &text, NULL), PORTER_OK);
    SAME(porter_fails_begin(GATE, 31, "closed", 6, -1, queue, 4, &failed, NULL), PORTER_OK);
    SAME(take(queue) + take(queue) + take(queue) + take(queue), 10);
    shut_down();
    SAME(porter_things_dropped(), 1);
    SAME(porter_ready_end(plain, &value, NULL), PORTER_OK);
    SAME(value, 6);
    SAME(porter_makes_end(handle, &thing, NULL), PORTER_STOPPED);
    IS(thing == NULL);
    SAME(porter_tells_end(text, &given, &len, NULL), PORTER_OK);
    IS(given != NULL && strcmp(given, "words 0") == 0);
    porter_free(given);
    SAME(porter_fails_end(failed, &err), 31);
    IS(says(err, "closed"));
    SAME(porter_state(), PORTER_STATE_COLD);
}

static void next(void)
{
    porter_Queue *queue = new_queue(10), *fresh;
    porter_Op *op = begin(SHUT, queue, 1), *again = NULL;
    uint32_t value;
    uint32_t generation = 0;
    SAME(porter_generation(&generation, NULL), PORTER_OK);
    SAME(generation, 1);
    shut_down();
    SAME(porter_generation(&generation, NULL), PORTER_OK);
    SAME(generation, 2);
    fresh = new_queue(10);
    IS(fresh != queue);
    again = begin_ready(3, fresh, 9);
    IS(again != op);
    SAME(take(fresh), 9);
    SAME(porter_ready_end(again, &value, NULL), PORTER_OK);
    /* The last one's queue has ended: no op begins on it. */
    again = NULL;
    SAME(porter_ready_begin(1, -1, queue, 2, &again, NULL), PORTER_STOPPED);
    IS(again == NULL);
    SAME(take(queue), 1);
    SAME(look(queue), PORTER_STOPPED);
    SAME(porter_passes_end(op, &value, NULL), PORTER_STOPPED);
    SAME(porter_queue_free(queue), PORTER_OK);
    SAME(porter_queue_free(fresh), PORTER_OK);
}

static atomic_int begun, refused_ops;

static void *begin_forever(void *unused)
{
    while (!is_over) {
        porter_Op *op = NULL;
        char *err = NULL;
        int code = porter_passes_begin(SHUT, -1, shared, 1, &op, &err);
        if (code == PORTER_OK)
            begun++;
        else {
            SAME(code, PORTER_STOPPED);
            IS(op == NULL && err != NULL);
            refused_ops++;
        }
        porter_free(err);
        /* A shutdown that finds no processor would let millions begin. */
        if (begun % 64 == 0)
            usleep(100);
    }
    return unused;
}

static void begins(void)
{
    for (int round = 0; round < 30; round++) {
        pthread_t threads[4];
        uint64_t tag;
        size_t count;
        int all = 0;
        begun = refused_ops = is_over = 0;
        shared = new_queue(1000000);
        for (int i = 0; i < 4; i++)
            threads[i] = run_thread(begin_forever, NULL);
        UNTIL(begun > 50);
        shut_down();
        UNTIL(refused_ops > 20);
        is_over = 1;
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
        while (porter_queue_take(shared, &tag, 1, &count, AT_ONCE) == PORTER_OK)
            all++;
        SAME(all, begun);
        SAME(look(shared), PORTER_STOPPED);
        shut_down();
        SAME(porter_gone(), porter_begun());
    }
}

static void state(void)
{
    for (int i = 0; i < 50; i++) {
        porter_Queue *queue = new_queue(40);
        for (uint64_t k = 0; k < 20; k++)
            begin(SHUT, queue, k);
        UNTIL(waiting_at(SHUT) == 20);
        shut_down();
        SAME(porter_states_dropped(), i + 1);
        SAME(porter_gone(), 20 * (i + 1));
    }
}

static void many(void)
{
    enum { COUNT = 10000 };
    porter_Queue *queue = new_queue(COUNT);
    static uint64_t tags[COUNT + 1];
    static porter_Op *ops[COUNT];
    size_t count;
    uint32_t value;
    for (uint64_t i = 0; i < COUNT; i++)
        ops[i] = begin(SHUT, queue, i);
    shut_down();
    SAME(porter_queue_take(queue, tags, COUNT + 1, &count, AT_ONCE), PORTER_OK);
    SAME(count, COUNT);
    SAME(look(queue), PORTER_STOPPED);
    for (int i = 0; i < COUNT; i++)
        SAME(porter_passes_end(ops[i], &value, NULL), PORTER_STOPPED);
}

static void rounds(void)
{
    long before = 0;
    int files = 0;
    for (int i = 0; i < 150; i++) {
        porter_Queue *queue = new_queue(1000);
        intptr_t fd = -1;
        uint64_t tags[1000];
        size_t count;
        SAME(porter_queue_fd(queue, &fd, NULL), has_descriptors() ? PORTER_OK : PORTER_NO_THREAD);
        for (uint64_t k = 0; k < 1000; k++)
            SAME(porter_op_free(k % 2 ? begin(SHUT, queue, k) : begin_ready(1, queue, k)), PORTER_OK);
        shut_down();
        SAME(porter_queue_take(queue, tags, 1000, &count, AT_ONCE), PORTER_OK);
        SAME(count, 1000);
        SAME(porter_queue_free(queue), PORTER_OK);
        if (fd >= 0)
            close((int)fd);
        if (i == 49)
            before = resident(), files = count_files();
    }
    SAME(count_files(), files);
    if (resident() > before + 2000)
        printf("%ld KiB became %ld\n", before, resident());
}

/* While the library ends for good nobody may wait: it is told at once, and can look again. */
static void *wait_until_told(void *unused)
{
    inside++;
    int code = porter_op_wait(shared_op, FOREVER);
    IS(code == PORTER_OK || code == PORTER_STOPPED);
    return unused;
}

static void end(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value = 5;
    pthread_t threads[4];
    atomic_int counts = 0;
    porter_Op *op = begin(SHUT, queue, 1), *again = NULL;
    shared = queue;
    shared_op = op;
    for (int i = 0; i < 4; i++)
        threads[i] = run_thread(i % 2 ? take_all : wait_until_told, &counts);
    UNTIL(inside == 4);
    SAME(porter_end(60000), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    SAME(porter_gone(), porter_begun());
    SAME(porter_passes_end(op, &value, NULL), PORTER_STOPPED);
    while (look(queue) == PORTER_OK)
        counts++;
    SAME(counts, 1);
    SAME(look(queue), PORTER_STOPPED);
    for (int i = 0; i < 2; i++) {
        char *err = NULL;
        SAME(porter_ready_begin(1, -1, i ? queue : NULL, 0, &again, &err), PORTER_STOPPED);
        IS(says(err, "porter_ready_begin: the library has ended for good"));
        IS(again == NULL);
    }
    SAME(porter_ready(1, &value, NULL), PORTER_STOPPED);
}

static void *wait_in_twin(void *unused)
{
    uint32_t value = 5;
    inside++;
    SAME(porter_passes(GATE, &value, NULL), PORTER_OK);
    SAME(value, 1001);
    return unused;
}

static void twin(void)
{
    pthread_t thread = run_thread(wait_in_twin, NULL);
    UNTIL(waiting_at(GATE) == 1);
    SAME(porter_shutdown(50), PORTER_TIMED_OUT);
    SAME(porter_states_dropped(), 0);
    open_gate(GATE);
    pthread_join(thread, NULL);
    shut_down();
}

static atomic_int wakes;

static void *wake_often(void *unused)
{
    while (!is_over)
        wakes += porter_wake();
    return unused;
}

/* A wake-up may come as late as it likes: after the shutdown it drops nothing. */
static void woken(void)
{
    for (int round = 0; round < 5; round++) {
        porter_Op *op = NULL;
        uint32_t value;
        SAME(porter_is_woken_begin(-1, NULL, 0, &op, NULL), PORTER_OK);
        UNTIL(porter_begun() == round + 1);
        is_over = wakes = 0;
        pthread_t thread = run_thread(wake_often, NULL);
        UNTIL(wakes > 1);
        shut_down();
        SAME(porter_gone(), round + 1);
        is_over = 1;
        pthread_join(thread, NULL);
        SAME(porter_is_woken_end(op, &value, NULL), PORTER_STOPPED);
    }
}

static void *boot_and_begin(void *unused)
{
    uint32_t value;
    int code = porter_ready(1, &value, NULL);
    IS(code == PORTER_OK || code == PORTER_STOPPED);
    code = porter_passes_begin(SHUT, -1, shared, 1, &shared_op, NULL);
    IS(code == PORTER_OK || code == PORTER_STOPPED);
    return unused;
}

static void meanwhile(void)
{
    for (int round = 0; round < 100; round++) {
        shared = new_queue(1);
        shared_op = NULL;
        pthread_t thread = run_thread(boot_and_begin, NULL);
        shut_down();
        pthread_join(thread, NULL);
        /* It is of the next generation, or was ended: then its future is dropped, and by nobody else. */
        if (shared_op != NULL && porter_op_wait(shared_op, AT_ONCE) == PORTER_OK)
            UNTIL(porter_gone() == porter_begun());
        shut_down();
        SAME(porter_gone(), porter_begun());
        SAME(porter_op_free(shared_op), PORTER_OK);
        SAME(porter_queue_free(shared), PORTER_OK);
    }
}

/* An op has asked for a boot that nobody has begun. */
static void early(void)
{
    for (int round = 0; round < 300; round++) {
        uint32_t value;
        porter_Queue *queue = new_queue(1);
        porter_Op *op = begin(SHUT, round % 2 ? queue : NULL, 1);
        shut_down();
        SAME(porter_op_wait(op, AT_ONCE), PORTER_OK);
        SAME(porter_passes_end(op, &value, NULL), PORTER_STOPPED);
        SAME(porter_state(), PORTER_STATE_COLD);
        if (round % 2)
            SAME(take(queue), 1);
        SAME(look(queue), PORTER_STOPPED);
        SAME(porter_queue_free(queue), PORTER_OK);
    }
    SAME(porter_gone(), porter_begun());
}

/* There is nothing to shut down but a queue. */
static void cold(void)
{
    atomic_int counts = 0;
    shared = new_queue(10);
    pthread_t thread = run_thread(take_all, &counts);
    UNTIL(inside == 1);
    usleep(10000);
    shut_down();
    pthread_join(thread, NULL);
    SAME(counts, 0);
    SAME(porter_state(), PORTER_STATE_COLD);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"open", open_ops}, {"tags", tags},         {"takers", takers},   {"descriptor", descriptor}, {"told", told},
        {"begins", begins}, {"blocking", blocking}, {"results", results}, {"next", next},             {"state", state},
        {"many", many},     {"rounds", rounds},     {"end", end},         {"twin", twin},             {"refuses", refuses},
        {"early", early},   {"cold", cold},         {"woken", woken},     {"meanwhile", meanwhile},
    };
    return RUN_PART(parts);
}

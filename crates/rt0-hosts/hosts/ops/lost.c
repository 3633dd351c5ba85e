/*
 * A runtime that the host has lost, by closing its descriptors. Linked with the fixture `porter`.
 *
 *   ops            open ops are done with RUNTIME_LOST, each with one tag
 *   takes          who waits in `queue_take` is told
 *   waits          who waits in `op_wait` is told
 *   twin           who waits in the twin is told
 *   begins         `_begin` after it
 *   calls          a callback queue is told, too
 *   shutdown       a shutdown that is the first to notice: STOPPED or RUNTIME_LOST, one tag each
 *   results        what was done before is there
 *   former         a thread of the lost runtime goes on when the next one is there
 *   late           ops that begin while another thread notices
 *   watches        who only watches a descriptor of his own
 *   woken          the same, where the library's descriptors for it are still there: a deadline has somebody notice
 */
#include "ops.h"
#include <poll.h>

/* Closes all descriptors but this one. */
static void sweep_all_but(int kept)
{
    for (int fd = 3; fd < 1024; fd++)
        if (fd != kept)
            close(fd);
}

static void sweep(void)
{
    sweep_all_but(-1);
}

static porter_Queue *queue;
static porter_Op *op;
static atomic_int inside;

static int is_lost(porter_Op *one)
{
    uint32_t value = 5;
    int code = porter_passes_end(one, &value, NULL);
    if (code != PORTER_RUNTIME_LOST)
        printf("it is done with %d\n", code);
    return value == 5;
}

static void *take_four(void *unused)
{
    uint64_t sum = 0;
    inside++;
    for (int i = 0; i < 4; i++)
        sum += take(queue);
    SAME(sum, 1 + 2 + 3 + 4);
    return unused;
}

static void *wait_for_it(void *unused)
{
    inside++;
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    return unused;
}

static void *call_twin(void *unused)
{
    uint32_t value;
    inside++;
    SAME(porter_passes(SHUT, &value, NULL), PORTER_RUNTIME_LOST);
    return unused;
}

static void go_on(void)
{
    uint32_t value = 0;
    porter_Queue *fresh = new_queue(5);
    porter_Op *again = NULL;
    int code;
    /* The first call may be told of the loss. */
    code = porter_ready(1, &value, NULL);
    IS(code == PORTER_OK || code == PORTER_RUNTIME_LOST);
    while ((code = porter_ready_begin(3, -1, fresh, 1, &again, NULL)) == PORTER_RUNTIME_LOST)
        usleep(1000);
    SAME(code, PORTER_OK);
    SAME(take(fresh), 1);
    code = porter_ready_end(again, &value, NULL);
    SAME(code, PORTER_OK);
}

static void ops(void)
{
    porter_Op *all[4];
    queue = new_queue(10);
    for (int i = 0; i < 4; i++)
        all[i] = begin(SHUT, queue, (uint64_t)i + 1);
    UNTIL(waiting_at(SHUT) == 4);
    sweep();
    for (uint64_t sum = 0; sum < 10;)
        sum += take(queue);
    for (int i = 0; i < 4; i++)
        IS(is_lost(all[i]));
    SAME(porter_op_free(op = NULL), PORTER_OK);
    int code = look(queue);
    IS(code == PORTER_TIMED_OUT || code == PORTER_STOPPED);
    go_on();
}

static void takes(void)
{
    porter_Op *all[4];
    queue = new_queue(10);
    for (int i = 0; i < 4; i++)
        all[i] = begin(SHUT, queue, (uint64_t)i + 1);
    pthread_t thread = run_thread(take_four, NULL);
    UNTIL(inside == 1);
    usleep(20000);
    sweep();
    pthread_join(thread, NULL);
    for (int i = 0; i < 4; i++)
        IS(is_lost(all[i]));
    go_on();
}

static void waits(void)
{
    op = begin(SHUT, NULL, 0);
    pthread_t thread = run_thread(wait_for_it, NULL);
    UNTIL(inside == 1);
    usleep(20000);
    sweep();
    pthread_join(thread, NULL);
    IS(is_lost(op));
    go_on();
}

static void twin(void)
{
    pthread_t thread = run_thread(call_twin, NULL);
    UNTIL(inside == 1);
    usleep(20000);
    sweep();
    pthread_join(thread, NULL);
    go_on();
}

static void begins(void)
{
    uint32_t value;
    queue = new_queue(10);
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    sweep();
    /* It may begin and be told, or not begin. It never hangs. */
    porter_Op *one = NULL;
    int code = porter_passes_begin(SHUT, -1, queue, 1, &one, NULL);
    if (code == PORTER_OK) {
        uint64_t tag = 0;
        size_t count = 0;
        uint32_t generation = 0;
        code = porter_queue_take(queue, &tag, 1, &count, 5000);
        /* A worker may have noticed first. Then it has begun in the next generation, and waits there. */
        if (code == PORTER_TIMED_OUT) {
            SAME(porter_generation(&generation, NULL), PORTER_OK);
            SAME(generation, 2);
            open_gate(SHUT);
            tag = take(queue);
        }
        SAME(tag, 1);
        IS(generation == 2 ? porter_passes_end(one, &value, NULL) == PORTER_OK : is_lost(one));
    } else
        SAME(code, PORTER_RUNTIME_LOST);
    go_on();
}

static atomic_int called;

static void count_call(void *user, uint64_t tag)
{
    (void)user, (void)tag;
    called++;
}

static void calls(void)
{
    porter_Op *all[4];
    uint32_t value;
    SAME(porter_queue_call(10, count_call, NULL, &queue, NULL), PORTER_OK);
    for (int i = 0; i < 4; i++)
        all[i] = begin(SHUT, queue, (uint64_t)i + 1);
    UNTIL(waiting_at(SHUT) == 4);
    sweep();
    /* Whoever waits notices. */
    int code = porter_passes(SHUT, &value, NULL);
    SAME(code, PORTER_RUNTIME_LOST);
    UNTIL(called == 4);
    for (int i = 0; i < 4; i++)
        IS(is_lost(all[i]));
}

static void shutdown_then(void)
{
    uint32_t value = 5;
    queue = new_queue(10);
    op = begin(SHUT, queue, 1);
    UNTIL(waiting_at(SHUT) == 1);
    sweep();
    SAME(porter_shutdown(60000), PORTER_OK);
    SAME(take(queue), 1);
    SAME(look(queue), PORTER_STOPPED);
    int code = porter_passes_end(op, &value, NULL);
    IS(code == PORTER_STOPPED || code == PORTER_RUNTIME_LOST);
    SAME(porter_ready(3, &value, NULL), PORTER_OK);
    SAME(value, 3);
}

static void results(void)
{
    uint32_t value = 0;
    queue = new_queue(10);
    porter_Op *early = begin_ready(6, queue, 1);
    SAME(porter_op_wait(early, FOREVER), PORTER_OK);
    op = begin(SHUT, queue, 2);
    sweep();
    SAME(take(queue), 1);
    SAME(take(queue), 2);
    SAME(porter_ready_end(early, &value, NULL), PORTER_OK);
    SAME(value, 6);
    IS(is_lost(op));
}

/* In each round it is likely that a thread asks for events in the instant in which the descriptors go. It finds out
 * what has happened when it runs again, which may be later than the next runtime is there. */
static void former(void)
{
    enum { ROUNDS = 100, BUSY = 2 };
    uint32_t value;
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    for (int round = 1; round <= ROUNDS; round++) {
        porter_Op *busy[BUSY];
        for (int i = 0; i < BUSY; i++)
            SAME(porter_yields_begin(UINT32_MAX, 1, -1, NULL, 0, &busy[i], NULL), PORTER_OK);
        UNTIL(porter_begun() == round * BUSY);
        sweep();
        /* One of the busy threads may notice first, and then the call boots. */
        for (uint32_t generation = 0; generation <= (uint32_t)round; porter_generation(&generation, NULL)) {
            int code = porter_ready(1, &value, NULL);
            IS(code == PORTER_OK || code == PORTER_RUNTIME_LOST);
        }
        /* Who has noticed may be about to say so. */
        for (int i = 0; i < BUSY; i++) {
            SAME(porter_op_wait(busy[i], FOREVER), PORTER_OK);
            SAME(porter_yields_end(busy[i], &value, NULL), PORTER_RUNTIME_LOST);
        }
    }
    usleep(100000);
    go_on();
}

enum { MANY = 100000 };
static porter_Op *begun[MANY];
static atomic_int count_begun;

static void *begin_many(void *unused)
{
    int code;
    do
        code = porter_passes_begin(SHUT, -1, NULL, 0, &begun[count_begun], NULL);
    while (code == PORTER_OK && ++count_begun < MANY - 1 && usleep(10) == 0);
    SAME(code, PORTER_RUNTIME_LOST);
    return unused;
}

/* One of them may come into the table after the others there have been told. */
static void late(void)
{
    uint32_t value;
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    pthread_t thread = run_thread(begin_many, NULL);
    UNTIL(count_begun > 2);
    sweep();
    SAME(porter_passes(SHUT, &value, NULL), PORTER_RUNTIME_LOST);
    pthread_join(thread, NULL);
    for (int i = 0; i < count_begun; i++) {
        SAME(porter_op_wait(begun[i], FOREVER), PORTER_OK);
        IS(is_lost(begun[i]));
    }
}

static int descriptor_of(porter_Queue *of)
{
    intptr_t fd = -1;
    SAME(porter_queue_fd(of, &fd, NULL), PORTER_OK);
    return (int)fd;
}

/* As a loop does: waits until the descriptor says something, reads it, and looks until nothing is left. */
static int turn(int fd, uint64_t *sum)
{
    struct pollfd one = {fd, POLLIN, 0};
    char bytes[64];
    uint64_t tag;
    size_t count;
    SAME(poll(&one, 1, -1), 1);
    ssize_t left = read(fd, bytes, sizeof bytes);
    int code;
    while ((code = porter_queue_take(queue, &tag, 1, &count, AT_ONCE)) == PORTER_OK)
        *sum += tag;
    SAME(code, PORTER_TIMED_OUT);
    return left == 0;
}

static void watches(void)
{
    porter_Op *all[4];
    uint64_t sum = 0;
    queue = new_queue(10);
    int fd = descriptor_of(queue);
    for (int i = 0; i < 4; i++)
        all[i] = begin(SHUT, queue, (uint64_t)i + 1);
    UNTIL(waiting_at(SHUT) == 4);
    sweep_all_but(fd);
    /* It reads as ended, because the library's end of it is closed. */
    IS(turn(fd, &sum));
    SAME(sum, 10);
    for (int i = 0; i < 4; i++)
        IS(is_lost(all[i]));
    /* The queue is there, and has another descriptor. */
    close(fd);
    fd = descriptor_of(queue);
    go_on();
    SAME(porter_op_free(begin_ready(1, queue, 5)), PORTER_OK);
    for (sum = 0; sum == 0;)
        IS(!turn(fd, &sum));
    SAME(sum, 5);
}

static void woken(void)
{
    uint32_t value;
    uint64_t sum = 0;
    porter_Op *timed = NULL;
    queue = new_queue(10);
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    int fd = descriptor_of(queue);
    op = begin(SHUT, queue, 1);
    SAME(porter_passes_begin(SHUT, 1000, queue, 2, &timed, NULL), PORTER_OK);
    UNTIL(waiting_at(SHUT) == 2);
    /* Those of the runtime only. */
    for (int i = 0; i < 1024; i++) {
        char path[64], what[64] = {0};
        snprintf(path, sizeof path, "/proc/self/fd/%d", i);
        if (readlink(path, what, sizeof what - 1) > 0 && strncmp(what, "anon_inode:[event", 17) == 0)
            close(i);
    }
    while (sum < 3) {
        IS(!turn(fd, &sum));
        /* A machine that stood still for a second: its time was over before. */
        if (sum == 2)
            porter_ready(1, &value, NULL);
    }
    IS(is_lost(op));
    int code = porter_passes_end(timed, &value, NULL);
    IS(code == PORTER_RUNTIME_LOST || code == PORTER_TIMED_OUT);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"ops", ops},       {"takes", takes}, {"waits", waits},            {"twin", twin},
        {"begins", begins}, {"calls", calls}, {"shutdown", shutdown_then}, {"results", results},
        {"former", former}, {"late", late},     {"watches", watches}, {"woken", woken},
    };
    return RUN_PART(parts);
}

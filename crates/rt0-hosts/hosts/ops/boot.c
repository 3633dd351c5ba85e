/*
 * Ops that begin before the library is ready. Linked with the fixture `porter`, which waits in init for a word.
 *
 *   early          `_begin` returns before the boot is done; the op starts after it
 *   many           a thousand of them, in order
 *   cancelled      cancelled, freed and late before they have started: they never start
 *   fails          the boot fails: each is done with its error
 *   failed         it has failed for good: `_begin` says so
 *   retry          it has failed, and may be tried again: `_begin` boots again
 *   manual         before `porter_start` there is nothing to wait for
 *   handle         a handle that is given before the boot
 *   shutdown       a shutdown during the boot
 *   lazy           nothing but a `_begin` boots it
 *   fork           a fork before the boot is done
 *   queues         queues without a boot
 *   no-thread      there is no thread that could wait for the boot: nothing begins, and no place in the queue is taken
 *   exit           the process ends while ops wait for the boot
 */
#include "ops.h"

static void early(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value = 0;
    porter_Op *first = begin_ready(1, queue, 1), *second = begin(GATE, queue, 2);
    UNTIL(porter_booting());
    SAME(porter_state(), PORTER_STATE_BOOTING);
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_op_wait(first, AT_ONCE), PORTER_TIMED_OUT);
    SAME(porter_ready_end(first, &value, NULL), PORTER_NOT_DONE);
    SAME(porter_begun(), 0);
    porter_let_boot();
    SAME(take(queue), 1);
    SAME(porter_ready_end(first, &value, NULL), PORTER_OK);
    SAME(value, 1);
    open_gate(GATE);
    SAME(take(queue), 2);
    SAME(porter_passes_end(second, &value, NULL), PORTER_OK);
}

static void many(void)
{
    enum { COUNT = 1000 };
    porter_Queue *queue = new_queue(COUNT);
    static porter_Op *ops[COUNT];
    static int seen[COUNT];
    char threads[512];
    uint32_t value;
    for (uint32_t i = 0; i < COUNT; i++)
        ops[i] = begin_ready(i, queue, i);
    UNTIL(porter_booting());
    /* No thread for each. */
    IS(status_of("self", "Threads", threads, sizeof threads));
    IS(atoi(threads) < 10);
    porter_let_boot();
    for (uint32_t i = 0; i < COUNT; i++)
        seen[take(queue)]++;
    for (uint32_t i = 0; i < COUNT; i++) {
        SAME(seen[i], 1);
        SAME(porter_ready_end(ops[i], &value, NULL), PORTER_OK);
        SAME(value, i);
    }
}

static void cancelled(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value;
    porter_Op *op = begin(GATE, queue, 1), *timed = NULL, *told = NULL;
    SAME(porter_op_cancel(op), PORTER_OK);
    SAME(take(queue), 1);
    SAME(porter_passes_end(op, &value, NULL), PORTER_CANCELLED);
    SAME(porter_op_free(begin(GATE, queue, 2)), PORTER_OK);
    SAME(take(queue), 2);
    SAME(porter_passes_begin(GATE, 20, queue, 3, &timed, NULL), PORTER_OK);
    SAME(take(queue), 3);
    SAME(porter_passes_end(timed, &value, NULL), PORTER_TIMED_OUT);
    SAME(porter_finishes_begin(GATE, -1, queue, 4, &told, NULL), PORTER_OK);
    SAME(porter_op_cancel(told), PORTER_OK);
    SAME(take(queue), 4);
    SAME(porter_finishes_end(told, &value, NULL), PORTER_CANCELLED);
    SAME(porter_state(), PORTER_STATE_BOOTING);
    porter_let_boot();
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    SAME(porter_begun(), 0);
    SAME(look(queue), PORTER_TIMED_OUT);
}

static void fails(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *ops[5];
    uint32_t value;
    int begun = 0;
    for (uint32_t i = 0; i < 5; i++) {
        char *err = NULL;
        int code = porter_passes_begin(GATE, -1, queue, i, &ops[i], &err);
        /* The boot may have failed already. */
        IS(code == PORTER_OK || code == PORTER_BOOT_FAILED);
        IS((code == PORTER_OK) == (ops[i] != NULL));
        IS(code == PORTER_OK || strstr(err, "told to fail") != NULL);
        porter_free(err);
        begun += code == PORTER_OK;
    }
    for (int i = 0; i < begun; i++) {
        char *err = NULL;
        SAME(take(queue), i);
        SAME(porter_passes_end(ops[i], &value, &err), PORTER_BOOT_FAILED);
        IS(err != NULL && strstr(err, "told to fail") != NULL);
        porter_free(err);
    }
    SAME(look(queue), PORTER_TIMED_OUT);
    porter_Op *op = ops[0];
    char *err = NULL;
    SAME(porter_passes_begin(GATE, -1, queue, 9, &op, &err), PORTER_BOOT_FAILED);
    IS(op == NULL);
    IS(err != NULL && strstr(err, "told to fail") != NULL);
    porter_free(err);
    SAME(look(queue), PORTER_TIMED_OUT);
    /* It has no place in the queue. */
    for (int i = 0; i < 30; i++)
        SAME(porter_passes_begin(GATE, -1, queue, 9, &op, NULL), PORTER_BOOT_FAILED);
}

static void retry(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = begin_ready(3, queue, 1);
    uint32_t value = 0;
    uint32_t generation = 0;
    SAME(take(queue), 1);
    SAME(porter_ready_end(op, &value, NULL), PORTER_BOOT_FAILED);
    op = begin_ready(4, queue, 2);
    SAME(take(queue), 2);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(value, 4);
    SAME(porter_generation(&generation, NULL), PORTER_OK);
    SAME(generation, 2);
}

static void manual(void)
{
    porter_Op *op = (porter_Op *)1;
    char *err = NULL;
    uint32_t value;
    porter_Queue *queue = new_queue(10);
    SAME(porter_ready_begin(1, -1, queue, 1, &op, &err), PORTER_NOT_STARTED);
    IS(op == NULL);
    IS(says(err, "porter: the library was not started"));
    SAME(porter_ready(1, &value, NULL), PORTER_NOT_STARTED);
    SAME(porter_state(), PORTER_STATE_COLD);
    SAME(porter_start(), PORTER_OK);
    op = begin_ready(1, queue, 1);
    SAME(take(queue), 1);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
}

static void handle(void)
{
    porter_Op *op = (porter_Op *)1;
    char *err = NULL;
    UNTIL(porter_booting());
    SAME(porter_reads_begin(GATE, (porter_Thing *)3, -1, NULL, 1, &op, &err), PORTER_INVALID_HANDLE);
    IS(op == NULL);
    IS(says(err, "porter_reads_begin: thing"));
    SAME(porter_state(), PORTER_STATE_BOOTING);
    porter_let_boot();
}

static void *let_boot_later(void *unused)
{
    usleep(50000);
    porter_let_boot();
    return unused;
}

static void shutdown_then(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value;
    porter_Op *op = begin(SHUT, queue, 1);
    UNTIL(porter_booting());
    SAME(porter_shutdown(20), PORTER_TIMED_OUT);
    pthread_t thread = run_thread(let_boot_later, NULL);
    int code = porter_shutdown(60000);
    SAME(code, PORTER_OK);
    pthread_join(thread, NULL);
    SAME(take(queue), 1);
    SAME(porter_passes_end(op, &value, NULL), PORTER_STOPPED);
    SAME(look(queue), PORTER_STOPPED);
    SAME(porter_begun(), porter_gone());
}

static void lazy(void)
{
    SAME(porter_state(), PORTER_STATE_COLD);
    porter_Queue *queue = new_queue(10);
    porter_Op *op = begin_ready(3, queue, 1);
    uint32_t value = 0;
    SAME(take(queue), 1);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
    SAME(value, 3);
}

static void fork_then(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value = 0;
    porter_Op *op = begin_ready(3, queue, 1);
    UNTIL(porter_booting());
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        porter_let_boot();
        SAME(porter_op_wait(op, FOREVER), PORTER_INVALID_HANDLE);
        porter_Queue *mine = new_queue(10);
        porter_Op *own = begin_ready(4, mine, 2);
        SAME(take(mine), 2);
        SAME(porter_ready_end(own, &value, NULL), PORTER_OK);
        SAME(value, 4);
        fflush(stdout);
        _exit(0);
    }
    await_child(child);
    SAME(look(queue), PORTER_TIMED_OUT);
    porter_let_boot();
    SAME(take(queue), 1);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
}

static void queues(void)
{
    intptr_t fd = -1;
    uint64_t tag;
    size_t count;
    porter_Queue *queue = new_queue(10);
    SAME(porter_queue_fd(queue, &fd, NULL), PORTER_OK);
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_queue_take(queue, &tag, 1, &count, 10), PORTER_TIMED_OUT);
    SAME(porter_queue_free(queue), PORTER_OK);
    SAME(porter_state(), PORTER_STATE_COLD);
}

static void no_thread(void)
{
    porter_Queue *queue = new_queue(3);
    forbid_threads();
    for (int i = 0; i < 10; i++) {
        porter_Op *op = (porter_Op *)queue;
        SAME(porter_ready_begin(1, -1, queue, 1, &op, NULL), PORTER_NO_THREAD);
        IS(op == NULL);
    }
    SAME(look(queue), PORTER_TIMED_OUT);
}

static void exit_then(void)
{
    porter_Queue *queue = new_queue(10);
    for (uint64_t i = 0; i < 10; i++)
        begin(GATE, queue, i);
    UNTIL(porter_booting());
    exit(0);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"early", early},   {"many", many},     {"cancelled", cancelled},    {"fails", fails},   {"retry", retry},
        {"manual", manual}, {"handle", handle}, {"shutdown", shutdown_then}, {"lazy", lazy},     {"fork", fork_then},
        {"queues", queues}, {"exit", exit_then}, {"no-thread", no_thread},
    };
    return RUN_PART(parts);
}

/*
 * Ops that begin before the library is ready. Linked with the fixture `errand`, which waits in init for a word.
 *
 *   early          `_begin` returns before the boot is done; the op starts after it
 *   many           a thousand of them, in order
 *   cancelled      cancelled, freed and late before they have started: they never start
 *   fails          the boot fails: each is done with its error
 *   failed         it has failed for good: `_begin` says so
 *   retry          it has failed, and may be tried again: `_begin` boots again
 *   manual         before `errand_start` there is nothing to wait for
 *   handle         a handle that is given before the boot
 *   shutdown       a shutdown during the boot
 *   lazy           nothing but a `_begin` boots it
 *   fork           a fork before the boot is done
 *   queues         queues without a boot
 *   exit           the process ends while ops wait for the boot
 */
#include "ops.h"

static void early(void)
{
    errand_Queue *queue = new_queue(10);
    uint32_t value = 0;
    errand_Op *first = begin_ready(1, queue, 1), *second = begin(GATE, queue, 2);
    UNTIL(errand_booting());
    SAME(errand_state(), ERRAND_STATE_BOOTING);
    SAME(look(queue), ERRAND_TIMED_OUT);
    SAME(errand_op_wait(first, AT_ONCE), ERRAND_TIMED_OUT);
    SAME(errand_ready_end(first, &value, NULL), ERRAND_NOT_DONE);
    SAME(errand_begun(), 0);
    errand_let_boot();
    SAME(take(queue), 1);
    SAME(errand_ready_end(first, &value, NULL), ERRAND_OK);
    SAME(value, 1);
    open_gate(GATE);
    SAME(take(queue), 2);
    SAME(errand_passes_end(second, &value, NULL), ERRAND_OK);
}

static void many(void)
{
    enum { COUNT = 1000 };
    errand_Queue *queue = new_queue(COUNT);
    static errand_Op *ops[COUNT];
    static int seen[COUNT];
    char threads[64];
    uint32_t value;
    for (uint32_t i = 0; i < COUNT; i++)
        ops[i] = begin_ready(i, queue, i);
    UNTIL(errand_booting());
    /* No thread for each. */
    IS(status_of("self", "Threads", threads, sizeof threads));
    IS(atoi(threads) < 10);
    errand_let_boot();
    for (uint32_t i = 0; i < COUNT; i++)
        seen[take(queue)]++;
    for (uint32_t i = 0; i < COUNT; i++) {
        SAME(seen[i], 1);
        SAME(errand_ready_end(ops[i], &value, NULL), ERRAND_OK);
        SAME(value, i);
    }
}

static void cancelled(void)
{
    errand_Queue *queue = new_queue(10);
    uint32_t value;
    errand_Op *op = begin(GATE, queue, 1), *timed = NULL, *told = NULL;
    SAME(errand_op_cancel(op), ERRAND_OK);
    SAME(take(queue), 1);
    SAME(errand_passes_end(op, &value, NULL), ERRAND_CANCELLED);
    SAME(errand_op_free(begin(GATE, queue, 2)), ERRAND_OK);
    SAME(take(queue), 2);
    SAME(errand_passes_begin(GATE, 20, queue, 3, &timed, NULL), ERRAND_OK);
    SAME(take(queue), 3);
    SAME(errand_passes_end(timed, &value, NULL), ERRAND_TIMED_OUT);
    SAME(errand_finishes_begin(GATE, -1, queue, 4, &told, NULL), ERRAND_OK);
    SAME(errand_op_cancel(told), ERRAND_OK);
    SAME(take(queue), 4);
    SAME(errand_finishes_end(told, &value, NULL), ERRAND_CANCELLED);
    SAME(errand_state(), ERRAND_STATE_BOOTING);
    errand_let_boot();
    SAME(errand_ready(1, &value, NULL), ERRAND_OK);
    SAME(errand_begun(), 0);
    SAME(look(queue), ERRAND_TIMED_OUT);
}

static void fails(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *ops[5];
    uint32_t value;
    int begun = 0;
    for (uint32_t i = 0; i < 5; i++) {
        char *err = NULL;
        int code = errand_passes_begin(GATE, -1, queue, i, &ops[i], &err);
        /* The boot may have failed already. */
        IS(code == ERRAND_OK || code == ERRAND_BOOT_FAILED);
        IS((code == ERRAND_OK) == (ops[i] != NULL));
        IS(code == ERRAND_OK || strstr(err, "told to fail") != NULL);
        errand_free(err);
        begun += code == ERRAND_OK;
    }
    for (int i = 0; i < begun; i++) {
        char *err = NULL;
        SAME(take(queue), i);
        SAME(errand_passes_end(ops[i], &value, &err), ERRAND_BOOT_FAILED);
        IS(err != NULL && strstr(err, "told to fail") != NULL);
        errand_free(err);
    }
    SAME(look(queue), ERRAND_TIMED_OUT);
    errand_Op *op = ops[0];
    char *err = NULL;
    SAME(errand_passes_begin(GATE, -1, queue, 9, &op, &err), ERRAND_BOOT_FAILED);
    IS(op == NULL);
    IS(err != NULL && strstr(err, "told to fail") != NULL);
    errand_free(err);
    SAME(look(queue), ERRAND_TIMED_OUT);
    /* It had no place: there is room for ten. */
}

static void retry(void)
{
    errand_Queue *queue = new_queue(10);
    errand_Op *op = begin_ready(3, queue, 1);
    uint32_t value = 0;
    uint32_t generation = 0;
    SAME(take(queue), 1);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_BOOT_FAILED);
    op = begin_ready(4, queue, 2);
    SAME(take(queue), 2);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 4);
    SAME(errand_generation(&generation, NULL), ERRAND_OK);
    SAME(generation, 2);
}

static void manual(void)
{
    errand_Op *op = (errand_Op *)1;
    char *err = NULL;
    uint32_t value;
    errand_Queue *queue = new_queue(10);
    SAME(errand_ready_begin(1, -1, queue, 1, &op, &err), ERRAND_NOT_STARTED);
    IS(op == NULL);
    IS(says(err, "errand_ready_begin"));
    SAME(errand_ready(1, &value, NULL), ERRAND_NOT_STARTED);
    SAME(errand_state(), ERRAND_STATE_COLD);
    SAME(errand_start(), ERRAND_OK);
    op = begin_ready(1, queue, 1);
    SAME(take(queue), 1);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
}

static void handle(void)
{
    errand_Op *op = (errand_Op *)1;
    char *err = NULL;
    UNTIL(errand_booting());
    SAME(errand_reads_begin(GATE, (errand_Thing *)3, -1, NULL, 1, &op, &err), ERRAND_INVALID_HANDLE);
    IS(op == NULL);
    IS(says(err, "errand_reads_begin: thing"));
    SAME(errand_state(), ERRAND_STATE_BOOTING);
    errand_let_boot();
}

static void *let_boot_later(void *unused)
{
    usleep(50000);
    errand_let_boot();
    return unused;
}

static void shutdown_then(void)
{
    errand_Queue *queue = new_queue(10);
    uint32_t value;
    errand_Op *op = begin(SHUT, queue, 1);
    UNTIL(errand_booting());
    SAME(errand_shutdown(20), ERRAND_TIMED_OUT);
    pthread_t thread = run_thread(let_boot_later, NULL);
    int code = errand_shutdown(60000);
    SAME(code, ERRAND_OK);
    pthread_join(thread, NULL);
    SAME(take(queue), 1);
    SAME(errand_passes_end(op, &value, NULL), ERRAND_STOPPED);
    SAME(look(queue), ERRAND_STOPPED);
    SAME(errand_begun(), errand_gone());
}

static void lazy(void)
{
    SAME(errand_state(), ERRAND_STATE_COLD);
    errand_Queue *queue = new_queue(10);
    errand_Op *op = begin_ready(3, queue, 1);
    uint32_t value = 0;
    SAME(take(queue), 1);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
    SAME(value, 3);
}

static void fork_then(void)
{
    errand_Queue *queue = new_queue(10);
    uint32_t value = 0;
    errand_Op *op = begin_ready(3, queue, 1);
    UNTIL(errand_booting());
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        errand_let_boot();
        SAME(errand_op_wait(op, FOREVER), ERRAND_INVALID_HANDLE);
        errand_Queue *mine = new_queue(10);
        errand_Op *own = begin_ready(4, mine, 2);
        SAME(take(mine), 2);
        SAME(errand_ready_end(own, &value, NULL), ERRAND_OK);
        SAME(value, 4);
        fflush(stdout);
        _exit(0);
    }
    await_child(child);
    SAME(look(queue), ERRAND_TIMED_OUT);
    errand_let_boot();
    SAME(take(queue), 1);
    SAME(errand_ready_end(op, &value, NULL), ERRAND_OK);
}

static void queues(void)
{
    intptr_t fd = -1;
    uint64_t tag;
    size_t count;
    errand_Queue *queue = new_queue(10);
    SAME(errand_queue_fd(queue, &fd, NULL), ERRAND_OK);
    SAME(look(queue), ERRAND_TIMED_OUT);
    SAME(errand_queue_take(queue, &tag, 1, &count, 10), ERRAND_TIMED_OUT);
    SAME(errand_queue_free(queue), ERRAND_OK);
    SAME(errand_state(), ERRAND_STATE_COLD);
}

static void exit_then(void)
{
    errand_Queue *queue = new_queue(10);
    for (uint64_t i = 0; i < 10; i++)
        begin(GATE, queue, i);
    UNTIL(errand_booting());
    exit(0);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"early", early},   {"many", many},     {"cancelled", cancelled},    {"fails", fails},   {"retry", retry},
        {"manual", manual}, {"handle", handle}, {"shutdown", shutdown_then}, {"lazy", lazy},     {"fork", fork_then},
        {"queues", queues}, {"exit", exit_then},
    };
    return RUN_PART(parts);
}

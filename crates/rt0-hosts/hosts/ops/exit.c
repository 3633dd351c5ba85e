/*
 * The end of the process with open ops: `exit HOW`. Linked with the fixture `porter`; the exit code is 5.
 *
 *   return, exit, quick, now, thread    the ways a process ends, with ops that wait, run, and are done and not taken
 *   takers         a process ends while threads wait in `queue_take`, `op_wait` and the twin
 *   handler        a handler of exit looks at ops, and begins one
 *   calling        with a callback queue
 *   blocking       with a future that is at no await
 *   endless        the same, and a handler of exit waits for it
 */
#include "ops.h"

static porter_Queue *queue;
static porter_Op *op;
static atomic_int inside;

static void leave_open(void)
{
    queue = new_queue(100);
    for (uint64_t i = 0; i < 10; i++) {
        begin(SHUT, i % 2 ? queue : NULL, i);
        begin_ready(1, queue, 100 + i);
    }
    op = begin(SHUT, queue, 77);
    UNTIL(waiting_at(SHUT) == 11);
}

static void *exit_here(void *unused)
{
    (void)unused;
    exit(5);
}

static void *take_all(void *unused)
{
    uint64_t tag;
    size_t count;
    inside++;
    while (porter_queue_take(queue, &tag, 1, &count, FOREVER) == PORTER_OK)
        ;
    return unused;
}

static void *wait_for_op(void *unused)
{
    inside++;
    porter_op_wait(op, FOREVER);
    return unused;
}

static void *call_twin(void *unused)
{
    uint32_t value;
    inside++;
    porter_passes(SHUT, &value, NULL);
    return unused;
}

static void look_late(void)
{
    uint32_t value;
    uint64_t tag;
    size_t count;
    porter_Op *late = NULL;
    int code = porter_op_wait(op, FOREVER);
    IS(code == PORTER_OK || code == PORTER_STOPPED);
    code = porter_passes_end(op, &value, NULL);
    SAME(code, PORTER_STOPPED);
    for (int i = 0; i < 2; i++) {
        char *err = NULL;
        SAME(porter_ready_begin(1, -1, i ? queue : NULL, 1, &late, &err), PORTER_STOPPED);
        IS(says(err, "porter_ready_begin: the library has ended for good, or the process is exiting"));
    }
    while ((code = porter_queue_take(queue, &tag, 1, &count, FOREVER)) == PORTER_OK)
        ;
    SAME(code, PORTER_STOPPED);
    SAME(porter_queue_free(queue), PORTER_OK);
}

static void wait_late(void)
{
    uint64_t tag;
    size_t count;
    /* The shutdown, which the exit no longer waits for, completes the op meanwhile. */
    int code = porter_op_wait(op, FOREVER);
    IS(code == PORTER_OK || code == PORTER_STOPPED);
    code = porter_queue_take(queue, &tag, 1, &count, FOREVER);
    IS(code == PORTER_OK || code == PORTER_STOPPED);
}

static void count_call(void *unused, uint64_t tag)
{
    (void)unused, (void)tag;
    inside++;
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
#define HOW(text) (strcmp(how, text) == 0)
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (HOW("handler"))
        atexit(look_late);
    if (HOW("endless"))
        atexit(wait_late);
    if (HOW("blocking") || HOW("endless")) {
        queue = new_queue(1);
        SAME(porter_blocks_begin(1, -1, queue, 1, &op, NULL), PORTER_OK);
        UNTIL(porter_blocking() == 1);
        exit(5);
    }
    if (HOW("calling")) {
        SAME(porter_queue_call(100, count_call, NULL, &queue, NULL), PORTER_OK);
        for (uint64_t i = 0; i < 50; i++)
            begin_ready(1, queue, i);
        begin(SHUT, queue, 60);
        exit(5);
    }
    leave_open();
    if (HOW("takers")) {
        for (int i = 0; i < 6; i++)
            run_thread(i % 3 == 0 ? take_all : i % 3 == 1 ? wait_for_op : call_twin, NULL);
        UNTIL(inside == 6);
        UNTIL(waiting_at(SHUT) == 13);
        exit(5);
    }
    if (HOW("exit") || HOW("handler"))
        exit(5);
    if (HOW("quick"))
        quick_exit(5);
    if (HOW("now"))
        _exit(5);
    if (HOW("thread")) {
        run_thread(exit_here, NULL);
        for (;;)
            pause();
    }
    if (!HOW("return"))
        die("how?");
    return 5;
}

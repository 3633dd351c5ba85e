/*
 * What ops leave behind: nothing. Linked with the fixture `porter`. `OPS_MOST` is how many; here for 100,000:
 *
 *   ready          100,000 ops that are done at once
 *   queue          the same through one queue
 *   cancelled      100,000 that are cancelled
 *   freed          100,000 that are closed while they are open
 *   timed          100,000 with a deadline that is far away
 *   queues         10,000 queues, half of them with a descriptor
 *   refused        100,000 that do not begin
 */
#include "ops.h"

enum { ROOM = 512 };

static porter_Queue *queue;
static uint32_t value;

static void do_ready(int i)
{
    porter_Op *op = begin_ready((uint32_t)i, NULL, 0);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
}

static void do_queue(int i)
{
    porter_Op *op = begin_ready((uint32_t)i, queue, (uint64_t)i);
    SAME(take(queue), i);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
}

static void do_cancelled(int i)
{
    porter_Op *op = NULL;
    SAME(porter_tells_begin(SHUT, "some text", 9, NULL, 0, -1, queue, (uint64_t)i, &op, NULL), PORTER_OK);
    SAME(porter_op_cancel(op), PORTER_OK);
    SAME(take(queue), i);
    char *text = NULL, *err = NULL;
    size_t len;
    SAME(porter_tells_end(op, &text, &len, &err), PORTER_CANCELLED);
    porter_free(err);
}

static void do_freed(int i)
{
    SAME(porter_op_free(begin(SHUT, queue, (uint64_t)i)), PORTER_OK);
    SAME(take(queue), i);
}

static void do_timed(int i)
{
    porter_Op *op = NULL;
    SAME(porter_ready_begin(1, 3600000, queue, (uint64_t)i, &op, NULL), PORTER_OK);
    SAME(take(queue), i);
    SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
}

static void do_queues(int i)
{
    if (i % 10 != 0)
        return;
    porter_Queue *one = new_queue(10);
    intptr_t fd = -1;
    if (i % 20 == 0)
        SAME(porter_queue_fd(one, &fd, NULL), PORTER_OK);
    porter_op_free(begin_ready(1, one, 1));
    SAME(porter_queue_free(one), PORTER_OK);
    if (fd >= 0)
        close((int)fd);
}

static void do_refused(int i)
{
    porter_Op *op = NULL;
    char *err = NULL;
    IS(porter_tells_begin(SHUT, "some text", 9, NULL, (size_t)(i % 2), -1, queue, 1, &op, &err) < 0);
    porter_free(err);
}

static void run(void (*once)(int))
{
    queue = new_queue(1);
    if (once == do_refused)
        begin(SHUT, queue, 1);
    int most = atoi(getenv("OPS_MOST"));
    for (int i = 0; i < most; i++)
        once(i);
    long before = resident();
    int files = count_files();
    for (int i = 0; i < most; i++)
        once(i);
    long after = resident();
    if (after > before + ROOM)
        printf("%ld KiB became %ld\n", before, after);
    UNTIL(count_files() == files);
    if (once != do_refused)
        UNTIL(porter_gone() == porter_begun());
}

static void ready(void) { run(do_ready); }
static void in_queue(void) { run(do_queue); }
static void cancelled(void) { run(do_cancelled); }
static void freed(void) { run(do_freed); }
static void timed(void) { run(do_timed); }
static void queues(void) { run(do_queues); }
static void refused(void) { run(do_refused); }

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"ready", ready}, {"queue", in_queue}, {"cancelled", cancelled}, {"freed", freed},
        {"timed", timed}, {"queues", queues},  {"refused", refused},
    };
    return RUN_PART(parts);
}

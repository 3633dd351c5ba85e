/*
 * What a host can stumble over. Linked with the fixture `porter`.
 *
 *   idle-caller          a callback queue that was idle, an op on it, and then a loss: it is told
 *   sleeps               a take of a queue without ops, while the runtime is lost, sleeps
 *   forks                a callback forks, the child begins ops of its own and returns into the library
 *   end-beside-shutdown  `_end` of a handle and a shutdown at the same time
 *   hurried              an op with a deadline begins while another thread waits, which has none
 *   stuck                the end ahead of the process, while a callback does not return; then it does
 *   freed-before-boot    ops that are closed while init does not return keep nothing of what they were begun with
 *   looks                a task calls the host on a thread that drives the runtime, and the host waits there
 *   helped               a task that holds an `rt0::Cancel` hears of the end of the op
 */
#include "ops.h"
#include <time.h>

extern int porter_helpers(void), porter_helpers_gone(void);

static atomic_int called;
static porter_Queue *queue;

static void sweep(void)
{
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
}

static void count_call(void *user, uint64_t tag)
{
    (void)user, (void)tag;
    called++;
}

/* Its thread has found nothing to do, and sleeps until it is woken. It is the only one that could notice. */
static void idle_caller(void)
{
    uint32_t value = 5;
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    SAME(porter_queue_call(10, count_call, NULL, &queue, NULL), PORTER_OK);
    usleep(200000);
    porter_Op *op = begin(SHUT, queue, 1);
    UNTIL(waiting_at(SHUT) == 1);
    sweep();
    while (called == 0)
        usleep(1000);
    SAME(porter_passes_end(op, &value, NULL), PORTER_RUNTIME_LOST);
}

static long cpu_ms(void)
{
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static void sleeps(void)
{
    uint32_t value = 0;
    uint64_t tag;
    size_t count;
    queue = new_queue(10);
    porter_Op *op = begin(SHUT, queue, 1);
    UNTIL(waiting_at(SHUT) == 1);
    sweep();
    SAME(take(queue), 1);
    SAME(porter_passes_end(op, &value, NULL), PORTER_RUNTIME_LOST);
    long before = cpu_ms();
    SAME(porter_queue_take(queue, &tag, 1, &count, 2000), PORTER_TIMED_OUT);
    /* On a busy machine it could not use all of the time; asleep it uses next to nothing. */
    IS(cpu_ms() - before < 100);
}

static pid_t parent, child;
static atomic_int all_there;

static void fork_once(void *user, uint64_t tag)
{
    (void)user;
    if (getpid() != parent)
        _exit(5);
    while (!all_there)
        usleep(100);
    if (tag == 1 && (child = fork()) == 0) {
        uint32_t value = 0;
        porter_Queue *own = new_queue(5);
        porter_Op *op = begin_ready(3, own, 9);
        SAME(take(own), 9);
        SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
        SAME(value, 3);
        return;
    }
    called++;
}

static void forks(void)
{
    parent = getpid();
    SAME(porter_queue_call(10, fork_once, NULL, &queue, NULL), PORTER_OK);
    for (uint32_t i = 1; i <= 4; i++)
        SAME(porter_op_wait(begin_ready(i, queue, i), FOREVER), PORTER_OK);
    all_there = 1;
    UNTIL(called == 4);
    /* In the child the thread has returned into the library, and ended. The child's own runtime lives on. */
    char path[64], state = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
    while (state != 'Z') {
        FILE *stat = fopen(path, "r");
        if (stat == NULL || fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
            die("no /proc");
        fclose(stat);
        usleep(1000);
    }
    int status = 0;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    IS(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static atomic_int over;
static _Atomic(porter_Op *) done;

static void *end_things(void *unused)
{
    while (!over) {
        porter_Op *op = atomic_load(&done);
        porter_Thing *thing = NULL;
        if (op == NULL)
            continue;
        int code = porter_makes_end(op, &thing, NULL);
        IS(code == PORTER_OK || code == PORTER_STOPPED);
        atomic_store(&done, NULL);
    }
    return unused;
}

static void end_beside_shutdown(void)
{
    enum { TIMES = 2000 };
    pthread_t thread = run_thread(end_things, NULL);
    for (int i = 0; i < TIMES; i++) {
        porter_Op *op = NULL;
        open_gate(GATE);
        SAME(porter_makes_begin(GATE, 1, -1, NULL, 0, &op, NULL), PORTER_OK);
        SAME(porter_op_wait(op, FOREVER), PORTER_OK);
        atomic_store(&done, op);
        for (volatile int pause = 0; pause < i * 37 % 4000; pause++)
            ;
        SAME(porter_shutdown(60000), PORTER_OK);
        while (atomic_load(&done) != NULL)
            usleep(10);
    }
    over = 1;
    pthread_join(thread, NULL);
    /* Those that were fetched were dropped by the shutdown that came after it. */
    SAME(porter_shutdown(60000), PORTER_OK);
    SAME(porter_things_dropped(), TIMES);
}

static void *take_five(void *unused)
{
    SAME(take(queue), 5);
    return unused;
}

static void hurried(void)
{
    uint32_t value = 0;
    porter_Op *op = NULL;
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    queue = new_queue(4);
    pthread_t thread = run_thread(take_five, NULL);
    usleep(100000);
    SAME(porter_hurried_begin(-1, queue, 5, &op, NULL), PORTER_OK);
    pthread_join(thread, NULL);
    SAME(porter_hurried_end(op, &value, NULL), PORTER_TIMED_OUT);
}

static atomic_int stuck, let_go;

static void get_stuck(void *user, uint64_t tag)
{
    (void)user, (void)tag;
    stuck = 1;
    while (!let_go)
        usleep(1000);
}

static void end_while_stuck(void)
{
    SAME(porter_queue_call(4, get_stuck, NULL, &queue, NULL), PORTER_OK);
    begin_ready(1, queue, 1);
    while (!stuck)
        usleep(100);
    SAME(porter_end(100), PORTER_TIMED_OUT);
    SAME(porter_end(100), PORTER_TIMED_OUT);
    let_go = 1;
    SAME(porter_end(60000), PORTER_OK);
}

static void freed_before_boot(void)
{
    enum { COUNT = 1000, LENGTH = 100000 };
    char *text = malloc(LENGTH);
    uint32_t value = 0;
    memset(text, 'a', LENGTH);
    queue = new_queue(COUNT);
    long before = resident();
    for (uint64_t i = 0; i < COUNT; i++) {
        porter_Op *op = NULL;
        SAME(porter_tells_begin(SHUT, text, LENGTH, NULL, 0, -1, queue, i, &op, NULL), PORTER_OK);
        SAME(porter_op_free(op), PORTER_OK);
    }
    IS(resident() - before < COUNT * (LENGTH / 1000) / 4);
    for (uint64_t i = 0; i < COUNT; i++)
        SAME(take(queue), i);
    porter_let_boot();
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    free(text);
}

static int wait_there(void *unused)
{
    uint64_t tag;
    size_t count;
    porter_Op *op = begin(SHUT, NULL, 0);
    (void)unused;
    SAME(porter_op_wait(op, AT_ONCE), PORTER_TIMED_OUT);
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_op_wait(op, FOREVER), PORTER_WOULD_DEADLOCK);
    SAME(porter_queue_take(queue, &tag, 1, &count, FOREVER), PORTER_WOULD_DEADLOCK);
    SAME(porter_op_free(op), PORTER_OK);
    return 3;
}

static void looks(void)
{
    int32_t value = 0;
    queue = new_queue(4);
    SAME(porter_calls_back_there(wait_there, NULL, &value, NULL), PORTER_OK);
    SAME(value, 3);
}

static void helped(void)
{
    uint32_t value = 0;
    porter_Op *op = NULL;
    queue = new_queue(1);
    SAME(porter_is_helped_begin(GATE, -1, queue, 4, &op, NULL), PORTER_OK);
    UNTIL(waiting_at(GATE) == 1 && porter_helpers() == 1);
    /* It waits by now, or else notices nothing of what this is about. */
    usleep(20000);
    open_gate(GATE);
    SAME(take(queue), 4);
    SAME(porter_is_helped_end(op, &value, NULL), PORTER_OK);
    SAME(value, GATE);
    UNTIL(porter_helpers_gone() == 1);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"idle-caller", idle_caller}, {"sleeps", sleeps}, {"forks", forks},
        {"end-beside-shutdown", end_beside_shutdown}, {"hurried", hurried}, {"helped", helped}, {"stuck", end_while_stuck},
        {"freed-before-boot", freed_before_boot}, {"looks", looks},
    };
    return RUN_PART(parts);
}

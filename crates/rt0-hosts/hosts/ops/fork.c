/*
 * Forks of a host with open ops. Linked with the fixture `porter`.
 *
 *   none           a child has none of its parent's ops and queues, and its look at them boots nothing
 *   own            it boots its own, and has ops of its own; the parent's go on
 *   files          a child that uses the parent's handles touches no descriptor: those it was given are the host's
 *   ended          a queue's descriptor ends in the parent while a child lives
 *   calling        a child of a host with a callback queue
 *   moments        forks at any moment, while threads begin, take and end
 *   thread         a child that is forked while its thread waits in nothing and another in `queue_take`
 *   exits          a child that exits with the parent's ops open, and with its own
 *   shuts-down     a child that shuts down without having booted
 */
#include "ops.h"
#include <poll.h>
#include <sys/socket.h>

static porter_Queue *queue;
static porter_Op *op, *done;

static pid_t fork_here(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        die("fork");
    return child;
}

static void end_child(void)
{
    fflush(stdout);
    _exit(0);
}

static void look_at_parents(void)
{
    uint64_t tag = 5;
    size_t count = 5;
    uint32_t value = 5;
    intptr_t fd = 5;
    porter_Op *fresh = op;
    char *err = NULL;
    SAME(porter_op_wait(op, FOREVER), PORTER_INVALID_HANDLE);
    SAME(porter_op_cancel(op), PORTER_INVALID_HANDLE);
    SAME(porter_passes_end(op, &value, &err), PORTER_INVALID_HANDLE);
    IS(says(err, "porter_passes_end"));
    SAME(porter_ready_end(done, &value, NULL), PORTER_INVALID_HANDLE);
    SAME(porter_op_free(op), PORTER_INVALID_HANDLE);
    SAME(porter_queue_take(queue, &tag, 1, &count, FOREVER), PORTER_INVALID_HANDLE);
    SAME(porter_queue_fd(queue, &fd, NULL), PORTER_INVALID_HANDLE);
    SAME(porter_ready_begin(1, -1, queue, 1, &fresh, NULL), PORTER_INVALID_HANDLE);
    IS(fresh == NULL);
    SAME(porter_queue_free(queue), PORTER_INVALID_HANDLE);
    SAME(value, 5);
    SAME(tag, 5);
}

static void begin_some(void)
{
    queue = new_queue(10);
    op = begin(GATE, queue, 1);
    done = begin_ready(6, queue, 2);
    SAME(porter_op_wait(done, FOREVER), PORTER_OK);
    UNTIL(waiting_at(GATE) == 1);
}

static void end_them(void)
{
    uint32_t value = 0;
    open_gate(GATE);
    SAME(take(queue), 2);
    SAME(take(queue), 1);
    SAME(porter_passes_end(op, &value, NULL), PORTER_OK);
    SAME(value, 1001);
    SAME(porter_ready_end(done, &value, NULL), PORTER_OK);
    SAME(value, 6);
    SAME(look(queue), PORTER_TIMED_OUT);
}

static void none(void)
{
    begin_some();
    pid_t child = fork_here();
    if (child == 0) {
        look_at_parents();
        SAME(porter_state(), PORTER_STATE_COLD);
        end_child();
    }
    await_child(child);
    end_them();
}

static void use_own(void)
{
    uint32_t value = 0;
    uint32_t generation = 0;
    porter_Queue *mine = new_queue(5);
    intptr_t fd = -1;
    IS(mine != queue);
    if (has_descriptors())
        SAME(porter_queue_fd(mine, &fd, NULL), PORTER_OK);
    porter_Op *first = begin(GATE, mine, 7), *second = begin_ready(3, mine, 8);
    IS(first != op && first != done && second != op && second != done);
    struct pollfd one = {(int)fd, POLLIN, 0};
    if (has_descriptors())
        UNTIL(poll(&one, 1, 0) == 1);
    SAME(take(mine), 8);
    open_gate(GATE);
    SAME(take(mine), 7);
    SAME(porter_passes_end(first, &value, NULL), PORTER_OK);
    SAME(porter_ready_end(second, &value, NULL), PORTER_OK);
    SAME(porter_sleeps(1, 4, &value, NULL), PORTER_OK);
    SAME(porter_generation(&generation, NULL), PORTER_OK);
    IS(generation >= 2);
    SAME(porter_op_free(begin(OTHER, mine, 9)), PORTER_OK);
    begin(OTHER, mine, 10);
}

static void own(void)
{
    begin_some();
    pid_t child = fork_here();
    if (child == 0) {
        use_own();
        look_at_parents();
        SAME(porter_shutdown(60000), PORTER_OK);
        look_at_parents();
        use_own();
        end_child();
    }
    end_them();
    await_child(child);
}

/* As a daemon does: everything is closed, and the numbers are the host's own pipes. */
static void files(void)
{
    intptr_t fd;
    begin_some();
    SAME(porter_queue_fd(queue, &fd, NULL), PORTER_OK);
    pid_t child = fork_here();
    if (child == 0) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair) != 0)
            die("no pair");
        int others = fcntl(pair[1], F_DUPFD, 1000);
        for (int i = 3; i < 1000; i++)
            if (fcntl(i, F_GETFD) >= 0 && dup2(pair[0], i) != i)
                die("dup2");
        int before = count_files();
        look_at_parents();
        SAME(count_files(), before);
        char byte;
        SAME(recv(others, &byte, 1, MSG_DONTWAIT), -1);
        SAME(errno, EAGAIN);
        /* Nor has it shut one down. */
        SAME(send(3, "x", 1, MSG_NOSIGNAL), 1);
        SAME(recv(others, &byte, 1, MSG_DONTWAIT), 1);
        end_child();
    }
    await_child(child);
    struct pollfd one = {(int)fd, POLLIN, 0};
    SAME(poll(&one, 1, -1), 1);
    end_them();
}

static void ended(void)
{
    intptr_t fd = -1;
    char bytes[10];
    int pair[2];
    begin_some();
    SAME(porter_queue_fd(queue, &fd, NULL), PORTER_OK);
    SAME(pipe(pair), 0);
    pid_t child = fork_here();
    if (child == 0) {
        /* Lives until the parent has seen the end. */
        close(pair[1]);
        SAME(read(pair[0], bytes, 1), 0);
        end_child();
    }
    close(pair[0]);
    SAME(porter_shutdown(60000), PORTER_OK);
    SAME(read((int)fd, bytes, sizeof bytes), 1);
    struct pollfd one = {(int)fd, POLLIN, 0};
    SAME(poll(&one, 1, -1), 1);
    SAME(read((int)fd, bytes, sizeof bytes), 0);
    SAME(take(queue), 2);
    SAME(take(queue), 1);
    SAME(look(queue), PORTER_STOPPED);
    close(pair[1]);
    await_child(child);
    /* So for a queue that is freed. */
    queue = new_queue(1);
    SAME(porter_queue_fd(queue, &fd, NULL), PORTER_OK);
    SAME(pipe(pair), 0);
    child = fork_here();
    if (child == 0) {
        close(pair[1]);
        SAME(read(pair[0], bytes, 1), 0);
        end_child();
    }
    close(pair[0]);
    SAME(porter_queue_free(queue), PORTER_OK);
    one.fd = (int)fd;
    SAME(poll(&one, 1, -1), 1);
    SAME(read((int)fd, bytes, sizeof bytes), 0);
    close(pair[1]);
    await_child(child);
}

static atomic_int called;
static pid_t process;

static void count_call(void *user, uint64_t tag)
{
    (void)user, (void)tag;
    SAME(getpid(), process);
    called++;
}

static void calling(void)
{
    porter_Queue *calls = NULL;
    process = getpid();
    SAME(porter_queue_call(10, count_call, NULL, &calls, NULL), PORTER_OK);
    SAME(porter_op_free(begin_ready(1, calls, 1)), PORTER_OK);
    porter_Op *later = begin(GATE, calls, 2);
    UNTIL(called == 1);
    pid_t child = fork_here();
    if (child == 0) {
        process = getpid();
        porter_Op *fresh = NULL;
        SAME(porter_ready_begin(1, -1, calls, 1, &fresh, NULL), PORTER_INVALID_HANDLE);
        SAME(porter_queue_free(calls), PORTER_INVALID_HANDLE);
        porter_Queue *mine = NULL;
        SAME(porter_queue_call(10, count_call, NULL, &mine, NULL), PORTER_OK);
        called = 0;
        SAME(porter_op_free(begin_ready(1, mine, 1)), PORTER_OK);
        UNTIL(called == 1);
        SAME(porter_shutdown(60000), PORTER_OK);
        end_child();
    }
    await_child(child);
    open_gate(GATE);
    UNTIL(called == 2);
    SAME(porter_op_free(later), PORTER_OK);
}

static atomic_int is_over;

static void *use(void *unused)
{
    uint32_t value;
    while (!is_over) {
        porter_Op *one = NULL;
        int code = porter_yields_begin(2, 4, -1, queue, 1, &one, NULL);
        if (code == PORTER_BUSY) {
            take(queue);
            continue;
        }
        SAME(code, PORTER_OK);
        SAME(porter_op_wait(one, FOREVER), PORTER_OK);
        SAME(porter_yields_end(one, &value, NULL), PORTER_OK);
        SAME(value, 4);
    }
    return unused;
}

static void moments(void)
{
    enum { THREADS = 6 };
    pthread_t threads[THREADS];
    queue = new_queue(4);
    for (int i = 0; i < THREADS; i++)
        threads[i] = run_thread(use, NULL);
    for (int i = 0; i < 100; i++) {
        usleep((useconds_t)(i * 37 % 500));
        pid_t child = fork_here();
        if (child == 0) {
            uint32_t value = 0;
            porter_Queue *mine = new_queue(3);
            porter_Op *one = begin_ready(3, mine, 1);
            SAME(take(mine), 1);
            SAME(porter_ready_end(one, &value, NULL), PORTER_OK);
            SAME(value, 3);
            porter_Op *fresh = NULL;
            SAME(porter_ready_begin(1, -1, queue, 1, &fresh, NULL), PORTER_INVALID_HANDLE);
            if (i % 2)
                SAME(porter_shutdown(60000), PORTER_OK);
            end_child();
        }
        await_child(child);
    }
    is_over = 1;
    /* Who waits for room gets it. */
    porter_Queue *former = queue;
    for (int i = 0; i < THREADS; i++) {
        while (pthread_tryjoin_np(threads[i], NULL) == EBUSY) {
            uint64_t tag;
            size_t count;
            porter_Op *one = NULL;
            if (porter_ready_begin(1, -1, former, 1, &one, NULL) == PORTER_OK)
                porter_op_free(one);
            porter_queue_take(former, &tag, 1, &count, 1);
        }
    }
}

static void *take_all(void *unused)
{
    uint64_t tag;
    size_t count;
    while (porter_queue_take(queue, &tag, 1, &count, FOREVER) == PORTER_OK)
        called++;
    return unused;
}

static void with_thread(void)
{
    queue = new_queue(10);
    op = begin(GATE, queue, 1);
    done = begin(OTHER, queue, 2);
    pthread_t thread = run_thread(take_all, NULL);
    UNTIL(waiting_at(OTHER) == 1);
    usleep(5000);
    pid_t child = fork_here();
    if (child == 0) {
        look_at_parents();
        use_own();
        SAME(porter_shutdown(60000), PORTER_OK);
        end_child();
    }
    await_child(child);
    open_gate(GATE);
    open_gate(OTHER);
    UNTIL(called == 2);
    SAME(porter_shutdown(60000), PORTER_OK);
    pthread_join(thread, NULL);
}

static void exits(void)
{
    begin_some();
    for (int with_own = 0; with_own < 2; with_own++) {
        pid_t child = fork_here();
        if (child == 0) {
            if (with_own)
                use_own();
            exit(0);
        }
        await_child(child);
    }
    end_them();
}

static void shuts_down(void)
{
    begin_some();
    pid_t child = fork_here();
    if (child == 0) {
        SAME(porter_shutdown(60000), PORTER_OK);
        look_at_parents();
        end_child();
    }
    await_child(child);
    end_them();
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"none", none},       {"own", own},         {"files", files},      {"ended", ended}, {"calling", calling},
        {"moments", moments}, {"thread", with_thread}, {"exits", exits}, {"shuts-down", shuts_down},
    };
    return RUN_PART(parts);
}

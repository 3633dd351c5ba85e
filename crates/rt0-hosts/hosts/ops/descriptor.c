/*
 * A queue's descriptor in a loop. Linked with the fixture `porter`.
 *
 *   poll           readable when tags come, and not before
 *   loop           one epoll loop and a thousand ops, tags never left behind
 *   once           one byte for many tags
 *   own            each caller owns a duplicate: non-blocking, not inherited by exec; the library's own end is high
 *   ended          it reads as ended after a `queue_free`
 *   none           where no descriptor is to be had: an error, and later one
 *   swept          the host closes all descriptors, and has its own under their numbers: they are left alone
 *   quiet          where no thread of the library's makes it readable there is none
 *   late           it is asked for when tags are there already
 */
#include "ops.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

static int descriptor(porter_Queue *queue)
{
    intptr_t fd = -1;
    char *err = NULL;
    int code = porter_queue_fd(queue, &fd, &err);
    if (code != PORTER_OK || fd < 0)
        die("no descriptor: %d %s", code, err ? err : "");
    return (int)fd;
}

static int is_readable(int fd, int ms)
{
    struct pollfd one = {fd, POLLIN, 0};
    return poll(&one, 1, ms) == 1 && (one.revents & POLLIN) != 0;
}

/* Reads all there is: how many bytes; -1 if it has ended. */
static int drain(int fd)
{
    char bytes[64];
    int all = 0;
    ssize_t count;
    while ((count = read(fd, bytes, sizeof bytes)) > 0)
        all += (int)count;
    if (count == 0)
        return -1;
    SAME(errno, EAGAIN);
    return all;
}

static void poll_it(void)
{
    porter_Queue *queue = new_queue(10);
    int fd = descriptor(queue);
    uint32_t value;
    IS(!is_readable(fd, 0));
    porter_Op *op = begin(GATE, queue, 1);
    UNTIL(waiting_at(GATE) == 1);
    IS(!is_readable(fd, 0));
    open_gate(GATE);
    IS(is_readable(fd, -1));
    SAME(drain(fd), 1);
    SAME(take(queue), 1);
    SAME(look(queue), PORTER_TIMED_OUT);
    IS(!is_readable(fd, 0));
    SAME(porter_passes_end(op, &value, NULL), PORTER_OK);
    /* Again and again. */
    for (uint32_t i = 0; i < 500; i++) {
        op = begin_ready(i, queue, i);
        IS(is_readable(fd, -1));
        SAME(drain(fd), 1);
        SAME(take(queue), i);
        SAME(look(queue), PORTER_TIMED_OUT);
        SAME(porter_ready_end(op, &value, NULL), PORTER_OK);
        SAME(value, i);
    }
    close(fd);
}

/* Edge-triggered, as most loops of languages are. */
static void loop(void)
{
    enum { OPS = 1000, ROUNDS = 20 };
    porter_Queue *queue = new_queue(OPS);
    static porter_Op *ops[OPS];
    static int rounds[OPS];
    int fd = descriptor(queue), all = epoll_create1(EPOLL_CLOEXEC), left = OPS;
    struct epoll_event event = {EPOLLIN | EPOLLET, {0}};
    SAME(epoll_ctl(all, EPOLL_CTL_ADD, fd, &event), 0);
    for (uint32_t i = 0; i < OPS; i++)
        SAME(porter_yields_begin(i % 7, i, -1, queue, i, &ops[i], NULL), PORTER_OK);
    while (left > 0) {
        uint64_t tags[16];
        size_t count;
        int code;
        SAME(epoll_wait(all, &event, 1, -1), 1);
        IS(drain(fd) >= 0);
        while ((code = porter_queue_take(queue, tags, 16, &count, AT_ONCE)) == PORTER_OK)
            for (size_t k = 0; k < count; k++) {
                uint32_t i = (uint32_t)tags[k], value = 0;
                SAME(porter_yields_end(ops[i], &value, NULL), PORTER_OK);
                SAME(value, i);
                if (++rounds[i] == ROUNDS)
                    left--;
                else
                    SAME(porter_yields_begin(i % 5, i, -1, queue, i, &ops[i], NULL), PORTER_OK);
            }
        SAME(code, PORTER_TIMED_OUT);
    }
    SAME(porter_begun(), OPS * ROUNDS);
    UNTIL(porter_gone() == OPS * ROUNDS);
}

static void once(void)
{
    porter_Queue *queue = new_queue(100);
    int fd = descriptor(queue);
    uint64_t tags[100];
    size_t count;
    for (uint32_t i = 0; i < 100; i++) {
        porter_Op *op = begin_ready(i, queue, i);
        SAME(porter_op_wait(op, FOREVER), PORTER_OK);
        SAME(porter_op_free(op), PORTER_OK);
    }
    SAME(drain(fd), 1);
    /* Bytes carry no count: the tags are there, read or not. */
    SAME(porter_queue_take(queue, tags, 99, &count, AT_ONCE), PORTER_OK);
    SAME(count, 99);
    /* It was not found empty. */
    SAME(porter_op_free(begin_ready(1, queue, 200)), PORTER_OK);
    SAME(porter_queue_take(queue, tags, 1, &count, FOREVER), PORTER_OK);
    SAME(tags[0], 99);
    SAME(take(queue), 200);
    SAME(look(queue), PORTER_TIMED_OUT);
    drain(fd);
    SAME(porter_op_free(begin_ready(1, queue, 201)), PORTER_OK);
    IS(is_readable(fd, -1));
}

static int highest_socket(void)
{
    int highest = -1;
    for (int fd = 3; fd < 2000; fd++) {
        int type;
        socklen_t len = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0)
            highest = fd;
    }
    return highest;
}

static void own(void)
{
    uint32_t value;
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    porter_Queue *queue = new_queue(10);
    int before = count_files();
    int one = descriptor(queue), two = descriptor(queue);
    /* The library's own ends, made once, and the duplicates. */
    SAME(count_files(), before + 4);
    IS(one != two);
    SAME(fcntl(one, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    SAME(fcntl(one, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    IS(one < 30 && two < 30);
    IS(highest_socket() >= 40);
    close(one);
    SAME(porter_op_free(begin_ready(1, queue, 1)), PORTER_OK);
    IS(is_readable(two, -1));
    SAME(take(queue), 1);
    close(two);
    /* Nobody reads. A pipe that is full or broken must not matter. */
    for (uint64_t i = 0; i < 100000; i++) {
        SAME(porter_op_free(begin_ready(1, queue, i)), PORTER_OK);
        SAME(take(queue), i);
        SAME(look(queue), PORTER_TIMED_OUT);
    }
    SAME(porter_queue_free(queue), PORTER_OK);
    /* A thread that has put in a tag may be about to ring. */
    UNTIL(count_files() == before);
}

static void ended(void)
{
    porter_Queue *queue = new_queue(10);
    int fd = descriptor(queue), other = descriptor(queue);
    SAME(porter_op_free(begin_ready(1, queue, 1)), PORTER_OK);
    IS(is_readable(fd, -1));
    SAME(porter_queue_free(queue), PORTER_OK);
    SAME(drain(fd), -1);
    IS(is_readable(other, -1));
    SAME(drain(other), -1);
}

static void none(void)
{
    porter_Queue *queue = new_queue(10);
    struct rlimit limit, former;
    intptr_t fd = 77;
    char *err = NULL;
    uint32_t value;
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    SAME(getrlimit(RLIMIT_NOFILE, &former), 0);
    limit = former;
    limit.rlim_cur = 0;
    SAME(setrlimit(RLIMIT_NOFILE, &limit), 0);
    IS(porter_queue_fd(queue, &fd, &err) < 0);
    IS(err != NULL && strstr(err, "porter_queue_fd: ") == err);
    porter_free(err);
    SAME(fd, -1);
    /* The queue works without. */
    SAME(porter_op_free(begin_ready(1, queue, 1)), PORTER_OK);
    SAME(take(queue), 1);
    SAME(setrlimit(RLIMIT_NOFILE, &former), 0);
    int before = count_files();
    SAME(porter_queue_fd(queue, &fd, NULL), PORTER_OK);
    SAME(count_files(), before + 3);
    /* There are two to be had, and not the third. */
    porter_Queue *other = new_queue(10);
    limit.rlim_cur = 0;
    int low = 0;
    while (fcntl(low, F_GETFD) >= 0)
        low++;
    limit.rlim_cur = (rlim_t)low + 2;
    before = count_files();
    SAME(setrlimit(RLIMIT_NOFILE, &limit), 0);
    fd = 77;
    IS(porter_queue_fd(other, &fd, NULL) < 0);
    SAME(setrlimit(RLIMIT_NOFILE, &former), 0);
    SAME(porter_queue_fd(other, &fd, NULL), PORTER_OK);
    SAME(count_files(), before + 3);
    SAME(porter_op_free(begin_ready(1, other, 1)), PORTER_OK);
    IS(is_readable((int)fd, -1));
}

static void quiet(void)
{
    porter_Queue *queue = new_queue(10);
    intptr_t fd = 77;
    char *err = NULL;
    SAME(porter_queue_fd(queue, &fd, &err), PORTER_NO_THREAD);
    SAME(fd, -1);
    IS(says(err, "porter_queue_fd has no descriptor to give: the start policy `quiet`"));
    SAME(porter_op_free(begin_ready(1, queue, 1)), PORTER_OK);
    SAME(take(queue), 1);
}

static void late(void)
{
    porter_Queue *queue = new_queue(10);
    porter_Op *op = begin_ready(1, queue, 1);
    SAME(porter_op_wait(op, FOREVER), PORTER_OK);
    int fd = descriptor(queue);
    IS(is_readable(fd, -1));
    SAME(drain(fd), 1);
    SAME(take(queue), 1);
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_op_free(begin_ready(1, queue, 2)), PORTER_OK);
    IS(is_readable(fd, -1));
}

static void swept(void)
{
    porter_Queue *queue = new_queue(10);
    uint32_t value;
    int pair[2];
    char byte;
    /* Not those of its runtime: this is about the queue's. */
    SAME(porter_ready(1, &value, NULL), PORTER_OK);
    int first = highest_socket() + 1;
    int fd = descriptor(queue);
    SAME(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair), 0);
    int theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, 500), ours = 0;
    for (int i = first; i < 500; i++) {
        int type;
        socklen_t len = sizeof type;
        if (i != fd && i != pair[0] && i != pair[1] && getsockopt(i, SOL_SOCKET, SO_TYPE, &type, &len) == 0
            && type == SOCK_STREAM)
            ours += dup2(pair[0], i) == i;
    }
    IS(ours >= 2);
    SAME(porter_op_free(begin_ready(1, queue, 1)), PORTER_OK);
    SAME(take(queue), 1);
    SAME(look(queue), PORTER_TIMED_OUT);
    SAME(porter_op_free(begin_ready(1, queue, 2)), PORTER_OK);
    SAME(take(queue), 2);
    int before = count_files();
    SAME(porter_queue_free(queue), PORTER_OK);
    SAME(count_files(), before);
    SAME(recv(theirs, &byte, 1, MSG_DONTWAIT), -1);
    SAME(errno, EAGAIN);
    SAME(send(pair[0], "x", 1, MSG_NOSIGNAL), 1);
    SAME(recv(theirs, &byte, 1, MSG_DONTWAIT), 1);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"poll", poll_it}, {"loop", loop}, {"once", once}, {"own", own}, {"ended", ended}, {"none", none}, {"late", late}, {"swept", swept},
        {"quiet", quiet},
    };
    return RUN_PART(parts);
}

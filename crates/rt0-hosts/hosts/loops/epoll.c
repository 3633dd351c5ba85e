/* epoll: `epoll [edge]`. */
#include <sys/epoll.h>

#include "orders.h"

/* docs: epoll */
static void watch(int epoll, int fd, uint32_t how)
{
    struct epoll_event event = {.events = EPOLLIN | how, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        die("epoll_ctl");
}

static bool turn(struct loop *loop)
{
    struct epoll_event events[8];
    bool goes_on = true;
    int count = epoll_wait(loop->watcher, events, 8, -1);
    for (int i = 0; i < count; i++) {
        if (events[i].data.fd == loop->fd)
            goes_on = arrived(loop->queue, loop->fd);
        else
            loop->heard += (int)read(events[i].data.fd, &(char){0}, 1);
    }
    return goes_on;
}
/* docs: end */

int main(int argc, char **argv)
{
    (void)argv;
    struct loop loop = {.turn = turn, .watcher = epoll_create1(EPOLL_CLOEXEC)};
    make_queue(&loop);
    watch(loop.watcher, loop.fd, argc > 1 ? EPOLLET : 0);
    watch(loop.watcher, loop.own[0], 0);
    return script(&loop);
}

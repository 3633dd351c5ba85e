/* poll. */
#include <poll.h>

#include "orders.h"

/* docs: poll */
static bool turn(struct loop *loop)
{
    struct pollfd all[] = {
        {.fd = loop->fd, .events = POLLIN},
        {.fd = loop->own[0], .events = POLLIN},
    };
    poll(all, 2, -1);
    if (all[1].revents != 0)
        loop->heard += (int)read(loop->own[0], &(char){0}, 1);
    return all[0].revents == 0 || arrived(loop->queue, loop->fd);
}
/* docs: end */

int main(void)
{
    struct loop loop = {.turn = turn};
    make_queue(&loop);
    return script(&loop);
}

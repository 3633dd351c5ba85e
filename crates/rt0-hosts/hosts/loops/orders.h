/* What both loops in C do with the shop: begin orders, hear that they are done, take what came of them. */
#ifndef ORDERS_H
#define ORDERS_H

#include <inttypes.h>
#include <stdbool.h>

#include "../host.h"
#include "shop.h"

/* A fetch that has begun. Its address is its tag. */
struct order {
    shop_Op *op;
    bool done;
    int32_t status;
    char *text; /* what was fetched, or the error: for shop_free */
};

/* Takes the outcome of an order whose tag has come. */
static void done(struct order *order)
{
    char *err = NULL;
    order->status = shop_fetch_end(order->op, &order->text, NULL, &err);
    if (order->status != SHOP_OK)
        order->text = err;
    order->done = true;
}

/* docs: take */
/* Call it when the descriptor is readable. False: the library was shut down, and nothing more will come. */
static bool arrived(shop_Queue *queue, int fd)
{
    uint64_t tags[64];
    size_t count;
    int32_t status;
    /* First the bytes, then the tags: a byte that comes in between wakes the loop once more. */
    while (read(fd, tags, sizeof tags) > 0) {
    }
    while ((status = shop_queue_take(queue, tags, 64, &count, 0)) == SHOP_OK)
        for (size_t i = 0; i < count; i++)
            done((struct order *)(uintptr_t)tags[i]);
    return status == SHOP_TIMED_OUT;
}
/* docs: end */

/* Begins a fetch. */
static void begin(shop_Queue *queue, const char *item, int32_t timeout_ms, struct order *order)
{
    char *err = NULL;
    *order = (struct order){0};
    int32_t status = shop_fetch_begin(item, strlen(item), timeout_ms, queue, (uintptr_t)order, &order->op, &err);
    if (status != SHOP_OK)
        die("begin: %d %s", status, err);
}

static void show_order(const char *name, struct order *order)
{
    printf("%s = %d %s\n", name, order->status, order->text ? order->text : "");
    shop_free(order->text);
}

/* A loop of the host's own. */
struct loop {
    /* Waits once for what the loop watches, and handles it. False: the queue has ended. */
    bool (*turn)(struct loop *loop);
    shop_Queue *queue;
    int fd;      /* the queue's */
    int own[2];  /* a pipe: what else the loop watches */
    int heard;   /* bytes from it */
    int watcher; /* the loop's own descriptor, if it has one */
};

static void until_done(struct loop *loop, struct order *orders, int count)
{
    for (int i = 0; i < count; i++)
        while (!orders[i].done)
            if (!loop->turn(loop))
                die("the queue has ended");
}

static void make_queue(struct loop *loop)
{
    char *err = NULL;
    intptr_t fd;
    if (pipe(loop->own) != 0)
        die("pipe");
    if (shop_queue_new(1000, &loop->queue, &err) != SHOP_OK || shop_queue_fd(loop->queue, &fd, &err) != SHOP_OK)
        die("a queue: %s", err);
    loop->fd = (int)fd;
    printf("closes at exec = %d\n", (fcntl(loop->fd, F_GETFD) & FD_CLOEXEC) != 0);
    printf("does not block = %d\n", (fcntl(loop->fd, F_GETFL) & O_NONBLOCK) != 0);
}

/* What every loop is tested with. */
static int script(struct loop *loop)
{
    static struct order many[100];
    struct order one;
    int right = 0;
    for (int i = 0; i < 100; i++) {
        char item[32];
        snprintf(item, sizeof item, "item %d", i);
        begin(loop->queue, item, -1, &many[i]);
    }
    /* The loop does other things meanwhile. */
    if (write(loop->own[1], "!", 1) != 1)
        die("write");
    while (loop->heard == 0)
        if (!loop->turn(loop))
            die("the queue has ended");
    until_done(loop, many, 100);
    for (int i = 0; i < 100; i++) {
        char wanted[32];
        snprintf(wanted, sizeof wanted, "item %d, fetched", i);
        right += many[i].status == SHOP_OK && strcmp(many[i].text, wanted) == 0;
        shop_free(many[i].text);
    }
    printf("fetched = %d\n", right);

    begin(loop->queue, "unicorn", -1, &one);
    until_done(loop, &one, 1);
    show_order("refused", &one);

    begin(loop->queue, "moon", 10, &one);
    until_done(loop, &one, 1);
    show_order("late", &one);

    begin(loop->queue, "moon", -1, &one);
    printf("cancel = %d\n", shop_op_cancel(one.op));
    until_done(loop, &one, 1);
    show_order("cancelled", &one);
    while (shop_open() != 0)
        usleep(500);
    printf("open = 0\n");

    begin(loop->queue, "moon", -1, &one);
    printf("shutdown = %d\n", shop_shutdown(-1));
    while (loop->turn(loop)) {
    }
    if (!one.done)
        die("the last order was lost");
    show_order("stopped", &one);
    char byte;
    printf("reads as ended = %d\n", read(loop->fd, &byte, 1) == 0);
    close(loop->fd);
    printf("free = %d\n", shop_queue_free(loop->queue));
    return 0;
}

#endif

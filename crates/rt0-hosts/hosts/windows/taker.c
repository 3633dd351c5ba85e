/*
 * A host whose own thread takes from a queue and tells the thread that waits: what an event loop on Windows needs. It is
 * linked with the library `shop`.
 */
#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shop.h"

/* A fetch that has begun. Its address is its tag. */
struct order {
    shop_Op *op;
    int32_t status;
    char *text;
};

static shop_Queue *queue;
/* How many orders are done, and an event for each. */
static HANDLE done;

static DWORD WINAPI take(LPVOID nothing)
{
    uint64_t tags[64];
    size_t count;
    int32_t status;
    (void)nothing;
    while ((status = shop_queue_take(queue, tags, 64, &count, -1)) == SHOP_OK)
        for (size_t i = 0; i < count; i++) {
            struct order *order = (struct order *)(uintptr_t)tags[i];
            char *err = NULL;
            order->status = shop_fetch_end(order->op, &order->text, NULL, &err);
            if (order->status != SHOP_OK)
                order->text = err;
            ReleaseSemaphore(done, 1, NULL);
        }
    return (DWORD)status;
}

static void begin(const char *item, int32_t timeout_ms, struct order *order)
{
    char *err = NULL;
    int32_t status = shop_fetch_begin(item, strlen(item), timeout_ms, queue, (uintptr_t)order, &order->op, &err);
    if (status != SHOP_OK)
        printf("begin = %" PRId32 " %s\n", status, err);
}

static void await(const char *name, struct order *order)
{
    WaitForSingleObject(done, INFINITE);
    printf("%s = %" PRId32 " %s\n", name, order->status, order->text ? order->text : "");
    shop_free(order->text);
}

int main(void)
{
    static struct order many[100];
    struct order one = {0};
    char *err = NULL;
    intptr_t fd;
    int right = 0;
    DWORD status;
    done = CreateSemaphoreA(NULL, 0, 1000, NULL);
    printf("queue = %" PRId32 "\n", shop_queue_new(1000, &queue, &err));
    printf("descriptor = %" PRId32, shop_queue_fd(queue, &fd, &err));
    printf(" %s\n", err);
    shop_free(err);
    HANDLE taker = CreateThread(NULL, 0, take, NULL, 0, NULL);

    for (int i = 0; i < 100; i++)
        begin("tea", -1, &many[i]);
    for (int i = 0; i < 100; i++)
        WaitForSingleObject(done, INFINITE);
    for (int i = 0; i < 100; i++) {
        right += many[i].status == SHOP_OK && strcmp(many[i].text, "tea, fetched") == 0;
        shop_free(many[i].text);
    }
    printf("fetched = %d\n", right);
    begin("unicorn", -1, &one);
    await("refused", &one);
    begin("moon", 10, &one);
    await("late", &one);
    begin("moon", -1, &one);
    printf("cancel = %" PRId32 "\n", shop_op_cancel(one.op));
    await("cancelled", &one);
    while (shop_open() != 0)
        Sleep(1);
    begin("moon", -1, &one);
    printf("shutdown = %" PRId32 "\n", shop_shutdown(20000));
    await("stopped", &one);
    WaitForSingleObject(taker, INFINITE);
    GetExitCodeThread(taker, &status);
    printf("taker = %d\n", (int)status);
    printf("free = %" PRId32 "\n", shop_queue_free(queue));
    return 0;
}

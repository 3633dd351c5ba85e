/* ops LIB WHOSE HOW COUNT AT_ONCE: begins COUNT ops of LIB that are ready at once, AT_ONCE at a time, hears of them and
 * takes their results. Prints the time. WHOSE is bench or hand. HOW is `take`, where the host's thread waits for results
 * and nothing else, or `loop`, where it polls the descriptor.
 *
 * open LIB WHOSE COUNT: begins COUNT ops that are never done. Prints the resident memory of one, in bytes. */
#include "host.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1024 };

/* With rt0. */

typedef int32_t SumBegin(int32_t, int32_t, int32_t, void *, uint64_t, void **, char **);
typedef int32_t SumEnd(void *, int32_t *, char **);
typedef int32_t HoldBegin(uint64_t, int32_t, void *, uint64_t, void **, char **);
typedef int32_t QueueNew(uint32_t, void **, char **);
typedef int32_t QueueFd(void *, intptr_t *, char **);
typedef int32_t Take(void *, uint64_t *, size_t, size_t *, int32_t);

static struct {
    SumBegin *begin;
    SumEnd *end;
    Take *take;
    void *queue;
    void *ops[MOST];
} rt0;

static void rt0_begin(int32_t at) {
    if (rt0.begin(at, 1, -1, rt0.queue, (uint64_t)at, &rt0.ops[at], NULL) != 0) fail("begin");
}

/* Takes what there is, or waits for it. Returns how many. */
static int rt0_take(int32_t timeout_ms) {
    uint64_t tags[64];
    size_t count = 0;
    if (rt0.take(rt0.queue, tags, 64, &count, timeout_ms) != 0) return 0;
    for (size_t i = 0; i < count; i++) {
        int32_t sum;
        if (rt0.end(rt0.ops[tags[i]], &sum, NULL) != 0 || sum != (int32_t)tags[i] + 1) fail("end");
    }
    return (int)count;
}

static int rt0_wait(int fd) {
    char bytes[64];
    if (fd < 0) return rt0_take(-1);
    poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
    if (read(fd, bytes, sizeof bytes) < 1) return 0;
    int taken = 0;
    for (int more; (more = rt0_take(0)) > 0;) taken += more;
    return taken;
}

/* By hand. */

typedef int32_t HandBegin(int32_t, int32_t, uint64_t);
typedef int32_t HandHold(uint64_t, uint64_t);
typedef int32_t HandTake(uint64_t *, int64_t *);
typedef int32_t HandFd(void);

static struct {
    HandBegin *begin;
    HandTake *take;
    int fd;
} hand;

static void hand_begin(int32_t at) {
    if (hand.begin(at, 1, (uint64_t)at) != 0) fail("begin");
}

static int hand_wait(int fd) {
    uint64_t events, tag;
    int64_t sum;
    int taken = 0;
    if (fd >= 0) poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
    if (read(hand.fd, &events, sizeof events) != sizeof events) return 0;
    while (hand.take(&tag, &sum) == 1) {
        if (sum != (int64_t)tag + 1) fail("the result");
        taken++;
    }
    return taken;
}

static int with_rt0(const char *whose) { return strcmp(whose, "bench") == 0; }

static void *new_queue(void *library, uint32_t limit) {
    void *queue;
    if (((QueueNew *)symbol(library, "bench_queue_new"))(limit, &queue, NULL) != 0) fail("queue_new");
    return queue;
}

static void measured(int ours, int fd, uint64_t count, int32_t at_once) {
    for (uint64_t done = 0; done < count; done += (uint64_t)at_once) {
        for (int32_t at = 0; at < at_once; at++) ours ? rt0_begin(at) : hand_begin(at);
        for (int32_t taken = 0; taken < at_once;) taken += ours ? rt0_wait(fd) : hand_wait(fd);
    }
}

int ops(int argc, char **argv) {
    (void)argc;
    void *library = open_library(argv[0]);
    int ours = with_rt0(argv[1]), in_loop = strcmp(argv[2], "loop") == 0, fd = -1;
    uint64_t count = strtoull(argv[3], NULL, 10);
    int32_t at_once = atoi(argv[4]);
    if (at_once < 1 || at_once > MOST) fail("how many at once");
    if (ours) {
        intptr_t descriptor;
        rt0.begin = (SumBegin *)symbol(library, "bench_sum_begin");
        rt0.end = (SumEnd *)symbol(library, "bench_sum_end");
        rt0.take = (Take *)symbol(library, "bench_queue_take");
        rt0.queue = new_queue(library, MOST);
        if (in_loop) {
            if (((QueueFd *)symbol(library, "bench_queue_fd"))(rt0.queue, &descriptor, NULL) != 0) fail("queue_fd");
            fd = (int)descriptor;
        }
    } else {
        hand.begin = (HandBegin *)symbol(library, "hand_sum_begin");
        hand.take = (HandTake *)symbol(library, "hand_take");
        hand.fd = ((HandFd *)symbol(library, "hand_fd"))();
        if (in_loop) fd = hand.fd;
    }
    measured(ours, fd, 2000, at_once); /* past the start, and every page touched */
    settle();
    uint64_t before = now();
    measured(ours, fd, count, at_once);
    print(now() - before);
    fflush(stdout);
    _exit(0);
}

int open_ops(int argc, char **argv) {
    (void)argc;
    void *library = open_library(argv[0]);
    int ours = with_rt0(argv[1]);
    uint64_t count = strtoull(argv[2], NULL, 10);
    Number *held = (Number *)symbol(library, ours ? "bench_held" : "hand_held");
    HoldBegin *begin = ours ? (HoldBegin *)symbol(library, "bench_hold_begin") : NULL;
    HandHold *hold = ours ? NULL : (HandHold *)symbol(library, "hand_hold_begin");
    void *queue = ours ? new_queue(library, (uint32_t)count) : NULL;
    /* One of each kind, so that what is made once is made. The host's own memory is touched before. */
    void **all = malloc((count + 1) * sizeof *all);
    if (!all) fail("malloc");
    memset(all, 1, (count + 1) * sizeof *all);
    uint64_t before = 0;
    for (uint64_t at = 0; at < count; at++) {
        int32_t status = ours ? begin(at, -1, queue, at, &all[at], NULL) : hold(at, at);
        if (status != 0) fail("begin");
        if (at == 0) {
            while (held() != 1) usleep(1000);
            settle();
            before = read_status("VmRSS:");
        }
    }
    while (held() != count) usleep(1000);
    print((read_status("VmRSS:") - before) * 1024 / (count - 1));
    fflush(stdout);
    _exit(0);
}

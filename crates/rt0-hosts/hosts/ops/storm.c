/*
 * A storm of ops: `storm SECONDS SEED`. Linked with the fixture `porter`.
 *
 * 64 threads begin ops of every kind, wait for them, cancel, end and free them, and take tags: from queues that they
 * share, from callback queues, and from queues of their own by a descriptor. One thread shuts the library down and one
 * forks, all the time. What must hold:
 *
 *   - each op that began is done once: each of its tags comes once, unless its queue was freed, and none comes of an op
 *     that did not begin
 *   - a result is that of its op
 *   - a queue that has said STOPPED gives no tag; a callback queue that was freed or shut down calls nobody
 *   - who waits for a tag that comes is woken, by a take, by a wait or by the descriptor
 *   - a fork's child has none of its parent's ops, and has its own
 *   - after each round, in which everything begins anew, no future is left, no descriptor, and no more memory
 *
 * Prints how much there was of everything. A failure names the seed.
 */
#include "ops.h"
#include <malloc.h>
#include <poll.h>

enum { THREADS = 64, SHARED = 6, CALLED = 2, LIMIT = 200, EACH = 20000, OWN = 16 };

static uint64_t first_seed;
static atomic_int is_over;
static atomic_ulong began, refused, took, cancels, shutdowns, forks, bursts;

static void wrong(const char *what, long code)
{
    die("seed %llu: %s: %ld", (unsigned long long)first_seed, what, code);
}

/* Steele, Lea and Flood's splitmix: every seed is as good as any other. */
static uint64_t next_random(uint64_t *random)
{
    uint64_t x = *random += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static uint32_t below(uint64_t *random, uint32_t most)
{
    return (uint32_t)(next_random(random) % most);
}

/* What is known of a tag: a number below EACH. */
enum { UNUSED, BEGINS, REFUSED, TAKEN };

/* A queue that threads share. They use it under the lock for reading; it is replaced under the lock for writing. */
struct shared {
    pthread_rwlock_t lock;
    porter_Queue *_Atomic queue;
    int calls;
    atomic_int next, begun, taken, stopped, gone;
    atomic_uchar tags[EACH];
};

static struct shared all[SHARED];

/* A callback queue's own: it outlives the queue, so that a late call is noticed. */
struct called {
    struct shared *of;
    atomic_int over;
};

static void take_note(struct shared *of, uint64_t tag)
{
    unsigned char seen;
    if (tag >= EACH)
        wrong("no such tag", (long)tag);
    seen = atomic_exchange(&of->tags[tag], TAKEN);
    if (seen != BEGINS)
        wrong("a tag came that was not to come", seen);
    atomic_fetch_add(&of->taken, 1);
    took++;
}

static void done(void *user, uint64_t tag)
{
    struct called *called = user;
    if (called->over)
        wrong("a call came late", (long)tag);
    take_note(called->of, tag);
}

static _Atomic(struct called *) newest[SHARED];

static void renew(struct shared *of, int calls)
{
    int at = (int)(of - all);
    for (int i = 0; i < EACH; i++)
        of->tags[i] = UNUSED;
    of->next = of->begun = of->taken = of->stopped = of->gone = 0;
    of->calls = calls;
    porter_Queue *queue = NULL;
    int code;
    if (calls) {
        /* Never freed. There are few. */
        struct called *called = calloc(1, sizeof *called);
        called->of = of;
        code = porter_queue_call(LIMIT, done, called, &queue, NULL);
        newest[at] = called;
    } else
        code = porter_queue_new(LIMIT, &queue, NULL);
    if (code != PORTER_OK)
        wrong("no queue", code);
    of->queue = queue;
}

static void check_status(const char *call, int code)
{
    if (code != PORTER_OK && code != PORTER_STOPPED && code != PORTER_BUSY)
        wrong(call, code);
}

static int take_some(struct shared *of, uint64_t *random, int ms)
{
    uint64_t tags[32];
    size_t count = 0;
    int stopped = of->stopped;
    int code = porter_queue_take(of->queue, tags, 1 + below(random, 32), &count, ms);
    if (code == PORTER_OK) {
        if (stopped)
            wrong("a tag came after STOPPED", (long)tags[0]);
        for (size_t i = 0; i < count; i++)
            take_note(of, tags[i]);
    } else if (code == PORTER_STOPPED)
        of->stopped = 1;
    else if (code != PORTER_TIMED_OUT)
        wrong("take", code);
    if (code != PORTER_OK && count != 0)
        wrong("a count without tags", (long)count);
    return code;
}

/* Replaces a queue: freed at once, or when each of its tags has come. */
static void replace(struct shared *of, uint64_t *random, int drains)
{
    int at = (int)(of - all);
    porter_Queue *former = of->queue;
    pthread_rwlock_wrlock(&of->lock);
    if (of->queue != former) {
        /* Another has. */
        pthread_rwlock_unlock(&of->lock);
        return;
    }
    if (drains) {
        /* Its ops may wait for what nobody does: the shutdowns that go on all the time end them. */
        for (uint64_t since = now(); of->taken < of->begun;) {
            if (is_over && porter_shutdown(FOREVER) != PORTER_OK)
                wrong("a shutdown at the end", 0);
            if (of->calls)
                usleep(200);
            else if (take_some(of, random, 5) == PORTER_STOPPED && of->taken < of->begun)
                wrong("STOPPED before all tags", of->begun - of->taken);
            if (now() - since > 60000000000u)
                wrong("tags do not come", of->begun - of->taken);
        }
    }
    if (porter_queue_free(of->queue) != PORTER_OK)
        wrong("free", 0);
    if (of->calls)
        atomic_load(&newest[at])->over = 1;
    if (of->taken > of->begun)
        wrong("more tags than ops", of->taken - of->begun);
    renew(of, at < CALLED);
    pthread_rwlock_unlock(&of->lock);
}

/* An op of a thread. */
struct mine {
    porter_Op *op;
    int kind;
    uint32_t value;
};

enum { READY, YIELDS, SLEEPS, PASSES, TELLS, FAILS, PANICS, GIVES_UP, HURRIED, MAKES, KINDS };

static int begin_kind(struct mine *mine, uint64_t *random, porter_Queue *queue, uint64_t tag)
{
    int timeout = below(random, 8) == 0 ? (int)below(random, 5) : -1;
    uint32_t gate = below(random, 32), numbers[3] = {mine->value, 1, 2};
    mine->op = NULL;
    switch (mine->kind) {
    case READY: return porter_ready_begin(mine->value, timeout, queue, tag, &mine->op, NULL);
    case YIELDS: return porter_yields_begin(below(random, 9), mine->value, timeout, queue, tag, &mine->op, NULL);
    case SLEEPS: return porter_sleeps_begin(below(random, 4), mine->value, timeout, queue, tag, &mine->op, NULL);
    case PASSES: return porter_passes_begin(gate, timeout, queue, tag, &mine->op, NULL);
    case TELLS: return porter_tells_begin(1, "sum", 3, numbers, 3, timeout, queue, tag, &mine->op, NULL);
    case FAILS: return porter_fails_begin(2, 41, "as told", 7, timeout, queue, tag, &mine->op, NULL);
    case PANICS: return porter_panics_begin(3, timeout, queue, tag, &mine->op, NULL);
    case GIVES_UP: return porter_gives_up_begin(timeout, queue, tag, &mine->op, NULL);
    case HURRIED: return porter_hurried_begin(timeout, queue, tag, &mine->op, NULL);
    default: return porter_makes_begin(4, mine->value, timeout, queue, tag, &mine->op, NULL);
    }
}

/* The code of an op that is done; NOT_DONE: it is not. */
static int end_kind(struct mine *mine)
{
    uint32_t value = 0;
    char *text = NULL, expected[32];
    size_t len;
    porter_Thing *thing = NULL;
    int code;
    switch (mine->kind) {
    case READY: code = porter_ready_end(mine->op, &value, NULL); break;
    case YIELDS: code = porter_yields_end(mine->op, &value, NULL); break;
    case SLEEPS: code = porter_sleeps_end(mine->op, &value, NULL); break;
    case PASSES: code = porter_passes_end(mine->op, &value, NULL); break;
    case TELLS: code = porter_tells_end(mine->op, &text, &len, NULL); break;
    case FAILS: code = porter_fails_end(mine->op, NULL); break;
    case PANICS: code = porter_panics_end(mine->op, &value, NULL); break;
    case GIVES_UP: code = porter_gives_up_end(mine->op, &value, NULL); break;
    case HURRIED: code = porter_hurried_end(mine->op, &value, NULL); break;
    default: code = porter_makes_end(mine->op, &thing, NULL); break;
    }
    if (code == PORTER_NOT_DONE)
        return code;
    mine->op = NULL;
    if (code == PORTER_OK) {
        snprintf(expected, sizeof expected, "sum %u", mine->value + 3);
        if (mine->kind <= SLEEPS && value != mine->value)
            wrong("another's value", value);
        if (mine->kind == PASSES && (value < 1000 || value >= 1032))
            wrong("no gate's value", value);
        if (mine->kind == TELLS && strcmp(text, expected) != 0)
            wrong("another's text", mine->kind);
        if (mine->kind == FAILS || mine->kind == PANICS || mine->kind == GIVES_UP || mine->kind == HURRIED)
            wrong("it can't be OK", mine->kind);
        if (mine->kind == MAKES) {
            int freed = porter_Thing_free(thing);
            if (freed != PORTER_OK && freed != PORTER_STOPPED && freed != PORTER_INVALID_HANDLE)
                wrong("free a thing", freed);
        }
    } else if (code == 41 ? mine->kind != FAILS
               : code == 8 ? mine->kind != GIVES_UP
               : code == PORTER_PANICKED
                   ? mine->kind != PANICS
                   : code != PORTER_CANCELLED && code != PORTER_TIMED_OUT && code != PORTER_STOPPED)
        wrong("end", code);
    porter_free(text);
    return code;
}

static void begin_shared(struct mine *mine, uint64_t *random)
{
    struct shared *of = &all[below(random, SHARED)];
    int full = 0;
    pthread_rwlock_rdlock(&of->lock);
    int tag = atomic_fetch_add(&of->next, 1);
    if (tag < EACH) {
        of->tags[tag] = BEGINS;
        atomic_fetch_add(&of->begun, 1);
        int code = begin_kind(mine, random, of->queue, (uint64_t)tag);
        if ((code == PORTER_OK) != (mine->op != NULL))
            wrong("an op and a code", code);
        check_status("begin", code);
        if (code == PORTER_OK)
            began++;
        else {
            refused++;
            unsigned char seen = atomic_exchange(&of->tags[tag], REFUSED);
            atomic_fetch_sub(&of->begun, 1);
            if (seen != BEGINS)
                wrong("a tag came of an op that did not begin", seen);
        }
    }
    /* A queue that has ended, or whose tags are used up, is replaced. */
    full = tag >= EACH || of->stopped;
    if (tag >= 0 && !full && of->calls && mine->op == NULL)
        full = below(random, 50) == 0;
    pthread_rwlock_unlock(&of->lock);
    if (full)
        replace(of, random, below(random, 4) != 0);
}

static void take_shared(uint64_t *random)
{
    struct shared *of = &all[CALLED + below(random, SHARED - CALLED)];
    pthread_rwlock_rdlock(&of->lock);
    take_some(of, random, (int)below(random, 4));
    pthread_rwlock_unlock(&of->lock);
}

static void end_own(struct mine *mine)
{
    int code;
    while ((code = end_kind(mine)) == PORTER_NOT_DONE) {
        code = porter_op_cancel(mine->op);
        if (code != PORTER_OK)
            wrong("cancel", code);
        code = porter_op_wait(mine->op, FOREVER);
        if (code != PORTER_OK)
            wrong("wait", code);
    }
}

/* Ops on a queue of its own: each must wake it. */
static void burst(uint64_t *random)
{
    enum { COUNT = 40 };
    porter_Queue *queue = new_queue(COUNT);
    struct mine mine[COUNT];
    intptr_t fd = -1;
    int count = 0, seen[COUNT] = {0}, code, by_descriptor = below(random, 2) == 0, stopped = 0;
    if (by_descriptor && (code = porter_queue_fd(queue, &fd, NULL)) != PORTER_OK)
        wrong("no descriptor", code);
    for (int i = 0; i < COUNT; i++) {
        mine[count].kind = (int)below(random, SLEEPS + 1);
        mine[count].value = below(random, 1000000);
        code = begin_kind(&mine[count], random, queue, (uint64_t)count);
        check_status("begin in a burst", code);
        if (code == PORTER_OK)
            count++;
    }
    for (int all_taken = 0; all_taken < count;) {
        uint64_t tags[8];
        size_t got = 0;
        if (by_descriptor) {
            struct pollfd one = {(int)fd, POLLIN, 0};
            char bytes[16];
            if (poll(&one, 1, 50000) != 1)
                wrong("the descriptor is silent", count - all_taken);
            while (read((int)fd, bytes, sizeof bytes) > 0)
                ;
        }
        do {
            code = porter_queue_take(queue, tags, 8, &got, by_descriptor || all_taken == count ? AT_ONCE : 50000);
            for (size_t i = 0; code == PORTER_OK && i < got; i++)
                if (tags[i] >= (uint64_t)count || seen[tags[i]]++ != 0)
                    wrong("a tag in a burst", (long)tags[i]);
            all_taken += code == PORTER_OK ? (int)got : 0;
        } while (code == PORTER_OK);
        if (code == PORTER_STOPPED)
            stopped = 1;
        if (code == PORTER_STOPPED && all_taken < count)
            wrong("STOPPED before all tags of a burst", count - all_taken);
        if (code == PORTER_TIMED_OUT && !by_descriptor && all_taken < count)
            wrong("a take is not woken", count - all_taken);
    }
    /* Behind the bytes of its last tags. */
    for (ssize_t size = 1; by_descriptor && stopped && size != 0;) {
        struct pollfd one = {(int)fd, POLLIN, 0};
        char byte;
        if (poll(&one, 1, 50000) != 1)
            wrong("the descriptor of an ended queue goes on", 0);
        size = read((int)fd, &byte, 1);
    }
    for (int i = 0; i < count; i++)
        if (end_kind(&mine[i]) == PORTER_NOT_DONE)
            wrong("its tag has come, and it is not done", i);
    if (porter_queue_free(queue) != PORTER_OK)
        wrong("free a queue", 0);
    if (fd >= 0)
        close((int)fd);
    began += (unsigned long)count;
    took += (unsigned long)count;
    bursts++;
}

static void *work(void *data)
{
    uint64_t random = *(uint64_t *)data;
    struct mine mine[OWN] = {{NULL, 0, 0}};
    while (!is_over) {
        struct mine *one = &mine[below(&random, OWN)];
        if (one->op == NULL) {
            one->kind = (int)below(&random, KINDS);
            one->value = below(&random, 1000000);
            begin_shared(one, &random);
            continue;
        }
        int code = PORTER_OK;
        switch (below(&random, 12)) {
        case 0:
            code = porter_op_cancel(one->op);
            cancels++;
            break;
        case 1:
            code = porter_op_free(one->op);
            one->op = NULL;
            break;
        case 2:
            code = porter_op_wait(one->op, (int)below(&random, 3));
            if (code == PORTER_TIMED_OUT)
                code = PORTER_OK;
            break;
        case 3:
            end_own(one);
            break;
        case 4:
            check_status("open", porter_open(below(&random, 32), NULL));
            break;
        case 5:
            if (below(&random, 8) == 0)
                burst(&random);
            break;
        case 6: case 7: case 8:
            take_shared(&random);
            break;
        default:
            end_kind(one);
        }
        if (code != PORTER_OK)
            wrong("an own op", code);
    }
    for (int i = 0; i < OWN; i++)
        if (mine[i].op != NULL)
            end_own(&mine[i]);
    return data;
}

/* What a shutdown says whose time is over when the library has ended but for threads that are busy. */
static int was_late(const char *text)
{
    return strstr(text, "callback queue") != NULL || strstr(text, "still busy") != NULL;
}

static void *shut_down_often(void *data)
{
    uint64_t random = *(uint64_t *)data;
    while (!is_over) {
        usleep((useconds_t)below(&random, 20000));
        struct shared *of = &all[below(&random, CALLED)];
        int timeout = below(&random, 4) == 0 ? FOREVER : (int)below(&random, 3000);
        /* Without the lock: who replaces a queue waits for the shutdowns to end its ops. */
        struct called *before = newest[of - all];
        int code = porter_shutdown(timeout);
        if (code == PORTER_OK)
            before->over = 1;
        else if (timeout == FOREVER || (code != PORTER_TIMED_OUT && !was_late(porter_last_error())))
            wrong(porter_last_error(), code);
        shutdowns++;
    }
    return data;
}

static void in_child(uint64_t *random, porter_Queue *parents, porter_Op *parents_op)
{
    uint64_t tag;
    size_t count;
    uint32_t value = 0;
    porter_Op *op = NULL;
    if (porter_queue_take(parents, &tag, 1, &count, FOREVER) != PORTER_INVALID_HANDLE)
        wrong("a parent's queue", 0);
    if (parents_op != NULL && porter_op_wait(parents_op, FOREVER) != PORTER_INVALID_HANDLE)
        wrong("a parent's op", 0);
    if (below(random, 3) != 0) {
        porter_Queue *queue = new_queue(4);
        op = begin_ready(7, queue, 3);
        if (take(queue) != 3 || porter_ready_end(op, &value, NULL) != PORTER_OK || value != 7)
            wrong("a child's op", value);
        porter_op_free(begin(5, queue, 4));
        if (below(random, 2) == 0 && porter_shutdown(FOREVER) != PORTER_OK)
            wrong("a child's shutdown", 0);
        if (take(queue) != 4)
            wrong("a child's tag", 0);
    }
}

static void *fork_often(void *data)
{
    uint64_t random = *(uint64_t *)data;
    while (!is_over) {
        int status = 0, plainly = (int)below(&random, 2);
        struct shared *of = &all[CALLED + below(&random, SHARED - CALLED)];
        struct mine mine = {NULL, PASSES, 0};
        usleep((useconds_t)below(&random, 30000));
        check_status("begin before a fork", begin_kind(&mine, &random, NULL, 0));
        porter_Queue *parents = of->queue;
        pid_t child = fork();
        if (child == 0) {
            in_child(&random, parents, mine.op);
            if (plainly)
                _exit(0);
            exit(0);
        }
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
            wrong("a child", status);
        if (mine.op != NULL)
            end_own(&mine);
        forks++;
    }
    return data;
}

static void round_of(unsigned ms, uint64_t *random)
{
    pthread_t threads[THREADS + 2];
    uint64_t seeds[THREADS + 2];
    is_over = 0;
    for (int i = 0; i < SHARED; i++)
        renew(&all[i], i < CALLED);
    for (int i = 0; i < THREADS + 2; i++) {
        seeds[i] = next_random(random);
        threads[i] = run_thread(i < THREADS ? work : i == THREADS ? shut_down_often : fork_often, &seeds[i]);
    }
    usleep(ms * 1000);
    is_over = 1;
    for (int i = 0; i < THREADS + 2; i++)
        pthread_join(threads[i], NULL);
    if (porter_shutdown(FOREVER) != PORTER_OK)
        wrong("the last shutdown", 0);
    for (int i = 0; i < SHARED; i++) {
        while (!all[i].calls && take_some(&all[i], random, AT_ONCE) == PORTER_OK)
            ;
        /* The callback queue's last call has returned before the shutdown has. */
        if (all[i].taken != all[i].begun)
            wrong("tags are missing", all[i].begun - all[i].taken);
        if (porter_queue_free(all[i].queue) != PORTER_OK)
            wrong("free", i);
    }
    /* A worker of an earlier generation, whose shutdown had little time, may still be about to drop one. */
    for (int i = 0; porter_begun() != porter_gone(); i++) {
        if (i == 60000)
            wrong("futures are left", porter_begun() - porter_gone());
        usleep(1000);
    }
}

int main(int argc, char **argv)
{
    enum { ROUND = 2000, ROOM = 24 * 1024 };
    if (argc != 3)
        die("storm SECONDS SEED");
    unsigned rounds = (unsigned)atoi(argv[1]) * 1000 / ROUND;
    uint64_t random = first_seed = strtoull(argv[2], NULL, 0);
    long most = 0, last = 0;
    int files = 0;
    for (int i = 0; i < SHARED; i++)
        pthread_rwlock_init(&all[i].lock, NULL);
    if (rounds < 3)
        rounds = 3;
    for (unsigned i = 0; i < rounds; i++) {
        round_of(ROUND, &random);
        malloc_trim(0);
        last = resident();
        /* The first rounds make what stays: the C library's heaps for 64 threads, for one. */
        if (i < 2 || i < rounds / 4) {
            most = last > most ? last : most;
            files = count_files();
        } else if (count_files() != files)
            wrong("descriptors are left", count_files() - files);
    }
    if (last > most + ROOM)
        wrong("memory is left, KiB", last - most);
    printf("ops = %lu\nrefused = %lu\ntags = %lu\ncancels = %lu\nbursts = %lu\nshutdowns = %lu\nforks = %lu\n", began, refused,
           took, cancels, bursts, shutdowns, forks);
    printf("files = %d\nmemory = %ld KiB after %ld\n", files, last, most);
    return 0;
}

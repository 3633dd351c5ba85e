/* A host with one thread and one event loop, in which a thousand searches run at once.
 *
 *     SEARCH_DIR=some/directory host_loop [WORD]
 *
 * Most of them want a few lines with a word. The others want all of them, and would read every file. When those that want few lines are
 * done, the host cancels the rest, which give what they have found so far.
 */
#define _GNU_SOURCE

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "search.h"

enum { ALL = 1000, LONG = 250, SHORT = ALL - LONG, FEW_LINES = 10, SHUTDOWN_MS = 10000 };

/* What became of searches of one kind. */
struct sum {
    int done, cut_short;
    uint64_t lines, files_read, files;
};

struct host {
    search_Queue *queue;
    int fd;
    /* The tag of a search is its place here. NULL: it is over. */
    search_Op *ops[ALL];
    int open;
    struct sum few, every;
    char *example;
    int64_t begun, first, end_of_short;
    int threads;
};

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static double ms(int64_t ns) { return (double)ns / 1e6; }

/* Ends the host if a call has failed. */
static void check(const char *call, int32_t status, char *err) {
    if (status == SEARCH_OK) {
        return;
    }
    fprintf(stderr, "loop: search_%s failed with %" PRId32 ": %s\n", call, status, err != NULL ? err : "");
    exit(1);
}

/* How many threads this process has. */
static int threads(void) {
    char line[256];
    int count = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "Threads: %d", &count) == 1) {
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return count;
}

/* Begins all searches. None of this waits, not even for the library's start. */
static void begin_all(struct host *host, const char *word) {
    for (int i = 0; i < ALL; i++) {
        bool is_long = i % (ALL / LONG) == 0;
        /* The first query finds every file. */
        const char *query = is_long ? "*" : word;
        uint32_t most = is_long ? UINT32_MAX : FEW_LINES;
        char *err = NULL;
        int32_t status = search_lines_begin(query, strlen(query), word, strlen(word), most, -1, host->queue,
                                            (uint64_t)i, &host->ops[i], &err);
        check("lines_begin", status, err);
        host->open++;
    }
}

/* Takes the result of a search that is done. */
static void finish(struct host *host, uint64_t tag) {
    search_Lines *lines = NULL;
    search_Progress progress;
    char *err = NULL;
    struct sum *sum = tag % (ALL / LONG) == 0 ? &host->every : &host->few;
    check("lines_end", search_lines_end(host->ops[tag], &lines, &err), err);
    host->ops[tag] = NULL;
    host->open--;
    check("lines_progress", search_lines_progress(lines, &progress, &err), err);
    if (host->example == NULL && progress.lines > 0) {
        check("lines_text", search_lines_text(lines, 0, &host->example, NULL, &err), err);
    }
    check("Lines_free", search_Lines_free(lines), NULL);
    sum->done++;
    sum->lines += progress.lines;
    sum->files_read += progress.files_read;
    sum->files += progress.files;
    sum->cut_short += sum == &host->every && progress.files_read < progress.files;
    if (host->first == 0) {
        host->first = now_ns();
    }
}

/* Cancelling does not wait either: each search is done a little later, as any other. */
static void cancel_rest(struct host *host) {
    host->end_of_short = now_ns();
    host->threads = threads();
    for (int i = 0; i < ALL; i++) {
        if (host->ops[i] != NULL) {
            check("op_cancel", search_op_cancel(host->ops[i]), NULL);
        }
    }
}

/* The descriptor is readable: some searches are done. */
static void arrived(struct host *host) {
    uint64_t tags[64];
    size_t count;
    int32_t status;
    while (read(host->fd, tags, sizeof tags) > 0) {
    }
    while ((status = search_queue_take(host->queue, tags, 64, &count, 0)) == SEARCH_OK) {
        for (size_t i = 0; i < count; i++) {
            finish(host, tags[i]);
        }
        if (host->few.done == SHORT && host->end_of_short == 0) {
            cancel_rest(host);
        }
    }
    if (status != SEARCH_TIMED_OUT) {
        check("queue_take", status, NULL);
    }
}

/* The host's event loop. A real one watches its other descriptors here, too. */
static void run(struct host *host) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = host->fd};
    int loop = epoll_create1(EPOLL_CLOEXEC);
    if (loop < 0 || epoll_ctl(loop, EPOLL_CTL_ADD, host->fd, &event) != 0) {
        perror("loop: epoll");
        exit(1);
    }
    while (host->open > 0) {
        if (epoll_wait(loop, &event, 1, -1) == 1) {
            arrived(host);
        }
    }
    close(loop);
}

static void show(const struct host *host, int64_t all_begun, int64_t end) {
    const struct sum *few = &host->few, *every = &host->every;
    printf("loop: %d searches begun in %.1f ms, the first done after %.1f ms\n", ALL,
           ms(all_begun - host->begun), ms(host->first - host->begun));
    printf("loop: %d found %" PRIu64 " lines in %" PRIu64 " files within %.1f ms; one of them:\n", few->done,
           few->lines, few->files_read, ms(host->end_of_short - host->begun));
    printf("loop:   %.100s\n", host->example != NULL ? host->example : "(none)");
    printf("loop: the other %d were then cancelled and done %.1f ms later: %d half-way, with %" PRIu64
           " of %" PRIu64 " files\n",
           every->done, ms(end - host->end_of_short), every->cut_short, every->files_read, every->files);
    printf("loop: threads of this process meanwhile: %d\n", host->threads);
}

int main(int argc, char **argv) {
    static struct host host;
    char *err = NULL;
    intptr_t fd;
    int64_t all_begun, end;
    host.begun = now_ns();
    check("queue_new", search_queue_new(ALL, &host.queue, &err), err);
    check("queue_fd", search_queue_fd(host.queue, &fd, &err), err);
    host.fd = (int)fd;
    begin_all(&host, argc > 1 ? argv[1] : "thread");
    all_begun = now_ns();
    run(&host);
    end = now_ns();
    show(&host, all_begun, end);
    check("free", search_free(host.example), NULL);
    close(host.fd);
    check("queue_free", search_queue_free(host.queue), NULL);
    check("shutdown", search_shutdown(SHUTDOWN_MS), NULL);
    return 0;
}

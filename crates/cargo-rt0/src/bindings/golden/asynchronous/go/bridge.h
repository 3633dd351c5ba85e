/* What cgo calls. Written by cargo rt0 bindings.
 *
 * The library is not linked: its functions stand in a table, which rt0go_x_load fills. Results are given by value. Every
 * address is a number here, so that Go's collector does not look at it. */
#ifndef RT0GO_x_BRIDGE_H
#define RT0GO_x_BRIDGE_H

#include <stdlib.h>
#include <string.h>

#include "x.h"

extern struct rt0go_x_table {
    __typeof__(x_start) *x_start;
    __typeof__(x_wait) *x_wait;
    __typeof__(x_state) *x_state;
    __typeof__(x_last_error) *x_last_error;
    __typeof__(x_shutdown) *x_shutdown;
    __typeof__(x_report) *x_report;
    __typeof__(x_free) *x_free;
    __typeof__(x_op_cancel) *x_op_cancel;
    __typeof__(x_queue_new) *x_queue_new;
    __typeof__(x_queue_free) *x_queue_free;
    __typeof__(x_queue_take) *x_queue_take;
    __typeof__(x_events) *x_events;
    __typeof__(x_Cursor_free) *x_Cursor_free;
    __typeof__(x_size) *x_size;
    __typeof__(x_rest_begin) *x_rest_begin;
    __typeof__(x_rest_end) *x_rest_end;
    __typeof__(x_fetch_begin) *x_fetch_begin;
    __typeof__(x_fetch_end) *x_fetch_end;
} rt0go_x;

/* How the library was loaded: 0 is success. */
struct rt0go_loaded {
    /* Of the heap. */
    char *text;
    int32_t code;
    uint32_t version;
};

enum { RT0GO_NOT_LOADED = 1, RT0GO_ANOTHER_LIBRARY, RT0GO_ANOTHER_ABI, RT0GO_ANOTHER_VERSION };

struct rt0go_loaded rt0go_x_load(const char *path);

/* How a call ended that has no place for a text. */
struct rt0go_status {
    /* Of the heap. */
    char *text;
    int32_t code;
};

/* The text is that of this thread, so it is taken before Go may go on on another. */
static inline struct rt0go_status rt0go_status(int32_t code) {
    struct rt0go_status r = {code == 0 ? 0 : strdup(rt0go_x.x_last_error()), code};
    return r;
}

static inline struct rt0go_status rt0go_start(void) { return rt0go_status(rt0go_x.x_start()); }
static inline struct rt0go_status rt0go_wait(int32_t ms) { return rt0go_status(rt0go_x.x_wait(ms)); }
static inline struct rt0go_status rt0go_shutdown(int32_t ms) { return rt0go_status(rt0go_x.x_shutdown(ms)); }
static inline int32_t rt0go_state(void) { return rt0go_x.x_state(); }
static inline char *rt0go_report(void) { return rt0go_x.x_report(); }
static inline void rt0go_free(void *at) { rt0go_x.x_free(at); }
static inline struct rt0go_status rt0_x_Cursor_free(uintptr_t handle) {
    return rt0go_status(rt0go_x.x_Cursor_free((void *)handle));
}

void rt0go_x_event(void *user, int32_t level, const char *target, const char *text, const char *spans);

/* Whether this thread is telling of an event now: the goroutine of the handler stays on it. */
extern _Thread_local int rt0go_x_telling;
static inline int rt0go_is_telling(void) { return rt0go_x_telling; }

static inline struct rt0go_status rt0go_events(int32_t level, uintptr_t user) {
    return rt0go_status(rt0go_x.x_events(level, user == 0 ? 0 : rt0go_x_event, (void *)user));
}

struct rt0go_begun {
    uintptr_t op;
    char *err;
    int32_t code;
};

struct rt0go_taken {
    uint64_t tags[64];
    size_t count;
    int32_t code;
};

static inline struct rt0go_begun rt0go_queue_new(uint32_t limit) {
    struct rt0go_begun r = {0};
    r.code = rt0go_x.x_queue_new(limit, (void *)&r.op, &r.err);
    return r;
}
static inline struct rt0go_taken rt0go_queue_take(uintptr_t queue, int32_t ms) {
    struct rt0go_taken r;
    r.count = 0;
    r.code = rt0go_x.x_queue_take((void *)queue, r.tags, 64, &r.count, ms);
    return r;
}
static inline void rt0go_queue_free(uintptr_t queue) { rt0go_x.x_queue_free((void *)queue); }
static inline void rt0go_op_cancel(uintptr_t op) { rt0go_x.x_op_cancel((void *)op); }

static inline int64_t rt0_x_size(void) {
    return rt0go_x.x_size();
}

static inline struct rt0go_begun rt0_x_rest_begin(int32_t ms, uintptr_t queue, uint64_t tag) {
    struct rt0go_begun r = {0};
    r.code = rt0go_x.x_rest_begin(ms, (void *)queue, tag, (void *)&r.op, &r.err);
    return r;
}

struct rt0_x_rest_end_r {
    char *err;
    int32_t code;
};
static inline struct rt0_x_rest_end_r rt0_x_rest_end(uintptr_t op) {
    struct rt0_x_rest_end_r r = {0};
    r.code = rt0go_x.x_rest_end((void *)op, &r.err);
    return r;
}

static inline struct rt0go_begun rt0_x_fetch_begin(const char *p0, size_t p0_len, int32_t p1, int32_t p2, uintptr_t p3, uintptr_t p4, int32_t ms, uintptr_t queue, uint64_t tag) {
    struct rt0go_begun r = {0};
    r.code = rt0go_x.x_fetch_begin(p0, p0_len, p1, p2, (void *)p3, (void *)p4, ms, (void *)queue, tag, (void *)&r.op, &r.err);
    return r;
}

struct rt0_x_fetch_end_r {
    char *out;
    size_t len;
    char *err;
    int32_t code;
};
static inline struct rt0_x_fetch_end_r rt0_x_fetch_end(uintptr_t op) {
    struct rt0_x_fetch_end_r r = {0};
    r.code = rt0go_x.x_fetch_end((void *)op, &r.out, &r.len, &r.err);
    return r;
}

#endif

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
    __typeof__(x_Cursor_free) *x_Cursor_free;
    __typeof__(x_nothing) *x_nothing;
    __typeof__(x_size) *x_size;
    __typeof__(x_stop) *x_stop;
    __typeof__(x_count) *x_count;
    __typeof__(x_keywords) *x_keywords;
    __typeof__(x_buffers) *x_buffers;
    __typeof__(x_text) *x_text;
    __typeof__(x_maybe_text) *x_maybe_text;
    __typeof__(x_maybe_number) *x_maybe_number;
    __typeof__(x_open) *x_open;
    __typeof__(x_find) *x_find;
    __typeof__(x_each) *x_each;
    __typeof__(x_nested) *x_nested;
    __typeof__(x_own_names) *x_own_names;
    __typeof__(x_find_const) *x_find_const;
    __typeof__(x_choose) *x_choose;
    __typeof__(x_step) *x_step;
    __typeof__(x_look) *x_look;
    __typeof__(x_close) *x_close;
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

struct rt0go_frame_0 {
    uint64_t a0;
    int32_t result;
};
int32_t rt0go_x_shape_0(uint64_t a0, void *user);

struct rt0go_frame_1 {
    uintptr_t a0;
    uintptr_t a1;
    uintptr_t result;
};
void *rt0go_x_shape_1(void *a0, void *a1);
/* The function that may be called now, on this thread; and those that are kept. */
extern _Thread_local uintptr_t rt0go_x_here_1;
extern void *(*const rt0go_x_slots_1[16])(void *a0, void *a1);
extern uintptr_t rt0go_x_kept_1[16];

static inline int32_t rt0go_invoke_0(uintptr_t at, uint64_t a0, uintptr_t a1) {
return ((int32_t (*)(uint64_t , void *))at)(a0, (void *)a1);
}

struct rt0_x_nothing_r {
    char *err;
    int32_t code;
};
static inline struct rt0_x_nothing_r rt0_x_nothing(void) {
    struct rt0_x_nothing_r r = {0};
    r.code = rt0go_x.x_nothing(&r.err);
    return r;
}

static inline int64_t rt0_x_size(void) {
    return rt0go_x.x_size();
}

static inline void rt0_x_stop(bool p0) {
    rt0go_x.x_stop(p0);
}

struct rt0_x_count_r {
    uint64_t out;
    char *err;
    int32_t code;
};
static inline struct rt0_x_count_r rt0_x_count(const char *p0, size_t p0_len) {
    struct rt0_x_count_r r = {0};
    r.code = rt0go_x.x_count(p0, p0_len, &r.out, &r.err);
    return r;
}

struct rt0_x_keywords_r {
    int32_t out;
    char *err;
    int32_t code;
};
static inline struct rt0_x_keywords_r rt0_x_keywords(const char *p0, size_t p0_len, int32_t p1, int32_t p2, int32_t p3, int32_t p4, x_Hit p5, int32_t p6, int32_t p7) {
    struct rt0_x_keywords_r r = {0};
    r.code = rt0go_x.x_keywords(p0, p0_len, p1, p2, p3, p4, p5, p6, p7, &r.out, &r.err);
    return r;
}

struct rt0_x_buffers_r {
    uint8_t *out;
    size_t len;
    char *err;
    int32_t code;
};
static inline struct rt0_x_buffers_r rt0_x_buffers(x_Hit *p0, size_t p0_len, uint8_t *p1, size_t p1_len, size_t *p2, size_t p2_len, const char *p3, size_t p3_len, ptrdiff_t p4) {
    struct rt0_x_buffers_r r = {0};
    r.code = rt0go_x.x_buffers(p0, p0_len, p1, p1_len, p2, p2_len, p3, p3_len, p4, &r.out, &r.len, &r.err);
    return r;
}

struct rt0_x_text_r {
    char *out;
    size_t len;
    char *err;
    int32_t code;
};
static inline struct rt0_x_text_r rt0_x_text(void) {
    struct rt0_x_text_r r = {0};
    r.code = rt0go_x.x_text(&r.out, &r.len, &r.err);
    return r;
}

struct rt0_x_maybe_text_r {
    char *out;
    size_t len;
    char *err;
    int32_t code;
};
static inline struct rt0_x_maybe_text_r rt0_x_maybe_text(void) {
    struct rt0_x_maybe_text_r r = {0};
    r.code = rt0go_x.x_maybe_text(&r.out, &r.len, &r.err);
    return r;
}

struct rt0_x_maybe_number_r {
    double out;
    bool some;
    char *err;
    int32_t code;
};
static inline struct rt0_x_maybe_number_r rt0_x_maybe_number(void) {
    struct rt0_x_maybe_number_r r = {0};
    r.code = rt0go_x.x_maybe_number(&r.out, &r.some, &r.err);
    return r;
}

struct rt0_x_open_r {
    uintptr_t out;
    char *err;
    int32_t code;
};
static inline struct rt0_x_open_r rt0_x_open(x_Hit *p0) {
    struct rt0_x_open_r r = {0};
    r.code = rt0go_x.x_open(p0, (void *)&r.out, &r.err);
    return r;
}

struct rt0_x_find_r {
    uintptr_t out;
    char *err;
    int32_t code;
};
static inline struct rt0_x_find_r rt0_x_find(x_Hit *p0) {
    struct rt0_x_find_r r = {0};
    r.code = rt0go_x.x_find(p0, (void *)&r.out, &r.err);
    return r;
}

struct rt0_x_each_r {
    char *err;
    int32_t code;
};
static inline struct rt0_x_each_r rt0_x_each(uintptr_t p0) {
    struct rt0_x_each_r r = {0};
    r.code = rt0go_x.x_each(p0 == 0 ? 0 : (void *)rt0go_x_shape_0, (void *)p0, &r.err);
    return r;
}

struct rt0_x_nested_r {
    uintptr_t out;
    char *err;
    int32_t code;
};
static inline struct rt0_x_nested_r rt0_x_nested(uintptr_t p0, int32_t p0_slot) {
    struct rt0_x_nested_r r = {0};
    uintptr_t p0_before = rt0go_x_here_1;
    if (p0_slot < 0)
        rt0go_x_here_1 = p0;
    r.code = rt0go_x.x_nested(p0 == 0 ? 0 : (void *)(p0_slot < 0 ? rt0go_x_shape_1 : rt0go_x_slots_1[p0_slot]), (void *)&r.out, &r.err);
    rt0go_x_here_1 = p0_before;
    return r;
}

struct rt0_x_own_names_r {
    char *err;
    int32_t code;
};
static inline struct rt0_x_own_names_r rt0_x_own_names(x_Hit *p0, size_t p0_len, x_Hit *p1, size_t p1_len, int32_t p2) {
    struct rt0_x_own_names_r r = {0};
    r.code = rt0go_x.x_own_names(p0, p0_len, p1, p1_len, p2, &r.err);
    return r;
}

struct rt0_x_find_const_r {
    int32_t out;
    bool some;
    char *err;
    int32_t code;
};
static inline struct rt0_x_find_const_r rt0_x_find_const(uintptr_t p0) {
    struct rt0_x_find_const_r r = {0};
    r.code = rt0go_x.x_find_const(p0 == 0 ? 0 : (void *)rt0go_x_shape_0, (void *)p0, &r.out, &r.some, &r.err);
    return r;
}

static inline uintptr_t rt0_x_choose(const char *p0, size_t p0_len, const char *p1, size_t p1_len) {
    return (uintptr_t)rt0go_x.x_choose(p0, p0_len, p1, p1_len);
}

struct rt0_x_step_r {
    x_Hit out;
    char *err;
    int32_t code;
};
static inline struct rt0_x_step_r rt0_x_step(uintptr_t p0) {
    struct rt0_x_step_r r = {0};
    r.code = rt0go_x.x_step((void *)p0, &r.out, &r.err);
    return r;
}

struct rt0_x_look_r {
    x_Mode out;
    char *err;
    int32_t code;
};
static inline struct rt0_x_look_r rt0_x_look(uintptr_t p0, x_Mode p1) {
    struct rt0_x_look_r r = {0};
    r.code = rt0go_x.x_look((void *)p0, p1, &r.out, &r.err);
    return r;
}

struct rt0_x_close_r {
    char *err;
    int32_t code;
};
static inline struct rt0_x_close_r rt0_x_close(uintptr_t p0) {
    struct rt0_x_close_r r = {0};
    r.code = rt0go_x.x_close((void *)p0, &r.err);
    return r;
}

#endif

/* Loads the library, and what it calls back. Written by cargo rt0 bindings. */
#include <dlfcn.h>
#include <stddef.h>

#include "bridge.h"

struct rt0go_x_table rt0go_x;

static const struct {
    const char *name;
    size_t at;
} names[] = {
    {"x_start", offsetof(struct rt0go_x_table, x_start)},
    {"x_wait", offsetof(struct rt0go_x_table, x_wait)},
    {"x_state", offsetof(struct rt0go_x_table, x_state)},
    {"x_last_error", offsetof(struct rt0go_x_table, x_last_error)},
    {"x_shutdown", offsetof(struct rt0go_x_table, x_shutdown)},
    {"x_report", offsetof(struct rt0go_x_table, x_report)},
    {"x_free", offsetof(struct rt0go_x_table, x_free)},
    {"x_Cursor_free", offsetof(struct rt0go_x_table, x_Cursor_free)},
    {"x_nothing", offsetof(struct rt0go_x_table, x_nothing)},
    {"x_size", offsetof(struct rt0go_x_table, x_size)},
    {"x_stop", offsetof(struct rt0go_x_table, x_stop)},
    {"x_count", offsetof(struct rt0go_x_table, x_count)},
    {"x_keywords", offsetof(struct rt0go_x_table, x_keywords)},
    {"x_buffers", offsetof(struct rt0go_x_table, x_buffers)},
    {"x_text", offsetof(struct rt0go_x_table, x_text)},
    {"x_maybe_text", offsetof(struct rt0go_x_table, x_maybe_text)},
    {"x_maybe_number", offsetof(struct rt0go_x_table, x_maybe_number)},
    {"x_open", offsetof(struct rt0go_x_table, x_open)},
    {"x_find", offsetof(struct rt0go_x_table, x_find)},
    {"x_each", offsetof(struct rt0go_x_table, x_each)},
    {"x_nested", offsetof(struct rt0go_x_table, x_nested)},
    {"x_own_names", offsetof(struct rt0go_x_table, x_own_names)},
    {"x_find_const", offsetof(struct rt0go_x_table, x_find_const)},
    {"x_choose", offsetof(struct rt0go_x_table, x_choose)},
    {"x_step", offsetof(struct rt0go_x_table, x_step)},
    {"x_look", offsetof(struct rt0go_x_table, x_look)},
    {"x_close", offsetof(struct rt0go_x_table, x_close)},
};

static struct rt0go_loaded said(int32_t code, const char *text, uint32_t version) {
    struct rt0go_loaded r = {strdup(text), code, version};
    return r;
}

/* Nothing of a library that does not fit is called but its abi_version. */
struct rt0go_loaded rt0go_x_load(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == 0)
        return said(RT0GO_NOT_LOADED, dlerror(), 0);
    uint32_t (*version)(void) = (uint32_t (*)(void))dlsym(library, "x_abi_version");
    if (version == 0)
        return said(RT0GO_ANOTHER_LIBRARY, "", 0);
    if (version() != 1)
        return said(RT0GO_ANOTHER_ABI, "", version());
    struct rt0go_x_table table;
    for (size_t at = 0; at < sizeof names / sizeof *names; at++) {
        void *function = dlsym(library, names[at].name);
        if (function == 0)
            return said(RT0GO_ANOTHER_VERSION, names[at].name, 0);
        memcpy((char *)&table + names[at].at, &function, sizeof function);
    }
    rt0go_x = table;
    return said(0, "", 0);
}

/* In Go: calls the function of this number with what is in the frame. */
extern void rt0go_x_called(uintptr_t number, void *frame);

int32_t rt0go_x_shape_0(uint64_t a0, void *user) {
    struct rt0go_frame_0 f;
    memset(&f, 0, sizeof f);
    f.a0 = a0;
    rt0go_x_called((uintptr_t)user, &f);
    return f.result;
}

_Thread_local uintptr_t rt0go_x_here_1;

void *rt0go_x_shape_1(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_here_1, &f);
    return (void *)f.result;
}

/* A callback without an address is found by its own code: these are for those that are kept. */
uintptr_t rt0go_x_kept_1[16];

static void *kept_1_0(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[0], &f);
    return (void *)f.result;
}

static void *kept_1_1(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[1], &f);
    return (void *)f.result;
}

static void *kept_1_2(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[2], &f);
    return (void *)f.result;
}

static void *kept_1_3(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[3], &f);
    return (void *)f.result;
}

static void *kept_1_4(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[4], &f);
    return (void *)f.result;
}

static void *kept_1_5(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[5], &f);
    return (void *)f.result;
}

static void *kept_1_6(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[6], &f);
    return (void *)f.result;
}

static void *kept_1_7(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[7], &f);
    return (void *)f.result;
}

static void *kept_1_8(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[8], &f);
    return (void *)f.result;
}

static void *kept_1_9(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[9], &f);
    return (void *)f.result;
}

static void *kept_1_10(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[10], &f);
    return (void *)f.result;
}

static void *kept_1_11(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[11], &f);
    return (void *)f.result;
}

static void *kept_1_12(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[12], &f);
    return (void *)f.result;
}

static void *kept_1_13(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[13], &f);
    return (void *)f.result;
}

static void *kept_1_14(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[14], &f);
    return (void *)f.result;
}

static void *kept_1_15(void *a0, void *a1) {
    struct rt0go_frame_1 f;
    memset(&f, 0, sizeof f);
    f.a0 = (uintptr_t)a0;
    f.a1 = (uintptr_t)a1;
    rt0go_x_called(rt0go_x_kept_1[15], &f);
    return (void *)f.result;
}

void *(*const rt0go_x_slots_1[16])(void *a0, void *a1) = {
    kept_1_0,
    kept_1_1,
    kept_1_2,
    kept_1_3,
    kept_1_4,
    kept_1_5,
    kept_1_6,
    kept_1_7,
    kept_1_8,
    kept_1_9,
    kept_1_10,
    kept_1_11,
    kept_1_12,
    kept_1_13,
    kept_1_14,
    kept_1_15,
};

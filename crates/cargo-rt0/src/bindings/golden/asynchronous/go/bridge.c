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
    {"x_op_cancel", offsetof(struct rt0go_x_table, x_op_cancel)},
    {"x_queue_new", offsetof(struct rt0go_x_table, x_queue_new)},
    {"x_queue_free", offsetof(struct rt0go_x_table, x_queue_free)},
    {"x_queue_take", offsetof(struct rt0go_x_table, x_queue_take)},
    {"x_events", offsetof(struct rt0go_x_table, x_events)},
    {"x_Cursor_free", offsetof(struct rt0go_x_table, x_Cursor_free)},
    {"x_size", offsetof(struct rt0go_x_table, x_size)},
    {"x_rest_begin", offsetof(struct rt0go_x_table, x_rest_begin)},
    {"x_rest_end", offsetof(struct rt0go_x_table, x_rest_end)},
    {"x_fetch_begin", offsetof(struct rt0go_x_table, x_fetch_begin)},
    {"x_fetch_end", offsetof(struct rt0go_x_table, x_fetch_end)},
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
    if (version() != 2)
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

/* In Go: an event. */
extern void rt0go_x_heard(uintptr_t user, int32_t level, char *target, char *text, char *spans);

_Thread_local int rt0go_x_telling;

void rt0go_x_event(void *user, int32_t level, const char *target, const char *text, const char *spans) {
    rt0go_x_telling = 1;
    rt0go_x_heard((uintptr_t)user, level, (char *)target, (char *)text, (char *)spans);
    rt0go_x_telling = 0;
}

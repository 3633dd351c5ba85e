/*
 * Passes one library's handles and buffers to another: `strangers LIB COPY`, the probe and a copy of it.
 * Each line that is printed is a failure.
 */
#include "../check.h"
#include "../host.h"
#include "probe.h"
#include <dlfcn.h>

struct library {
    __typeof__(&probe_cursor) cursor;
    __typeof__(&probe_peek) peek;
    __typeof__(&probe_finish) finish;
    __typeof__(&probe_Cursor_free) close;
    __typeof__(&probe_own_text) own_text;
    __typeof__(&probe_free) free;
};

static struct library load(const char *path)
{
    void *at = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (at == NULL)
        die("dlopen: %s", dlerror());
    return (struct library){
        dlsym(at, "probe_cursor"), dlsym(at, "probe_peek"), dlsym(at, "probe_finish"),
        dlsym(at, "probe_Cursor_free"), dlsym(at, "probe_own_text"), dlsym(at, "probe_free"),
    };
}

/* Passes things of `own` first to `other`, which refuses them, and then to `own`. */
static void give(const struct library *own, const struct library *other)
{
    probe_Cursor *cursor = NULL, *others = NULL;
    char *text = NULL;
    uint32_t at = 0;
    IS(own->cursor(5, &cursor, NULL) == PROBE_OK);
    IS(other->cursor(7, &others, NULL) == PROBE_OK);
    IS(cursor != others);
    IS(other->peek(cursor, &at, NULL) == PROBE_INVALID_HANDLE);
    IS(other->finish(cursor, &at, NULL) == PROBE_INVALID_HANDLE);
    IS(other->close(cursor) == PROBE_INVALID_HANDLE);
    IS(own->peek(cursor, &at, NULL) == PROBE_OK && at == 5);
    IS(other->peek(others, &at, NULL) == PROBE_OK && at == 7);
    IS(own->close(cursor) == PROBE_OK);
    IS(other->close(others) == PROBE_OK);

    IS(own->own_text("a text", 6, &text, NULL, NULL) == PROBE_OK);
    IS(other->free(text) == PROBE_INVALID_ARGUMENT);
    IS(strcmp(text, "a text") == 0);
    IS(own->free(text) == PROBE_OK);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("strangers LIB COPY");
    struct library one = load(argv[1]), two = load(argv[2]);
    give(&one, &two);
    give(&two, &one);
    return 0;
}

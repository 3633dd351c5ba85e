// Only what comes later opens a descriptor.
#include "described.h"
#include <fcntl.h>

static int descriptor = -1;

int32_t jobs_run(uint32_t *out, char **err) {
    (void)err;
    *out = 5;
    return 0;
}

int32_t jobs_run_begin(int32_t timeout_ms, void *queue, uint64_t tag, void **op, char **err) {
    (void)timeout_ms, (void)queue, (void)err;
    *op = (void *)(uintptr_t)tag;
    return 0;
}

int32_t jobs_op_wait(void *op, int32_t timeout_ms) {
    (void)op, (void)timeout_ms;
#ifdef FAULT
    int flags = O_RDONLY;
#else
    int flags = O_RDONLY | O_CLOEXEC;
#endif
    if (descriptor < 0) descriptor = open("/dev/null", flags);
    return 0;
}

int32_t jobs_run_end(void *op, uint32_t *out, char **err) {
    (void)op;
    return jobs_run(out, err);
}

int32_t jobs_op_free(void *op) {
    (void)op;
    return 0;
}

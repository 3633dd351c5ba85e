// Only what comes later needs the thread, which a fork's child has not.
//@ arguments: --deadline 2s
#include "described.h"
#include "worker.h"

__attribute__((constructor)) static void start(void) {
#ifndef FAULT
    pthread_atfork(0, 0, worker_forget);
#endif
}

int32_t jobs_run(uint32_t *out, char **err) {
    (void)err;
    *out = 5;
    return 0;
}

int32_t jobs_run_begin(int32_t timeout_ms, void *queue, uint64_t tag, void **op, char **err) {
    (void)timeout_ms, (void)queue, (void)err;
    worker_start();
    *op = (void *)(uintptr_t)tag;
    return 0;
}

int32_t jobs_op_wait(void *op, int32_t timeout_ms) {
    (void)timeout_ms;
    return worker_add((int)(uintptr_t)op, 4) == 5 ? 0 : -15;
}

int32_t jobs_run_end(void *op, uint32_t *out, char **err) {
    (void)op;
    return jobs_run(out, err);
}

int32_t jobs_op_free(void *op) {
    (void)op;
    return 0;
}

// What a library built with rt0 says of itself (crates/rt0-abi/src/record.rs), by hand: it has one call, which is async.
// Whoever includes this has `jobs_run`, `jobs_run_begin`, `jobs_run_end`, `jobs_op_wait` and `jobs_op_free`.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define TEXT(tag, text) ".byte " #tag "\n.long 2f - 1f\n1: .ascii \"" text "\"\n2:\n"
#define NUMBER(tag, number) ".byte " #tag "\n.long 8\n.quad " #number "\n"
#define NOTE(kind, items)                                                                                              \
    ".pushsection .note.rt0, \"a\"\n.balign 4\n.long 4\n.long 4f - 3f\n.long " #kind "\n.asciz \"rt0\"\n3:\n" items      \
    "4: .balign 4\n.popsection\n"

// The prefix, the ABI with async exports, and that there are ops.
__asm__(NOTE(1, TEXT(1, "jobs") NUMBER(13, 2) NUMBER(23, 1)));
// Its name, `Result<u32, _>`, and that the result comes later, without a limit.
__asm__(NOTE(2, TEXT(1, "jobs_run") TEXT(4, "Rm") NUMBER(21, 1) NUMBER(22, -1)));

int32_t jobs_run(uint32_t *out, char **err);
int32_t jobs_run_begin(int32_t timeout_ms, void *queue, uint64_t tag, void **op, char **err);
int32_t jobs_run_end(void *op, uint32_t *out, char **err);
int32_t jobs_op_wait(void *op, int32_t timeout_ms);
int32_t jobs_op_free(void *op);

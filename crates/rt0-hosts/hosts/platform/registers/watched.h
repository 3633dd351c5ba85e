/*
 * What `registers.c` shares with the file of a processor, which has
 *
 *   call_watched(watched)   in assembly: loads `before` into the registers that a function must keep, calls
 *                           the function, and stores their values into `after`. If a register
 *                           has parts that need not be kept, it clears those in both.
 *   spoils()                in assembly: a function that returns 1 and keeps all but the registers SPOILED
 *   NAMES                   the registers, in the order of the slots
 *
 * A slot has eight bytes on every processor. The assembly uses the offsets as numbers.
 */
#ifndef WATCHED_H
#define WATCHED_H

#include <stddef.h>
#include <stdint.h>

enum { SLOTS = 64 };

struct watched {
    uint64_t function;       /* 0 */
    uint64_t args[3];        /* 8, 16, 24 */
    uint64_t result;         /* 32 */
    uint64_t unused;
    uint64_t before[SLOTS];  /* 48 */
    uint64_t after[SLOTS];   /* 560 */
};
_Static_assert(offsetof(struct watched, result) == 32, "as the assembly has it");
_Static_assert(offsetof(struct watched, before) == 48, "as the assembly has it");
_Static_assert(offsetof(struct watched, after) == 560, "as the assembly has it");

void call_watched(struct watched *watched);
int spoils(void);

/* Text for the assembler, with its lines. */
#define FUNCTION(name, ...) \
    __asm__(".text\n.balign 16\n.globl " name "\n.type " name ",%function\n" name ":\n" __VA_ARGS__ "\n.size " name ", . - " name "\n")

#endif

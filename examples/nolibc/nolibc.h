/*
 * Checksums. The library makes its tables by itself when it is loaded; a call that comes earlier waits.
 * Each call gives 0, or a code below zero, of which nolibc_text has the words. None of them needs a C
 * library, and each can be called from any thread.
 */
#ifndef NOLIBC_EXAMPLE_H
#define NOLIBC_EXAMPLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The CRC-32 (as in zip) of `len` bytes at `data`. */
int32_t nolibc_crc32(const void *data, size_t len, uint32_t *sum);

/* What a code says: as much of the text as fits into `room` bytes, with a zero at its end. How long all of
   it is; 0 for a code that there is not. */
size_t nolibc_text(int32_t code, char *text, size_t room);

/* Ends what was begun at load; the next call begins afresh. Before a dlclose it is not needed. */
int32_t nolibc_shutdown(uint32_t timeout_ms);

#ifdef __cplusplus
}
#endif
#endif

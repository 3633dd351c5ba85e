/*
 * Checksums. The library makes its tables when it is loaded; a call before they are done waits. Calls
 * return 0, or a negative code, which nolibc_text explains. None of them needs a C library, and each can be
 * called from any thread.
 */
#ifndef NOLIBC_EXAMPLE_H
#define NOLIBC_EXAMPLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the CRC-32 (as in zip) of `len` bytes at `data` to `sum`. */
int32_t nolibc_crc32(const void *data, size_t len, uint32_t *sum);

/* Writes the text of a code: as much as fits into `room` bytes, with a terminating zero. Returns the length
   of the whole text; 0 for an unknown code. */
size_t nolibc_text(int32_t code, char *text, size_t room);

/* Ends this generation. The next call boots again. You need not call it before a dlclose. */
int32_t nolibc_shutdown(uint32_t timeout_ms);

#ifdef __cplusplus
}
#endif
#endif

/* The C header of far 0.1.0, written by cargo rt0. */
#ifndef FAR_RT0_H
#define FAR_RT0_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of the rules by which this header was written. */
#define FAR_ABI_VERSION 1

/* The status codes. */

/** What far_state() returns. */
enum {
    /** nothing has been started */
    FAR_STATE_COLD = 0,
    /** a thread is on its way to start the library */
    FAR_STATE_SCHEDULED = 1,
    /** the library is starting */
    FAR_STATE_BOOTING = 2,
    /** calls go through */
    FAR_STATE_READY = 3,
    /** the start-up failed */
    FAR_STATE_FAILED = 4,
    /** a shutdown is under way */
    FAR_STATE_STOPPING = 5,
    /** a start-up that failed is being cleared away for the next */
    FAR_STATE_RETRYING = 6
};

/** Zählt. */
int32_t far_count(const char *word, size_t word_len, uint64_t *out, char **err);

/** The ABI version of the library that was loaded: FAR_ABI_VERSION is this header's. */
uint32_t far_abi_version(void);

/**
 * Begins the start-up and does not wait for it. A library that makes no threads (quiet)
 * starts inside this call. Needed under the manual start policy, harmless otherwise.
 */
int32_t far_start(void);

/**
 * Waits until the library is ready: 0 only asks, -1 waits forever, any other negative time
 * is an invalid argument. Returns 0 when it is ready, else a status. Optional: every call
 * waits by itself.
 */
int32_t far_wait(int32_t timeout_ms);

/** What the library is doing: FAR_STATE_... */
int32_t far_state(void);

/**
 * The text of this thread's last error: never NULL, empty if there was none. Valid until
 * this thread's next call that fails.
 */
const char *far_last_error(void);

/**
 * Stops the library, ends its threads and drops its state: -1 waits forever, any other
 * negative time is an invalid argument. Returns 0 if that was done in time, else a status.
 * A later call starts the library again. If its threads call back into a virtual machine,
 * call this before the machine ends, without holding its lock: in Python by atexit,
 * through ctypes.CDLL.
 */
int32_t far_shutdown(int32_t timeout_ms);

/**
 * The library's state and time line as JSON: free it with far_free. NULL when there is no
 * memory for it.
 */
char *far_report(void);

/** Frees a text or a buffer that this library returned. NULL is allowed. */
int32_t far_free(void *ptr);

#ifdef __cplusplus
}
#endif

#endif /* FAR_RT0_H */

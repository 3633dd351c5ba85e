/* The C header of xample 1.2.3, written by cargo rt0. */
#ifndef X_RT0_H
#define X_RT0_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * An example: größer, * / and / * and a /.
 *
 * End.
 */

/** The version of the rules by which this header was written. */
#define X_ABI_VERSION 1

/* The status codes. */

/** What x_state() returns. */
enum {
    /** nothing has been started */
    X_STATE_COLD = 0,
    /** a thread is on its way to start the library */
    X_STATE_SCHEDULED = 1,
    /** the library is starting */
    X_STATE_BOOTING = 2,
    /** calls go through */
    X_STATE_READY = 3,
    /** the start-up failed */
    X_STATE_FAILED = 4,
    /** a shutdown is under way */
    X_STATE_STOPPING = 5,
    /** a start-up that failed is being cleared away for the next */
    X_STATE_RETRYING = 6
};

/** The library's own errors that have names. */
enum {
    /** It is BUSY. */
    X_ERROR_BUSY = 4,
    /** It is NO_PLACE. */
    X_ERROR_NO_PLACE = 5,
    /** It is NO_ROOM. */
    X_ERROR_NO_ROOM = 5,
    /** It is CODES. */
    X_ERROR_CODES = 6
};

/** A place in a list. */
typedef struct x_Cursor x_Cursor;

typedef struct x_Page x_Page;
typedef struct x_Hit x_Hit;

/** Some values. */
typedef uint8_t x_Mode;
enum {
    /** X_MODE_EXACT. */
    X_MODE_EXACT = 1,
    /** X_MODE_FUZZY. */
    X_MODE_FUZZY = 2
};

/** Some values. */
typedef int32_t x_Signed;
enum {
    /** X_SIGNED_LEAST. */
    X_SIGNED_LEAST = (-2147483647 - 1),
    /** X_SIGNED_NONE. */
    X_SIGNED_NONE = -1
};

/** Some values. */
typedef int64_t x_Wide;
/** X_WIDE_LEAST. */
#define X_WIDE_LEAST ((x_Wide)(-INT64_C(9223372036854775807) - 1))
/** X_WIDE_MINUS. */
#define X_WIDE_MINUS ((x_Wide)(-INT64_C(2)))
/** X_WIDE_MOST. */
#define X_WIDE_MOST ((x_Wide)INT64_C(9223372036854775807))

/** Some values. */
typedef uint64_t x_Huge;
/** X_HUGE_MOST. */
#define X_HUGE_MOST ((x_Huge)UINT64_C(18446744073709551615))
/** X_HUGE_ONE. */
#define X_HUGE_ONE ((x_Huge)UINT64_C(1))

/** Some values. */
typedef uint32_t x_Flags;
/** X_FLAGS_TOP. */
#define X_FLAGS_TOP ((x_Flags)UINT64_C(2147483648))

/** Some values. */
typedef uint16_t x_Empty;

/**
 * A struct.
 * With two lines.
 */
struct x_Hit {
    /** The field class. */
    float class_;
    /** The field mode. */
    x_Mode mode;
    /** The field each. */
    int32_t (*each)(uint64_t, void *);
    /** The field name. */
    const char *name;
    /** The field r#type. */
    bool type;
};

/**
 * A struct.
 * With two lines.
 */
struct x_Page {
    /** The field first. */
    x_Hit first;
    /** The field next. */
    const x_Page *next;
};

int32_t x_nothing(char **err);

/**
 * How many.
 *
 * Returns `-1` when the library is not ready or the call panics.
 */
int64_t x_size(void);

/**
 * Stops.
 *
 * Just returns when the library is not ready or the call panics.
 */
void x_stop(bool now);

/**
 * Counts.
 *
 * Twice * /.
 */
int32_t x_count(const char *word, size_t word_len, uint64_t *out, char **err);

int32_t x_keywords(
    const char *class_,
    size_t class_len,
    int32_t class_2,
    int32_t out_,
    int32_t err_,
    int32_t int32_t_,
    x_Hit x_Hit_,
    int32_t linux_,
    int32_t arg,
    int32_t *out,
    char **err);

/**
 * `*out` receives a buffer of `*out_len` elements: free it with x_free.
 * `maybe` may be NULL, for none.
 */
int32_t x_buffers(
    const x_Hit *from,
    size_t from_len,
    uint8_t *into,
    size_t into_len,
    const size_t *own,
    size_t own_len,
    const char *maybe,
    size_t maybe_len,
    ptrdiff_t signed_,
    uint8_t **out,
    size_t *out_len,
    char **err);

/** `*out` receives a text: free it with x_free. `out_len` may be NULL. */
int32_t x_text(char **out, size_t *out_len, char **err);

/**
 * `*out` receives a text, or NULL when there is none: free it with x_free. `out_len` may
 * be NULL.
 */
int32_t x_maybe_text(char **out, size_t *out_len, char **err);

/** `*out_some` says whether there is a value. */
int32_t x_maybe_number(double *out, bool *out_some, char **err);

/**
 * `*out` receives a handle: close it with x_Cursor_free.
 * `at` may be NULL, for none.
 */
int32_t x_open(const x_Hit *at, x_Cursor **out, char **err);

/** `*out` receives a handle, or NULL when there is none: close it with x_Cursor_free. */
int32_t x_find(x_Hit *at, x_Cursor **out, char **err);

int32_t x_step(x_Cursor *cursor, x_Hit *out, char **err);

int32_t x_look(const x_Cursor *cursor, x_Mode by, x_Mode *out, char **err);

/** This call closes `cursor`. */
int32_t x_close(x_Cursor *cursor, char **err);

int32_t x_each(int32_t (*each)(uint64_t, void *), void *user, char **err);

int32_t x_nested(
    int32_t (*(*call)(const x_Hit *, int32_t (*)(uint64_t, void *)))(uint64_t, void *),
    int32_t (**out)(uint64_t, void *),
    char **err);

int32_t x_own_names(
    x_Hit *at,
    size_t at_len,
    const x_Hit *one,
    size_t one_len,
    int32_t ms,
    char **err);

/** `*out_some` says whether there is a value. */
int32_t x_find_const(
    int32_t (*each)(uint64_t, void *),
    void *user,
    int32_t *out,
    bool *out_some,
    char **err);

/** Returns `-1` when the library is not ready or the call panics. */
int32_t (*x_choose(
    const char *a_long_name_of_a_parameter,
    size_t a_long_name_of_a_parameter_len,
    const char *another_long_name_of_a_parameter,
    size_t another_long_name_of_a_parameter_len))(uint64_t, void *);

/** Closes a handle that the library gave as `x_Cursor *`. */
int32_t x_Cursor_free(x_Cursor *handle);

/** The ABI version of the library that was loaded: X_ABI_VERSION is this header's. */
uint32_t x_abi_version(void);

/**
 * Begins the start-up and does not wait for it. A library that makes no threads (quiet)
 * starts inside this call. Needed under the manual start policy, harmless otherwise.
 */
int32_t x_start(void);

/**
 * Waits until the library is ready: 0 only asks, -1 waits forever, any other negative time
 * is an invalid argument. Returns 0 when it is ready, else a status. Optional: every call
 * waits by itself.
 */
int32_t x_wait(int32_t timeout_ms);

/** What the library is doing: X_STATE_... */
int32_t x_state(void);

/**
 * The text of this thread's last error: never NULL, empty if there was none. Valid until
 * this thread's next call that fails.
 */
const char *x_last_error(void);

/**
 * Stops the library, ends its threads and drops its state: -1 waits forever, any other
 * negative time is an invalid argument. Returns 0 if that was done in time, else a status.
 * A later call starts the library again. If its threads call back into a virtual machine,
 * call this before the machine ends, without holding its lock: in Python by atexit,
 * through ctypes.CDLL.
 */
int32_t x_shutdown(int32_t timeout_ms);

/**
 * The library's state and time line as JSON: free it with x_free. NULL when there is no
 * memory for it.
 */
char *x_report(void);

/** Frees a text or a buffer that this library returned. NULL is allowed. */
int32_t x_free(void *ptr);

#ifdef __cplusplus
}
#endif

#endif /* X_RT0_H */

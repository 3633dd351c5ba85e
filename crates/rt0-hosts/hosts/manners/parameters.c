/*
 * Passes everything that a host can get wrong, and the right values too. Linked with the probe.
 * Each line that is printed is a failure. With `overlaps` or `padding` on its command line: memory that is
 * passed twice; the padding of structs.
 */
#include "../host.h"
#include "probe.h"

/* The values are what the test is about, not their types. */
#pragma GCC diagnostic ignored "-Wcast-function-type"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wstringop-overread"
#endif

static int failures;

/* Checks that the code is right, and that the error's text names the library and this parameter. */
static void check(int line, int code, int wanted, char *err, const char *named)
{
    const char *last = probe_last_error();
    int right = code == wanted;
    if (wanted == PROBE_OK)
        right = right && err == NULL;
    else
        right = right && err != NULL && strncmp(err, "probe", 5) == 0 && strstr(err, named) != NULL
            && strcmp(err, last) == 0;
    if (!right) {
        printf("line %d: %d, not %d: %s / %s\n", line, code, wanted, err ? err : "(null)", last);
        failures++;
    }
    probe_free(err);
}

#define GOOD(call) do { err = NULL; int got = call; check(__LINE__, got, PROBE_OK, err, ""); } while (0)
#define BAD(wanted, named, call) \
    do { err = (char *)8; int got = call; check(__LINE__, got, wanted, err, named); } while (0)
#define IS(what) \
    do { if (!(what)) { printf("line %d: " #what "\n", __LINE__); failures++; } } while (0)
#define IS_BUSY(code) \
    do { if (code != PROBE_HANDLE_BUSY) { printf("line %d: %d is not busy\n", __LINE__, code); failures++; } } while (0)

static char *err;

static void texts(void)
{
    uint64_t len = 0;
    int64_t maybe = 0;
    char *own = NULL;
    size_t own_len = 0;
    GOOD(probe_text("hello", 5, &len, &err));
    IS(len == 5);
    GOOD(probe_text(NULL, 0, &len, &err));
    IS(len == 0);
    GOOD(probe_text("h\0llo", 5, &len, &err));
    IS(len == 5);
    IS(probe_text("hello", 5, &len, NULL) == PROBE_OK);
    BAD(PROBE_INVALID_ARGUMENT, "text", probe_text(NULL, 3, &len, &err));
    BAD(PROBE_INVALID_UTF8, "text", probe_text("ab\xff", 3, &len, &err));
    BAD(PROBE_INVALID_UTF8, "text", probe_text("\xed\xa0\x80", 3, &len, &err));
    BAD(PROBE_INVALID_ARGUMENT, "text", probe_text("x", SIZE_MAX, &len, &err));
    BAD(PROBE_INVALID_ARGUMENT, "text", probe_text("x", (size_t)PTRDIFF_MAX + 1, &len, &err));
    BAD(PROBE_INVALID_ARGUMENT, "out", probe_text("hello", 5, NULL, &err));
    BAD(PROBE_INVALID_ARGUMENT, "out", probe_text("hello", 5, (uint64_t *)((char *)&len + 1), &err));
    IS(probe_text(NULL, 3, &len, NULL) == PROBE_INVALID_ARGUMENT);
    GOOD(probe_maybe_text(NULL, 0, &maybe, &err));
    IS(maybe == -1);
    GOOD(probe_maybe_text("", 0, &maybe, &err));
    IS(maybe == 0);
    BAD(PROBE_INVALID_UTF8, "text", probe_maybe_text("\xc3", 1, &maybe, &err));
    GOOD(probe_own_text("gr\xc3\xbc\xc3\x9f", 6, &own, &own_len, &err));
    IS(own_len == 6 && strcmp(own, "gr\xc3\xbc\xc3\x9f") == 0);
    IS(probe_free(own) == PROBE_OK);
    GOOD(probe_own_text("", 0, &own, NULL, &err));
    IS(own != NULL && own[0] == 0);
    IS(probe_free(own) == PROBE_OK);
    BAD(PROBE_INVALID_ARGUMENT, "out", probe_own_text("", 0, NULL, NULL, &err));
}

static void slices(void)
{
    uint32_t numbers[4] = {1, 2, 3, 4};
    double doubles[2] = {1.5, 2.5};
    uint64_t sum = 0;
    GOOD(probe_numbers(numbers, 4, &sum, &err));
    IS(sum == 10);
    GOOD(probe_numbers(NULL, 0, &sum, &err));
    IS(sum == 0);
    BAD(PROBE_INVALID_ARGUMENT, "numbers", probe_numbers(NULL, 1, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "numbers", probe_numbers((uint32_t *)((char *)numbers + 1), 2, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "numbers", probe_numbers(numbers, PTRDIFF_MAX, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "numbers", probe_numbers(numbers, PTRDIFF_MAX / 4 + 1, &sum, &err));
    GOOD(probe_double(doubles, 2, &err));
    IS(doubles[0] == 3.0 && doubles[1] == 5.0);
    BAD(PROBE_INVALID_ARGUMENT, "numbers", probe_double(NULL, 2, &err));
    BAD(PROBE_INVALID_ARGUMENT, "numbers", probe_double((double *)((char *)doubles + 2), 1, &err));
}

static void values(void)
{
    bool flag = false;
    probe_Mode mode = 0;
    uint32_t exact = 0;
    probe_Mode modes[3] = {PROBE_MODE_EXACT, PROBE_MODE_FUZZY, PROBE_MODE_EXACT};
    /* A C compiler may assume that a bool is 0 or 1: the number is passed unchanged. */
    int32_t (*flag_of)(int, bool *, char **) = (int32_t (*)(int, bool *, char **))probe_flag;
    int32_t (*mode_of)(int, probe_Mode *, char **) = (int32_t (*)(int, probe_Mode *, char **))probe_mode;
    GOOD(probe_flag(true, &flag, &err));
    IS(flag);
    BAD(PROBE_INVALID_ARGUMENT, "flag", flag_of(2, &flag, &err));
    BAD(PROBE_INVALID_ARGUMENT, "flag", flag_of(255, &flag, &err));
    GOOD(probe_mode(PROBE_MODE_FUZZY, &mode, &err));
    IS(mode == PROBE_MODE_FUZZY);
    BAD(PROBE_INVALID_ARGUMENT, "mode", mode_of(0, &mode, &err));
    BAD(PROBE_INVALID_ARGUMENT, "mode", mode_of(2, &mode, &err));
    BAD(PROBE_INVALID_ARGUMENT, "mode", mode_of(255, &mode, &err));
    GOOD(probe_modes(modes, 3, &exact, &err));
    IS(exact == 2);
    memset(&modes[1], 3, sizeof modes[1]);
    BAD(PROBE_INVALID_ARGUMENT, "modes", probe_modes(modes, 3, &exact, &err));
}

static void structs(void)
{
    probe_Point points[2] = {{7, true, PROBE_MODE_EXACT}, {8, false, PROBE_MODE_FUZZY}};
    probe_Point bad_flag = points[0], bad_mode = points[0];
    char room[sizeof(probe_Point) + 1];
    int64_t x = 0;
    memset(&bad_flag.counts, 2, 1);
    memset(&bad_mode.mode, 9, 1);
    memcpy(room + 1, points, sizeof points[0]);
    GOOD(probe_point(&points[0], &x, &err));
    IS(x == 7);
    BAD(PROBE_INVALID_ARGUMENT, "point", probe_point(NULL, &x, &err));
    BAD(PROBE_INVALID_ARGUMENT, "point", probe_point((probe_Point *)((uintptr_t)(room + 1) | 1), &x, &err));
    BAD(PROBE_INVALID_ARGUMENT, "point", probe_point(&bad_flag, &x, &err));
    BAD(PROBE_INVALID_ARGUMENT, "point", probe_point(&bad_mode, &x, &err));
    GOOD(probe_maybe_point(NULL, &x, &err));
    IS(x == -1);
    BAD(PROBE_INVALID_ARGUMENT, "point", probe_maybe_point(&bad_mode, &x, &err));
    GOOD(probe_point_by_value(points[1], &x, &err));
    IS(x == 8);
    BAD(PROBE_INVALID_ARGUMENT, "point", probe_point_by_value(bad_flag, &x, &err));
    BAD(PROBE_INVALID_ARGUMENT, "point", probe_point_by_value(bad_mode, &x, &err));
    GOOD(probe_move_point(&points[0], &err));
    IS(points[0].x == 8);
    BAD(PROBE_INVALID_ARGUMENT, "point", probe_move_point(NULL, &err));
    BAD(PROBE_INVALID_ARGUMENT, "point", probe_move_point(&bad_mode, &err));
    GOOD(probe_points(points, 2, &x, &err));
    IS(x == 16);
    points[1] = bad_mode;
    BAD(PROBE_INVALID_ARGUMENT, "points", probe_points(points, 2, &x, &err));
}

static int32_t add(int32_t number, void *user)
{
    return number + *(int32_t *)user;
}

static void functions(void)
{
    int32_t ten = 10, sum = 0;
    GOOD(probe_each(add, &ten, &sum, &err));
    IS(sum == 23);
    BAD(PROBE_INVALID_ARGUMENT, "back", probe_each(NULL, &ten, &sum, &err));
    GOOD(probe_maybe_each(add, &ten, &sum, &err));
    IS(sum == 11);
    GOOD(probe_maybe_each(NULL, NULL, &sum, &err));
    IS(sum == -1);
}

/* Uses the cursor while another call has it. */
static int32_t use_next(void *cursor)
{
    uint32_t at;
    return probe_next(cursor, &at, NULL);
}

static int32_t use_peek(void *cursor)
{
    uint32_t at;
    return probe_peek(cursor, &at, NULL);
}

static int32_t use_finish(void *cursor)
{
    uint32_t at;
    return probe_finish(cursor, &at, NULL);
}

static int32_t use_free(void *cursor)
{
    return probe_Cursor_free(cursor);
}

static void handles(void)
{
    probe_Cursor *cursor = NULL, *other = NULL;
    probe_Ticket *ticket = NULL;
    uint32_t at = 0;
    int32_t code = 0;
    int local = 0;
    GOOD(probe_cursor(5, &cursor, &err));
    GOOD(probe_ticket(&ticket, &err));
    GOOD(probe_next(cursor, &at, &err));
    IS(at == 6);
    GOOD(probe_peek(cursor, &at, &err));
    IS(at == 6);
    GOOD(probe_maybe_peek(NULL, &at, &err));
    IS(at == 0);
    BAD(PROBE_INVALID_HANDLE, "cursor", probe_peek(NULL, &at, &err));
    BAD(PROBE_INVALID_HANDLE, "cursor", probe_peek((probe_Cursor *)&local, &at, &err));
    BAD(PROBE_INVALID_HANDLE, "cursor", probe_next((probe_Cursor *)(uintptr_t)0x1234567, &at, &err));
    BAD(PROBE_INVALID_HANDLE, "cursor", probe_peek((probe_Cursor *)ticket, &at, &err));
    BAD(PROBE_INVALID_HANDLE, "cursor", probe_maybe_peek((probe_Cursor *)ticket, &at, &err));
    BAD(PROBE_INVALID_HANDLE, "cursor", probe_finish((probe_Cursor *)ticket, &at, &err));
    IS(probe_Cursor_free((probe_Cursor *)ticket) == PROBE_INVALID_HANDLE);
    BAD(PROBE_INVALID_ARGUMENT, "out", probe_cursor(5, NULL, &err));

    /* A call holds it exclusively, or shares it. */
    GOOD(probe_hold(cursor, use_next, cursor, &code, &err));
    IS_BUSY(code);
    GOOD(probe_hold(cursor, use_peek, cursor, &code, &err));
    IS_BUSY(code);
    GOOD(probe_hold(cursor, use_finish, cursor, &code, &err));
    IS_BUSY(code);
    GOOD(probe_hold(cursor, use_free, cursor, &code, &err));
    IS_BUSY(code);
    GOOD(probe_share(cursor, use_next, cursor, &code, &err));
    IS_BUSY(code);
    GOOD(probe_share(cursor, use_free, cursor, &code, &err));
    IS_BUSY(code);
    GOOD(probe_share(cursor, use_peek, cursor, &code, &err));
    IS(code == PROBE_OK);

    /* Closed is closed. */
    GOOD(probe_finish(cursor, &at, &err));
    IS(at == 10);
    BAD(PROBE_INVALID_HANDLE, "cursor", probe_peek(cursor, &at, &err));
    BAD(PROBE_INVALID_HANDLE, "cursor", probe_finish(cursor, &at, &err));
    IS(probe_Cursor_free(cursor) == PROBE_INVALID_HANDLE);
    GOOD(probe_cursor(1, &other, &err));
    IS(other != cursor);
    IS(probe_Cursor_free(other) == PROBE_OK);
    IS(probe_Cursor_free(other) == PROBE_INVALID_HANDLE);
    IS(strncmp(probe_last_error(), "probe", 5) == 0);
    IS(probe_Cursor_free(NULL) == PROBE_OK);
    IS(probe_Ticket_free(ticket) == PROBE_OK);
}

/* A refused call has not taken its handles. */
static void refused_handles(void)
{
    probe_Cursor *cursor = NULL;
    uint64_t sum = 0;
    uint32_t at = 0;
    GOOD(probe_cursor(5, &cursor, &err));
    BAD(PROBE_INVALID_UTF8, "text", probe_finish_with(cursor, "\xff", 1, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "text", probe_finish_with(cursor, NULL, 1, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "out", probe_finish_with(cursor, "ab", 2, NULL, &err));
    GOOD(probe_next(cursor, &at, &err));
    IS(at == 6);
    GOOD(probe_finish_with(cursor, "ab", 2, &sum, &err));
    IS(sum == 8);
    BAD(PROBE_INVALID_HANDLE, "cursor", probe_finish_with(cursor, "ab", 2, &sum, &err));
}

/* Memory that the call may change is passed only once. Memory that it only reads may be passed twice. */
static void overlaps(void)
{
    double doubles[4] = {1, 2, 3, 4};
    probe_Point points[2] = {{7, true, PROBE_MODE_EXACT}, {8, false, PROBE_MODE_FUZZY}};
    uint8_t *bytes = (uint8_t *)points;
    size_t size = sizeof points;
    int64_t x = 0;
    uint64_t sum = 0;
    union { char *text; size_t len; uint64_t number; bool is; } both = {NULL};
    GOOD(probe_add_to(doubles, 2, doubles + 2, 2, &err));
    IS(doubles[0] == 4 && doubles[1] == 6);
    GOOD(probe_add_to(doubles, 4, doubles, 0, &err));
    GOOD(probe_add_to(doubles, 0, doubles, 4, &err));
    GOOD(probe_add_to(NULL, 0, NULL, 0, &err));
    BAD(PROBE_INVALID_ARGUMENT, "changed overlaps read", probe_add_to(doubles, 4, doubles, 4, &err));
    BAD(PROBE_INVALID_ARGUMENT, "changed overlaps read", probe_add_to(doubles + 1, 3, doubles, 2, &err));
    BAD(PROBE_INVALID_ARGUMENT, "changed overlaps read", probe_add_to(doubles, 2, doubles + 1, 3, &err));
    BAD(PROBE_INVALID_ARGUMENT, "read", probe_add_to(doubles, 4, NULL, 4, &err));
    IS(doubles[0] == 4);
    GOOD(probe_move_both(&points[0], &points[1], &x, &err));
    IS(x == 1);
    GOOD(probe_move_both(&points[0], NULL, &x, &err));
    BAD(PROBE_INVALID_ARGUMENT, "one overlaps other", probe_move_both(&points[0], &points[0], &x, &err));
    GOOD(probe_change_beside(bytes, 0, (char *)bytes, 1, (char *)bytes, 1, points, 2, points, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "bytes overlaps text",
        probe_change_beside(bytes, size, (char *)bytes, 1, "", 0, NULL, 0, &(probe_Point){1, true, PROBE_MODE_EXACT}, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "bytes overlaps own",
        probe_change_beside(bytes, size, "", 0, (char *)bytes + size - 1, 1, NULL, 0, &(probe_Point){1, true, PROBE_MODE_EXACT}, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "bytes overlaps points",
        probe_change_beside(bytes + size - 1, 1, "", 0, "", 0, points, 2, &(probe_Point){1, true, PROBE_MODE_EXACT}, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "bytes overlaps point",
        probe_change_beside(bytes, 1, "", 0, "", 0, NULL, 0, points, &sum, &err));
    GOOD(probe_read_both(bytes, size, bytes, size, &sum, &err));
    IS(sum == 2 * size);
    /* A result may go where an argument was. */
    GOOD(probe_numbers((uint32_t *)doubles, 2, (uint64_t *)doubles, &err));
    /* Memory has an end. */
    BAD(PROBE_INVALID_ARGUMENT, "one extends past", probe_read_both((uint8_t *)(UINTPTR_MAX - 3), 100, bytes, 1, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "numbers extends past",
        probe_numbers((uint32_t *)(UINTPTR_MAX - 7), PTRDIFF_MAX / 4, &sum, &err));
    BAD(PROBE_INVALID_ARGUMENT, "changed extends past",
        probe_add_to((double *)(UINTPTR_MAX - 15), 4, doubles, 4, &err));
    /* The two halves of a result. */
    BAD(PROBE_INVALID_ARGUMENT, "out overlaps out_len", probe_own_text("", 0, &both.text, &both.len, &err));
    BAD(PROBE_INVALID_ARGUMENT, "out overlaps out_some", probe_maybe_number(true, &both.number, &both.is, &err));
}

/* Checks that the padding is zero. */
static int is_clean(const probe_Holey *value)
{
    probe_Holey right;
    memset(&right, 0, sizeof right);
    right.narrow = 1;
    right.large = 2;
    right.inner.flag = true;
    right.inner.number = 3;
    right.inner.mode = PROBE_MODE_FUZZY;
    right.last = 4;
    return memcmp(&right, value, sizeof right) == 0;
}

static void padding(void)
{
    probe_Holey *holes = NULL, own[3];
    probe_Holey one, maybe;
    size_t count = 0;
    bool there = false;
    GOOD(probe_holes(3, &holes, &count, &err));
    IS(count == 3 && is_clean(&holes[0]) && is_clean(&holes[1]) && is_clean(&holes[2]));
    IS(probe_free(holes) == PROBE_OK);
    memset(&one, 0xcd, sizeof one);
    GOOD(probe_hole(&one, &err));
    IS(is_clean(&one));
    memset(&one, 0xcd, sizeof one);
    GOOD(probe_maybe_hole(true, &one, &there, &err));
    IS(there && is_clean(&one));
    own[0] = own[1] = own[2] = maybe = one;
    GOOD(probe_fill_holes(own, 3, &one, &maybe, &err));
    IS(is_clean(&own[0]) && is_clean(&own[2]) && is_clean(&one) && is_clean(&maybe));
    GOOD(probe_fill_holes(NULL, 0, &one, NULL, &err));
}

static void buffers(void)
{
    char *text = NULL;
    /* A pointer that is not ours, with readable memory before it. */
    static char ours[64] __attribute__((aligned(16)));
    GOOD(probe_own_text("text", 4, &text, NULL, &err));
    IS(probe_free(NULL) == PROBE_OK);
    IS(probe_free(ours + 32) == PROBE_INVALID_ARGUMENT);
    IS(strncmp(probe_last_error(), "probe", 5) == 0);
    IS(probe_free(text + 1) == PROBE_INVALID_ARGUMENT);
    IS(probe_free(text) == PROBE_OK);
    /* Its memory has not been reused, so this shows. */
    IS(probe_free(text) == PROBE_INVALID_ARGUMENT);
}

/* A shutdown from inside, and handles that are older than the last start. */
static int32_t shut_down(void *user)
{
    (void)user;
    return probe_shutdown(5000);
}

static void generations(void)
{
    probe_Cursor *old = NULL, *cursor = NULL;
    uint32_t at = 0;
    int32_t code = 0;
    GOOD(probe_call_back(shut_down, NULL, &code, &err));
    IS(code == PROBE_WOULD_DEADLOCK);
    IS(strncmp(probe_last_error(), "probe", 5) == 0);
    GOOD(probe_cursor(1, &old, &err));
    IS(probe_shutdown(20000) == PROBE_OK);
    IS(probe_state() == PROBE_STATE_COLD);
    IS(probe_Cursor_free(old) == PROBE_INVALID_HANDLE);
    IS(probe_state() == PROBE_STATE_COLD);
    BAD(PROBE_INVALID_HANDLE, "cursor", probe_peek(old, &at, &err));
    GOOD(probe_cursor(1, &cursor, &err));
    IS(cursor != old);
    IS(probe_generation() == 2);
    IS(probe_Cursor_free(cursor) == PROBE_OK);
}

/* More handles than 16 bits have numbers for, in each of two generations. */
static void many_handles(void)
{
    enum { MANY = 40000 };
    static probe_Cursor *olds[MANY];
    probe_Cursor *cursor;
    uint32_t at = 0;
    int wrong = 0;
    for (int i = 0; i < MANY; i++)
        wrong += probe_cursor(1, &olds[i], NULL) != PROBE_OK;
    IS(probe_shutdown(20000) == PROBE_OK);
    for (int i = 0; i < MANY; i++)
        wrong += probe_cursor(1, &cursor, NULL) != PROBE_OK;
    for (int i = 0; i < MANY; i++)
        wrong += probe_peek(olds[i], &at, NULL) != PROBE_INVALID_HANDLE;
    IS(wrong == 0);
}

static void names(void)
{
    uint64_t sum = 0;
    uint32_t number = 0;
    probe_impl words = {.fn = 7, .mut = PROBE_WORD_MATCH};
    GOOD(probe_keywords(words, PROBE_WORD_MATCH, &number, &err));
    IS(number == 7);
    GOOD(probe_keywords(words, PROBE_WORD_TYPE, &number, &err));
    IS(number == 0);
    BAD(PROBE_INVALID_ARGUMENT, "where", probe_keywords(words, (probe_Word)3, &number, &err));
    GOOD(probe_cold(1, "ab", 2, 10, true, &sum, &err));
    IS(sum == 14);
    IS(probe_export() == 5);
    err = NULL;
    IS(probe_fail_with(42, &err) == 42);
    IS(err != NULL && strcmp(err, "code 42") == 0);
    probe_free(err);
    IS(probe_fail_with(0, NULL) == PROBE_ERROR);
    IS(probe_fail_with(-5, NULL) == PROBE_ERROR);
    IS(probe_abi_version() == PROBE_ABI_VERSION);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "overlaps") == 0) {
        overlaps();
        return failures == 0 ? 0 : 1;
    }
    if (strcmp(what, "padding") == 0) {
        padding();
        return failures == 0 ? 0 : 1;
    }
    texts();
    slices();
    values();
    structs();
    functions();
    handles();
    refused_handles();
    buffers();
    names();
    generations();
    many_handles();
    return failures == 0 ? 0 : 1;
}

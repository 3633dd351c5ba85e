/*
 * A start without a C library: `_start`, a place for the first thread's own data, constructors, and
 * system calls. In start/PROCESSOR.h: where a program begins, how it calls the kernel, and how it sets
 * the thread pointer.
 */
#ifndef START_H
#define START_H

#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

/* The first thread's own data: the thread pointer points into the middle, because code looks on both sides.
 * */
static uintptr_t own_data[8192] __attribute__((aligned(16)));
#define OWN (&own_data[4096])

#if defined __x86_64__
#include "start/x86_64.h"
#elif defined __i386__
#include "start/i686.h"
#elif defined __aarch64__
#include "start/aarch64.h"
#elif defined __arm__
#include "start/arm.h"
#elif defined __riscv
#include "start/riscv64.h"
#elif defined __powerpc64__
#include "start/powerpc64le.h"
#elif defined __s390x__
#include "start/s390x.h"
#else
#error "how a program begins on this processor is not known here"
#endif

static size_t length(const char *text)
{
    size_t len = 0;
    while (text[len] != 0)
        len++;
    return len;
}

static int same(const char *a, const char *b)
{
    while (*a != 0 && *a == *b)
        a++, b++;
    return *a == *b;
}

static int number(const char *text)
{
    int minus = *text == '-', value = 0;
    for (text += minus; *text >= '0' && *text <= '9'; text++)
        value = 10 * value + (*text - '0');
    return minus ? -value : value;
}

static void say(const char *text) { kernel(__NR_write, 1, (long)text, (long)length(text), 0, 0); }

/* `NAME = RESULT`, in one write. */
static void show(const char *name, int value)
{
    char line[128], digits[16];
    size_t len = 0, count = 0;
    unsigned rest = value < 0 ? 0u - (unsigned)value : (unsigned)value;
    for (; *name != 0 && len < 64; name++)
        line[len++] = *name;
    line[len++] = ' ', line[len++] = '=', line[len++] = ' ';
    if (value < 0)
        line[len++] = '-';
    do
        digits[count++] = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    while (count > 0)
        line[len++] = digits[--count];
    line[len++] = '\n', line[len] = 0;
    say(line);
}

__attribute__((noreturn)) static void end(int code)
{
    for (;;)
        kernel(__NR_exit_group, code, 0, 0, 0, 0);
}

/* The linker defines these around the contents of .init_array. */
typedef void constructor(int, char **, char **);
extern constructor *__init_array_start[] __attribute__((visibility("hidden")));
extern constructor *__init_array_end[] __attribute__((visibility("hidden")));

static void construct(int argc, char **argv)
{
    for (constructor **one = __init_array_start; one < __init_array_end; one++)
        (*one)(argc, argv, argv + argc + 1);
}

#endif

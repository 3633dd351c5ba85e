/*
 * A program without a C library, linked with the archive of `fleeting`, which has no std inside: it runs the
 * constructors itself, as a C library would. The library's thread is then made by clone, and main, which
 * waits until it is told to stop, can only run on that one. Each line that is printed is a failure.
 */
#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

#if defined __x86_64__
#include "nolibc/x86_64.h"
#elif defined __i386__
#include "nolibc/i686.h"
#elif defined __aarch64__
#include "nolibc/aarch64.h"
#elif defined __arm__
#include "nolibc/arm.h"
#elif defined __riscv
#include "nolibc/riscv64.h"
#elif defined __powerpc64__
#include "nolibc/powerpc64le.h"
#elif defined __s390x__
#include "nolibc/s390x.h"
#else
#error "nobody has written down how a program begins on this processor"
#endif

int fleeting_ping(void), fleeting_mains(void), fleeting_generation(void), fleeting_shutdown(int timeout_ms);

/* What compilers call without being asked. */
void *memcpy(void *to, const void *from, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((volatile char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memmove(void *to, const void *from, size_t len)
{
    if ((uintptr_t)to <= (uintptr_t)from)
        return memcpy(to, from, len);
    while (len-- > 0)
        ((volatile char *)to)[len] = ((const char *)from)[len];
    return to;
}

void *memset(void *at, int byte, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((volatile char *)at)[i] = (char)byte;
    return at;
}

int memcmp(const void *a, const void *b, size_t len)
{
    const unsigned char *left = a, *right = b;
    for (size_t i = 0; i < len; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

int bcmp(const void *a, const void *b, size_t len) { return memcmp(a, b, len); }

size_t strlen(const char *text)
{
    size_t len = 0;
    while (((const volatile char *)text)[len] != 0)
        len++;
    return len;
}

/* What the library would call that needs a C library. */
_Noreturn void exit(int code)
{
    for (;;)
        ask(__NR_exit_group, code, 0, 0);
}

static int failures;

static void is(const char *what, int found, int wanted)
{
    char text[12];
    int at = sizeof text - 1;
    unsigned number = found < 0 ? 0u - (unsigned)found : (unsigned)found;
    if (found == wanted)
        return;
    failures++;
    text[at] = '\n';
    do
        text[--at] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    if (found < 0)
        text[--at] = '-';
    ask(__NR_write, 1, (long)what, (long)strlen(what));
    ask(__NR_write, 1, (long)(text + at), (long)sizeof text - at);
}

typedef void constructor(int argc, char **argv, char **envp);
extern constructor *__init_array_start[], *__init_array_end[];

void begin(long *stack);
void begin(long *stack)
{
    enum { ROUNDS = 20 };
    int argc = (int)*stack;
    char **argv = (char **)(stack + 1), **envp = argv + argc + 1;
    for (constructor **each = __init_array_start; each < __init_array_end; each++)
        (*each)(argc, argv, envp);
    for (int round = 1; round <= ROUNDS; round++) {
        is("ping is ", fleeting_ping(), 1);
        is("the generation is ", fleeting_generation(), round);
        for (int i = 0; fleeting_mains() < round && i < 1000000; i++)
            ask(__NR_sched_yield, 0, 0, 0);
        is("the starts of main are ", fleeting_mains(), round);
        is("shutdown is ", fleeting_shutdown(-1), 0);
    }
    exit(failures != 0);
}

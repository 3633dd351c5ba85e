/*
 * A program without a C library, linked with the archive of the fixture `raw`, which it starts with. It does
 * what its command line says, and prints `NAME = RESULT` for each step:
 *
 *   NAME            int raw_NAME(void)
 *   NAME N          int raw_NAME(int): for `wait`, `shutdown`, `crowd`, `joined`, `detached`, `nested`, `thread`,
 *                   `text`
 *   until NAME N    calls raw_NAME repeatedly, until it returns N
 *   refuse N        from now on clone(2) fails with the error N, by a seccomp filter
 *   segments        takes all segments that this thread can have, on a processor that has few
 *   memory KIB      sets RLIMIT_AS to the present use and this much more; -1 for no limit
 *   fork            a child does the steps that follow, and the parent ends in the same way
 *   exit N
 *
 * With EXAMPLE it has the example `nolibc` inside as well:
 *
 *   crc             0, or the number of the first wrong sum
 *
 * With NO_DATA the first thread has no data of its own: as little as a program can have.
 */
#include "start.h"
#include <linux/filter.h>
#include <linux/seccomp.h>

#define PLAIN(F) F(ping) F(open) F(boots) F(booted_here) F(same_pointer) F(signals_open) F(arguments) \
    F(threads) F(mapped) F(exit_word) F(overflow)
#define WITH_NUMBER(F) F(wait) F(shutdown) F(crowd) F(joined) F(detached) F(nested) F(thread) F(text)

#define DECLARE(name) extern int raw_##name(void);
PLAIN(DECLARE)
#undef DECLARE
#define DECLARE(name) extern int raw_##name(int);
WITH_NUMBER(DECLARE)

#define ENTRY(name) {#name, raw_##name},
static const struct { const char *name; int (*call)(void); } plain[] = {PLAIN(ENTRY)};
static const struct { const char *name; int (*call)(int); } with_number[] = {WITH_NUMBER(ENTRY)};
#define COUNT(table) (sizeof table / sizeof *table)

#ifdef EXAMPLE
#include "nolibc.h"

/* A bit at a time, from the definition. */
static uint32_t slowly(const unsigned char *data, size_t len)
{
    uint32_t sum = ~0u;
    for (size_t i = 0; i < len; i++) {
        sum ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            sum = (sum >> 1) ^ (0xedb88320u & (0u - (sum & 1)));
    }
    return ~sum;
}

static int crc(void)
{
    static unsigned char data[100];
    uint32_t sum = 0;
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * i + 17 * i + 3);
    for (unsigned from = 0; from < 8; from++)
        for (unsigned len = 0; len + from <= sizeof data; len++)
            if (nolibc_crc32(data + from, len, &sum) != 0 || sum != slowly(data + from, len))
                return (int)(from * 1000 + len + 1);
    return 0;
}
#endif

static void die(const char *what)
{
    kernel(__NR_write, 2, (long)what, (long)length(what), 0, 0);
    kernel(__NR_write, 2, (long)"?\n", 2, 0, 0);
    end(3);
}

static int call(const char *name)
{
#ifdef EXAMPLE
    if (same(name, "crc"))
        return crc();
#endif
    for (size_t i = 0; i < COUNT(plain); i++)
        if (same(plain[i].name, name))
            return plain[i].call();
    die(name);
    return 0;
}

static void until(const char *name, int wanted)
{
    for (int i = 0; i < 20000; i++) {
        int64_t millisecond[] = {0, 1000000};
        if (call(name) == wanted)
            return show(name, wanted);
#ifdef __NR_clock_nanosleep_time64
        kernel(__NR_clock_nanosleep_time64, 1, 0, (long)millisecond, 0, 0);
#else
        kernel(__NR_clock_nanosleep, 1, 0, (long)millisecond, 0, 0);
#endif
    }
    die(name);
}

static void refuse(int error)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {COUNT(code), code};
    enum { NO_NEW_PRIVS = 38, SET_SECCOMP = 22 };
    if (kernel(__NR_prctl, NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        || kernel(__NR_prctl, SET_SECCOMP, SECCOMP_MODE_FILTER, (long)&program, 0, 0) != 0)
        die("seccomp");
}

static void take_segments(void)
{
#ifdef __i386__
    struct { int number; uintptr_t base; unsigned limit, flags; } segment = {-1, (uintptr_t)OWN, 0xfffff, 0x51};
    while (kernel(__NR_set_thread_area, (long)&segment, 0, 0, 0, 0) == 0)
        segment.number = -1;
#endif
}

static void memory(int kib)
{
    enum { ADDRESS_SPACE = 9 };
    uint64_t limit[2];
    if (kernel(__NR_prlimit64, 0, ADDRESS_SPACE, 0, (long)limit, 0) != 0)
        die("prlimit64");
    limit[0] = kib < 0 ? limit[1] : ((uint64_t)raw_mapped() + (uint64_t)kib) << 10;
    if (kernel(__NR_prlimit64, 0, ADDRESS_SPACE, (long)limit, 0, 0) != 0)
        die("prlimit64");
}

/* The parent ends with the child's code, or with 99 and its signal. */
static void fork_here(void)
{
    enum { SIGCHLD_17 = 17 };
    int status = -1;
#ifdef __s390x__
    long child = kernel(__NR_clone, 0, SIGCHLD_17, 0, 0, 0);
#else
    long child = kernel(__NR_clone, SIGCHLD_17, 0, 0, 0, 0);
#endif
    if (child < 0)
        die("fork");
    if (child == 0)
        return;
    while (kernel(__NR_wait4, child, (long)&status, 0, 0, 0) != child)
        ;
    end((status & 0x7f) != 0 ? 99 : (status >> 8) & 0xff);
}

static char **steps(char **word)
{
    const char *name = *word++;
    for (size_t i = 0; i < COUNT(with_number); i++)
        if (same(with_number[i].name, name) && *word != NULL) {
            show(name, with_number[i].call(number(*word)));
            return word + 1;
        }
    if (same(name, "fork"))
        fork_here();
    else if (same(name, "until") && *word != NULL && word[1] != NULL) {
        until(*word, number(word[1]));
        word += 2;
    } else if (same(name, "refuse") && *word != NULL)
        refuse(number(*word++));
    else if (same(name, "segments"))
        take_segments();
    else if (same(name, "memory") && *word != NULL)
        memory(number(*word++));
    else if (same(name, "exit") && *word != NULL)
        end(number(*word));
    else
        show(name, call(name));
    return word;
}

__attribute__((used, noreturn)) void begin(uintptr_t *stack)
{
    int argc = (int)stack[0];
    char **argv = (char **)(stack + 1), **word = argv + 1;
    /* The steps from `before` up to `start` are done before the constructors are called. */
#ifndef NO_DATA
    set_thread_pointer();
#endif
    if (*word != NULL && same(*word, "before"))
        for (word++; *word != NULL && !same(*word, "start"); )
            word = steps(word);
    word += *word != NULL && same(*word, "start");
    construct(argc, argv);
    while (*word != NULL)
        word = steps(word);
    end(0);
}

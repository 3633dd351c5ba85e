/* A sandbox, by a seccomp filter, that refuses one system call. For x86-64. */
#ifndef REFUSE_H
#define REFUSE_H

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* `wait` is the call with which rt0 and std wait for a word; the C library has its own. `register` asks for
 * membarrier's fence. */
enum { WAIT = -1, REGISTER = -2 };
/* musl's name for it on systems with 32-bit times. */
#ifndef SYS_clock_gettime
#define SYS_clock_gettime SYS_clock_gettime32
#endif

static const struct { const char *name; long number; } refused_calls[] = {
    {"getpid", SYS_getpid},     {"gettid", SYS_gettid},   {"clock_gettime", SYS_clock_gettime},
    {"madvise", SYS_madvise},   {"prctl", SYS_prctl},     {"membarrier", SYS_membarrier},
    {"openat", SYS_openat},     {"read", SYS_read},       {"rt_sigprocmask", SYS_rt_sigprocmask},
    {"sched_yield", SYS_sched_yield}, {"fcntl", SYS_fcntl}, {"wait", WAIT},
    {"register", REGISTER},
};

/* From now on every thread gets this error from that call; with 0 the call ends the process. */
static inline void refuse(const char *name, int error)
{
    enum { NUMBER = offsetof(struct seccomp_data, nr), FIRST = offsetof(struct seccomp_data, args), SECOND = FIRST + 8 };
    enum { FUTEX_WAIT_BITSET_PRIVATE = 9 | 128, REGISTER_PRIVATE_EXPEDITED = 16 };
    const unsigned no = error == 0 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | (unsigned)error;
    size_t at = 0;
    while (at < sizeof refused_calls / sizeof *refused_calls && strcmp(refused_calls[at].name, name) != 0)
        at++;
    if (at == sizeof refused_calls / sizeof *refused_calls)
        die("no such call: %s", name);
    long number = refused_calls[at].number;
    unsigned where = NUMBER, what = (unsigned)number;
    if (number == WAIT)
        number = SYS_futex, where = SECOND, what = FUTEX_WAIT_BITSET_PRIVATE;
    else if (number == REGISTER)
        number = SYS_membarrier, where = FIRST, what = REGISTER_PRIVATE_EXPEDITED;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NUMBER),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, where),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, what, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, no),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0)
        die("seccomp");
}

#endif

/* x86-64. */
__asm__(".globl _start\n_start: xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call begin\n hlt\n");
static long kernel(long n, long a, long b, long c, long d, long e)
{
    long result;
    register long r10 __asm__("r10") = d, r8 __asm__("r8") = e;
    __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
}
static inline void set_thread_pointer(void)
{
    enum { ARCH_SET_FS = 0x1002 };
    *OWN = (uintptr_t)OWN;
    kernel(__NR_arch_prctl, ARCH_SET_FS, (long)OWN, 0, 0, 0);
}

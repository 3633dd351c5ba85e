/* riscv64. */
__asm__(".globl _start\n_start:\n.option push\n.option norelax\n la gp, __global_pointer$\n.option pop\n"
        " mv a0, sp\n call begin\n ebreak\n");
static long kernel(long n, long a, long b, long c, long d, long e)
{
    register long a7 __asm__("a7") = n, a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c,
                  a3 __asm__("a3") = d, a4 __asm__("a4") = e;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4) : "memory");
    return a0;
}
static inline void set_thread_pointer(void) { __asm__ volatile("mv tp, %0" : : "r"(OWN)); }

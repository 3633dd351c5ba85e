/* riscv64: how a program begins, and how it asks the kernel. */
__asm__(".globl _start\n_start:\n.option push\n.option norelax\n lla gp, __global_pointer$\n.option pop\n"
        " mv a0, sp\n andi sp, sp, -16\n call begin\n");

static long ask(long number, long a, long b, long c)
{
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
    return a0;
}

/* aarch64: how a program begins, and how it asks the kernel. */
__asm__(".globl _start\n_start:\n mov x29, #0\n mov x30, #0\n mov x0, sp\n bl begin\n");

static long ask(long number, long a, long b, long c)
{
    register long r8 __asm__("x8") = number;
    register long r0 __asm__("x0") = a;
    register long r1 __asm__("x1") = b;
    register long r2 __asm__("x2") = c;
    __asm__ volatile("svc #0" : "+r"(r0) : "r"(r8), "r"(r1), "r"(r2) : "memory");
    return r0;
}

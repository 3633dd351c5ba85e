/* powerpc64le: how a program begins, and how it asks the kernel. */
__asm__(".globl _start\n.type _start,%function\n_start:\n"
        " addis 2, 12, .TOC. - _start@ha\n addi 2, 2, .TOC. - _start@l\n .localentry _start, . - _start\n"
        " mr 3, 1\n clrrdi 1, 1, 4\n li 0, 0\n stdu 0, -64(1)\n mtlr 0\n bl begin\n nop\n");

static long ask(long number, long a, long b, long c)
{
    register long r0 __asm__("r0") = number;
    register long r3 __asm__("r3") = a;
    register long r4 __asm__("r4") = b;
    register long r5 __asm__("r5") = c;
    __asm__ volatile("sc" : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5) :
                     : "r6", "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "cr0", "memory");
    return r3;
}

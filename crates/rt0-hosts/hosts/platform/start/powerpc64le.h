/* powerpc64le. */
__asm__(".globl _start\n.type _start, @function\n_start: bcl 20, 31, 1f\n1: mflr 12\n addis 2, 12, .TOC.-1b@ha\n"
        " addi 2, 2, .TOC.-1b@l\n mr 3, 1\n clrrdi 1, 1, 4\n li 0, 0\n stdu 0, -64(1)\n bl begin\n nop\n trap\n");
static long kernel(long n, long a, long b, long c, long d, long e)
{
    register long r0 __asm__("r0") = n, r3 __asm__("r3") = a, r4 __asm__("r4") = b, r5 __asm__("r5") = c,
                  r6 __asm__("r6") = d, r7 __asm__("r7") = e;
    /* An error is its number, with the summary overflow bit set. */
    __asm__ volatile("sc\n bns 1f\n neg 3, 3\n1:" : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7)
                     : : "memory", "cr0", "r8", "r9", "r10", "r11", "r12", "ctr");
    return r3;
}
static inline void set_thread_pointer(void) { __asm__ volatile("mr 13, %0" : : "r"((uintptr_t)OWN + 0x7000)); }

/* arm. */
__asm__(".arm\n.globl _start\n.type _start, %function\n_start: mov r0, sp\n bic sp, sp, #15\n bl begin\n udf #0\n");
static long kernel(long n, long a, long b, long c, long d, long e)
{
    register long r7 __asm__("r7") = n, r0 __asm__("r0") = a, r1 __asm__("r1") = b, r2 __asm__("r2") = c,
                  r3 __asm__("r3") = d, r4 __asm__("r4") = e;
    __asm__ volatile("svc 0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4) : "memory");
    return r0;
}
static inline void set_thread_pointer(void) { kernel(__ARM_NR_set_tls, (long)OWN, 0, 0, 0, 0); }

/* s390x. */
__asm__(".globl _start\n_start: lgr %r2, %r15\n aghi %r15, -160\n brasl %r14, begin\n j .+2\n");
static long kernel(long n, long a, long b, long c, long d, long e)
{
    register long r1 __asm__("1") = n, r2 __asm__("2") = a, r3 __asm__("3") = b, r4 __asm__("4") = c,
                  r5 __asm__("5") = d, r6 __asm__("6") = e;
    __asm__ volatile("svc 0" : "+d"(r2) : "d"(r1), "d"(r3), "d"(r4), "d"(r5), "d"(r6) : "memory");
    return r2;
}
static inline void set_thread_pointer(void)
{
    uintptr_t own = (uintptr_t)OWN;
    __asm__ volatile("sar %%a1, %0\n srlg %0, %0, 32\n sar %%a0, %0" : "+d"(own));
}

/* s390x: how a program begins, and how it asks the kernel. */
__asm__(".globl _start\n_start:\n lgr %r2, %r15\n aghi %r15, -160\n xc 0(8,%r15), 0(%r15)\n brasl %r14, begin\n");

static long ask(long number, long a, long b, long c)
{
    register long r1 __asm__("r1") = number;
    register long r2 __asm__("r2") = a;
    register long r3 __asm__("r3") = b;
    register long r4 __asm__("r4") = c;
    __asm__ volatile("svc 0" : "+d"(r2) : "d"(r1), "d"(r3), "d"(r4) : "memory");
    return r2;
}

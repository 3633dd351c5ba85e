/* arm: how a program begins, and how it asks the kernel. */
__asm__(".syntax unified\n.arm\n.globl _start\n.type _start,%function\n_start:\n"
        " mov r11, #0\n mov lr, #0\n mov r0, sp\n bic sp, sp, #7\n bl begin\n");

static long ask(long number, long a, long b, long c)
{
    register long r7 __asm__("r7") = number;
    register long r0 __asm__("r0") = a;
    register long r1 __asm__("r1") = b;
    register long r2 __asm__("r2") = c;
    __asm__ volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2) : "memory");
    return r0;
}

/* What the tables for unwinding name; nobody unwinds here. */
void __aeabi_unwind_cpp_pr0(void) {}
void __aeabi_unwind_cpp_pr1(void) {}

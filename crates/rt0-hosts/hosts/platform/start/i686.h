/* i686. */
__asm__(".globl _start\n_start: xor %ebp, %ebp\n mov %esp, %eax\n and $-16, %esp\n sub $12, %esp\n push %eax\n"
        " call begin\n hlt\n");
static long kernel(long n, long a, long b, long c, long d, long e)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(n), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
    return result;
}
static inline void set_thread_pointer(void)
{
    struct { int number; uintptr_t base; unsigned limit, flags; } segment = {-1, (uintptr_t)OWN, 0xfffff, 0x51};
    *OWN = (uintptr_t)OWN;
    kernel(__NR_set_thread_area, (long)&segment, 0, 0, 0, 0);
    __asm__ volatile("mov %w0, %%gs" : : "r"(segment.number * 8 + 3));
}

// A constructor in assembly. On other processors than these two the check is skipped.
#if defined(__x86_64__)
#ifdef FAULT
#define CHANGE "mov $7, %r12\n"
#else
#define CHANGE "mov $7, %r11\n"
#endif
#elif defined(__aarch64__)
#ifdef FAULT
#define CHANGE "mov x19, #7\n"
#else
#define CHANGE "mov x9, #7\n"
#endif
#endif

__asm__(".text\n.balign 16\nstart: " CHANGE "ret\n"
        ".section .init_array,\"aw\"\n.balign 8\n.quad start\n.text\n");

int add(int a, int b) { return a + b; }

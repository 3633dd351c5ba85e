/* x86-64: rbx, rbp, r12 to r15, the stack pointer, the direction flag, and the control words of both floating
 * point units. Registers that can't hold a pattern are read before the call. */
static const char *const NAMES[] = {"rbx", "rbp", "r12", "r13", "r14", "r15", "rsp", "direction", "mxcsr", "x87"};
static const char *const SPOILED[] = {"r12", "r15"};

FUNCTION("call_watched",
    "push %rbx\n push %rbp\n push %r12\n push %r13\n push %r14\n push %r15\n"
    "push %rdi\n"                          /* the stack is aligned now */
    "mov %rsp, watched_stack(%rip)\n"
    "mov %rdi, %rax\n"
    "mov %rsp, 48+48(%rax)\n"
    "movq $0, 56+48(%rax)\n"
    "movq $0, 64+48(%rax)\n stmxcsr 64+48(%rax)\n andl $-64, 64+48(%rax)\n" /* without its flags, which a callee may change */
    "movq $0, 72+48(%rax)\n fnstcw 72+48(%rax)\n"
    "mov 0+48(%rax), %rbx\n"
    "mov 8+48(%rax), %rbp\n"
    "mov 16+48(%rax), %r12\n"
    "mov 24+48(%rax), %r13\n"
    "mov 32+48(%rax), %r14\n"
    "mov 40+48(%rax), %r15\n"
    "mov 8(%rax), %rdi\n"
    "mov 16(%rax), %rsi\n"
    "mov 24(%rax), %rdx\n"
    "call *(%rax)\n"
    "mov %rsp, %rcx\n"
    "mov watched_stack(%rip), %rsp\n"
    "mov (%rsp), %rdi\n"
    "mov %rcx, 48+560(%rdi)\n"
    "pushf\n pop %rcx\n and $0x400, %ecx\n mov %rcx, 56+560(%rdi)\n cld\n"
    "mov %rax, 32(%rdi)\n"
    "movq $0, 64+560(%rdi)\n stmxcsr 64+560(%rdi)\n andl $-64, 64+560(%rdi)\n"
    "movq $0, 72+560(%rdi)\n fnstcw 72+560(%rdi)\n"
    "mov %rbx, 0+560(%rdi)\n"
    "mov %rbp, 8+560(%rdi)\n"
    "mov %r12, 16+560(%rdi)\n"
    "mov %r13, 24+560(%rdi)\n"
    "mov %r14, 32+560(%rdi)\n"
    "mov %r15, 40+560(%rdi)\n"
    "pop %rdi\n"
    "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbp\n pop %rbx\n"
    "ret\n"
    ".local watched_stack\n .comm watched_stack,8,8\n");

FUNCTION("spoils", "xor %r12d, %r12d\n xor %r15d, %r15d\n mov $1, %eax\n ret\n");

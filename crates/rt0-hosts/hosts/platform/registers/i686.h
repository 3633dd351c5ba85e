/* i686: ebx, esi, edi, ebp, the stack pointer, the direction flag, the x87 control word. Registers that
 * can't hold a pattern are read before the call. */
static const char *const NAMES[] = {"ebx", "esi", "edi", "ebp", "esp", "direction", "x87"};
static const char *const SPOILED[] = {"esi", "ebp"};

FUNCTION("call_watched",
    "mov 4(%esp), %eax\n"
    "push %ebx\n push %esi\n push %edi\n push %ebp\n"
    "push %eax\n"
    "sub $12, %esp\n"                      /* with what is pushed and the return address 48: aligned */
    "pushl 24(%eax)\n pushl 16(%eax)\n pushl 8(%eax)\n"
    "mov %esp, 32+48(%eax)\n"
    "movl $0, 40+48(%eax)\n"
    "movl $0, 48+48(%eax)\n fnstcw 48+48(%eax)\n"
    "mov 0+48(%eax), %ebx\n"
    "mov 8+48(%eax), %esi\n"
    "mov 16+48(%eax), %edi\n"
    "mov 24+48(%eax), %ebp\n"
    "call *(%eax)\n"
    "mov 24(%esp), %ecx\n"                 /* the struct */
    "mov %eax, 32(%ecx)\n"
    "mov %esp, 32+560(%ecx)\n"
    "pushf\n pop %edx\n and $0x400, %edx\n mov %edx, 40+560(%ecx)\n cld\n"
    "movl $0, 48+560(%ecx)\n fnstcw 48+560(%ecx)\n"
    "mov %ebx, 0+560(%ecx)\n"
    "mov %esi, 8+560(%ecx)\n"
    "mov %edi, 16+560(%ecx)\n"
    "mov %ebp, 24+560(%ecx)\n"
    "add $28, %esp\n"
    "pop %ebp\n pop %edi\n pop %esi\n pop %ebx\n"
    "ret\n");

FUNCTION("spoils", "xor %esi, %esi\n xor %ebp, %ebp\n mov $1, %eax\n ret\n");

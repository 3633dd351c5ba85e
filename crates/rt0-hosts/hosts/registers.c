/*
 * Calls a library's entry and its gate with a known value in every register that a function must keep:
 * `registers LIB`, the library on the core alone. Each line that is printed is a failure.
 *
 * As the host's own `pthread_create` gives no thread, the first call boots in its place, on another stack.
 */
#include "host.h"
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>

#ifndef __x86_64__
#error "this is for x86-64: another processor has other registers"
#endif

/* What the library finds instead of the C library's. */
static int threads_asked_for;
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *data)
{
    (void)thread, (void)attributes, (void)start, (void)data;
    threads_asked_for++;
    return EAGAIN;
}

struct outcome {
    uint64_t result;
    /* 1 rbx, 2 rbp, 4 r12, 8 r13, 16 r14, 32 r15, 64 rsp, 128 the direction flag, 256 mxcsr, 512 the x87
     * control word */
    uint64_t lost;
};

/* Calls function(a, b, c). */
uint64_t call_watched(void *function, uint64_t a, const void *b, const void *c, struct outcome *out);
__asm__(
    ".text\n"
    ".type call_watched,@function\n"
    "call_watched:\n"
    "    push %rbx\n    push %rbp\n    push %r12\n    push %r13\n    push %r14\n    push %r15\n"
    "    push %r8\n"                /* the stack is aligned now */
    "    mov %rdi, %rax\n"
    "    mov %rsi, %rdi\n"
    "    mov %rdx, %rsi\n"
    "    mov %rcx, %rdx\n"
    "    stmxcsr watched_mxcsr(%rip)\n"
    "    fnstcw watched_x87(%rip)\n"
    "    mov $0x1122334455667701, %rbx\n"
    "    mov $0x1122334455667702, %rbp\n"
    "    mov $0x1122334455667703, %r12\n"
    "    mov $0x1122334455667704, %r13\n"
    "    mov $0x1122334455667705, %r14\n"
    "    mov $0x1122334455667706, %r15\n"
    "    mov %rsp, watched_stack(%rip)\n"
    "    call *%rax\n"
    "    xor %ecx, %ecx\n"
    "    cmp %rsp, watched_stack(%rip)\n    je 1f\n    or $64, %ecx\n"
    "    mov watched_stack(%rip), %rsp\n"
    "1:  mov $0x1122334455667701, %rdx\n    cmp %rdx, %rbx\n    je 2f\n    or $1, %ecx\n"
    "2:  mov $0x1122334455667702, %rdx\n    cmp %rdx, %rbp\n    je 3f\n    or $2, %ecx\n"
    "3:  mov $0x1122334455667703, %rdx\n    cmp %rdx, %r12\n    je 4f\n    or $4, %ecx\n"
    "4:  mov $0x1122334455667704, %rdx\n    cmp %rdx, %r13\n    je 5f\n    or $8, %ecx\n"
    "5:  mov $0x1122334455667705, %rdx\n    cmp %rdx, %r14\n    je 6f\n    or $16, %ecx\n"
    "6:  mov $0x1122334455667706, %rdx\n    cmp %rdx, %r15\n    je 7f\n    or $32, %ecx\n"
    "7:  pushf\n    pop %rdx\n    test $0x400, %edx\n    je 8f\n    or $128, %ecx\n    cld\n"
    "8:  push %rdx\n    stmxcsr (%rsp)\n    pop %rdx\n    cmp %edx, watched_mxcsr(%rip)\n    je 9f\n    or $256, %ecx\n"
    "9:  push %rdx\n    fnstcw (%rsp)\n    pop %rdx\n    cmp %dx, watched_x87(%rip)\n    je 10f\n    or $512, %ecx\n"
    "10: pop %r8\n"
    "    mov %rax, (%r8)\n"
    "    mov %rcx, 8(%r8)\n"
    "    pop %r15\n    pop %r14\n    pop %r13\n    pop %r12\n    pop %rbp\n    pop %rbx\n"
    "    ret\n"
    ".size call_watched, . - call_watched\n"
    ".local watched_stack\n.comm watched_stack,8,8\n"
    ".local watched_mxcsr\n.comm watched_mxcsr,4,4\n"
    ".local watched_x87\n.comm watched_x87,4,4\n");

static uint64_t watched(const char *what, void *function, uint64_t a, const void *b, const void *c)
{
    struct outcome outcome = {0, 0};
    call_watched(function, a, b, c, &outcome);
    if (outcome.lost != 0)
        printf("%s does not keep %llx\n", what, (unsigned long long)outcome.lost);
    return outcome.result;
}

/* That the look sees something. */
static int spoils(void)
{
    __asm__ volatile("xor %%r12d, %%r12d\n xor %%r15d, %%r15d" : : : "memory");
    return 1;
}

int main(int argc, char **argv)
{
    struct outcome outcome;
    if (argc != 2)
        die("registers LIB");
    call_watched((void *)spoils, 0, NULL, NULL, &outcome);
    if (outcome.lost != 36 || outcome.result != 1)
        printf("the look is blind: %llx\n", (unsigned long long)outcome.lost);

    void *library = dlopen(argv[1], RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    struct link_map *map = library;
    void (**entries)(void) = NULL;
    size_t count = 0;
    for (ElfW(Dyn) *at = map->l_ld; at->d_tag != DT_NULL; at++) {
        if (at->d_tag == DT_INIT_ARRAY)
            entries = (void (**)(void))(map->l_addr + at->d_un.d_ptr);
        if (at->d_tag == DT_INIT_ARRAYSZ)
            count = at->d_un.d_val / sizeof *entries;
    }
    if (count == 0)
        printf("it has no entry\n");
    /* Once more, as the loader calls them: they find that they have run. */
    for (size_t i = 0; i < count; i++)
        watched("an entry", (void *)entries[i], (uint64_t)argc, argv, environ);
    int asked = threads_asked_for;
    void *ping = dlsym(library, "bare_ping");
    if (ping == NULL)
        die("no bare_ping");
    if (asked == 0)
        printf("no thread was asked for\n");
    if ((int)watched("a call that boots", ping, 0, NULL, NULL) != 1)
        printf("no answer from the call that boots\n");
    if (threads_asked_for == asked)
        printf("the call did not boot\n");
    if ((int)watched("a call", ping, 0, NULL, NULL) != 1)
        printf("no answer from the call\n");
    return 0;
}

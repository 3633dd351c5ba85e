/*
 * Calls a library's entry and its gate with a known value in every register that a function must keep on
 * Windows: `registers.exe PANE BARE`. Each line that is printed is a failure. `RT0_START_BARE` must be
 * `quiet`, so that a call boots on its own thread, on another stack.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <stdio.h>
#include <string.h>

#include "../platform/registers/watched.h"

/* This object format knows neither sizes nor types. */
#undef FUNCTION
#define FUNCTION(name, ...) __asm__(".text\n.balign 16\n.globl " name "\n" name ":\n" __VA_ARGS__)

#define HALVES(n) "xmm" #n " low", "xmm" #n " high"
static const char *const NAMES[] = {"rbx", "rbp", "rdi", "rsi", "r12", "r13", "r14", "r15", "rsp", "mxcsr", "x87",
    HALVES(6), HALVES(7), HALVES(8), HALVES(9), HALVES(10), HALVES(11), HALVES(12), HALVES(13), HALVES(14), HALVES(15)};
static const char *const SPOILED[] = {"rdi", "r12", "xmm7 low", "xmm15 high"};

/* Slots: 8 general ones, rsp, the two control words, and from 88 on sixteen bytes for each of xmm6 to xmm15. */
#define EACH_XMM(DO) DO(6, 88) DO(7, 104) DO(8, 120) DO(9, 136) DO(10, 152) DO(11, 168) DO(12, 184) DO(13, 200) DO(14, 216) DO(15, 232)
#define PUSH(n, at) "sub $16, %rsp\n movups %xmm" #n ", (%rsp)\n"
#define TAKE(n, at) "movups " #at "+48(%rax), %xmm" #n "\n"
#define KEEP(n, at) "movups %xmm" #n ", " #at "+560(%rdi)\n"
#define POP(n) "movups (%rsp), %xmm" #n "\n add $16, %rsp\n"

FUNCTION("call_watched",
    "push %rbx\n push %rbp\n push %rdi\n push %rsi\n push %r12\n push %r13\n push %r14\n push %r15\n"
    EACH_XMM(PUSH)
    "push %rcx\n"                          /* the stack is aligned now */
    "mov %rsp, watched_stack(%rip)\n"
    "sub $32, %rsp\n"                      /* the room that a callee may use for its arguments */
    "mov %rcx, %rax\n"
    "mov %rsp, 64+48(%rax)\n"
    "movq $0, 72+48(%rax)\n stmxcsr 72+48(%rax)\n andl $-64, 72+48(%rax)\n" /* without its flags, which a callee may change */
    "movq $0, 80+48(%rax)\n fnstcw 80+48(%rax)\n"
    EACH_XMM(TAKE)
    "mov 0+48(%rax), %rbx\n mov 8+48(%rax), %rbp\n mov 16+48(%rax), %rdi\n mov 24+48(%rax), %rsi\n"
    "mov 32+48(%rax), %r12\n mov 40+48(%rax), %r13\n mov 48+48(%rax), %r14\n mov 56+48(%rax), %r15\n"
    "mov 8(%rax), %rcx\n mov 16(%rax), %rdx\n mov 24(%rax), %r8\n"
    "call *(%rax)\n"
    "mov %rsp, %rcx\n"
    "mov watched_stack(%rip), %rsp\n"
    "mov (%rsp), %rdx\n"
    "mov %rdi, 16+560(%rdx)\n"
    "mov %rdx, %rdi\n"
    "mov %rax, 32(%rdi)\n"
    "mov %rcx, 64+560(%rdi)\n"
    "movq $0, 72+560(%rdi)\n stmxcsr 72+560(%rdi)\n andl $-64, 72+560(%rdi)\n"
    "movq $0, 80+560(%rdi)\n fnstcw 80+560(%rdi)\n"
    "mov %rbx, 0+560(%rdi)\n mov %rbp, 8+560(%rdi)\n mov %rsi, 24+560(%rdi)\n"
    "mov %r12, 32+560(%rdi)\n mov %r13, 40+560(%rdi)\n mov %r14, 48+560(%rdi)\n mov %r15, 56+560(%rdi)\n"
    EACH_XMM(KEEP)
    "pop %rcx\n"
    POP(15) POP(14) POP(13) POP(12) POP(11) POP(10) POP(9) POP(8) POP(7) POP(6)
    "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rsi\n pop %rdi\n pop %rbp\n pop %rbx\n"
    "ret\n"
    ".lcomm watched_stack,8\n");

FUNCTION("spoils",
    "xor %edi, %edi\n xor %r12d, %r12d\n"
    "mov $1, %eax\n movq %rax, %xmm0\n movsd %xmm0, %xmm7\n"   /* the high half stays */
    "movlhps %xmm0, %xmm15\n ret\n");

enum { COUNT = sizeof NAMES / sizeof *NAMES };
_Static_assert(sizeof NAMES / sizeof *NAMES <= SLOTS, "each has a slot");

static int lost(struct watched *watched, const char *names[SLOTS])
{
    int count = 0;
    for (int i = 0; i < COUNT; i++) {
        watched->before[i] = UINT64_C(0x1122334455667700) + (unsigned)i;
        watched->after[i] = ~watched->before[i];
    }
    call_watched(watched);
    for (int i = 0; i < COUNT; i++)
        if (watched->after[i] != watched->before[i])
            names[count++] = NAMES[i];
    return count;
}

static int watched(const char *what, void *function, uintptr_t a, uintptr_t b, uintptr_t c)
{
    struct watched watched = {(uintptr_t)function, {a, b, c}, 0, 0, {0}, {0}};
    const char *names[SLOTS];
    int count = lost(&watched, names);
    for (int i = 0; i < count; i++)
        printf("%s does not keep %s\n", what, names[i]);
    return (int)watched.result;
}

/* Checks the check: it sees something, and no more than there is. */
static void look_at_one_that_spoils(void)
{
    struct watched watched = {(uintptr_t)spoils, {0}, 0, 0, {0}, {0}};
    enum { WANTED = sizeof SPOILED / sizeof *SPOILED };
    const char *names[SLOTS];
    int count = lost(&watched, names), right = count == WANTED && (int)watched.result == 1;
    for (int i = 0; right && i < count; i++)
        right = strcmp(names[i], SPOILED[i]) == 0;
    if (right)
        return;
    printf("the look is blind: it gave %d, and does not keep", (int)watched.result);
    for (int i = 0; i < count; i++)
        printf(" %s", names[i]);
    printf("\n");
}

static void *symbol(HMODULE library, const char *name)
{
    void *at = (void *)GetProcAddress(library, name);
    if (at == NULL)
        printf("no %s: error %lu\n", name, GetLastError());
    return at;
}

/* The callbacks that the loader calls: a list that ends with a null. */
static void **callbacks(HMODULE library)
{
    unsigned char *base = (unsigned char *)library;
    IMAGE_NT_HEADERS *headers = (void *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    DWORD at = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_TLS].VirtualAddress;
    return at == 0 ? NULL : (void **)((IMAGE_TLS_DIRECTORY *)(base + at))->AddressOfCallBacks;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 3;
    look_at_one_that_spoils();

    /* After a shutdown the entry finds a cold library, and makes a boot thread as it did at load. */
    HMODULE pane = LoadLibraryA(argv[1]);
    int (*state)(void) = (int (*)(void))symbol(pane, "pane_state");
    int (*ping)(void) = (int (*)(void))symbol(pane, "pane_ping");
    int (*shutdown)(int) = (int (*)(int))symbol(pane, "pane_shutdown");
    if (ping() != 1 || shutdown(20000) != 0 || state() != 0)
        printf("no shutdown\n");
    void **entries = callbacks(pane);
    if (entries == NULL || *entries == NULL)
        printf("it has no entry\n");
    for (; entries != NULL && *entries != NULL; entries++)
        watched("an entry", *entries, (uintptr_t)pane, DLL_PROCESS_ATTACH, 0);
    if (state() == 0)
        printf("the entry has begun no boot\n");
    if (watched("a call that waits", (void *)ping, 0, 0, 0) != 1)
        printf("no answer from the call that waits\n");

    HMODULE bare = LoadLibraryA(argv[2]);
    void *call = symbol(bare, "bare_boot");
    if (watched("a call that boots", call, 0, 0, 0) != 1)
        printf("no answer from the call that boots\n");
    if (watched("a call", call, 0, 0, 0) != 1)
        printf("no answer from the call\n");
    return 0;
}

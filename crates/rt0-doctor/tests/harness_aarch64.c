// A host of the harness that watches registers: a function that changes none, and one for each register that it must
// keep. It prints the first that was not seen as it is.
#include <stdint.h>
#include <stdio.h>

uint64_t rt0_doctor_watched(void (*function)(void));

void keeps(void);
__asm__(".text\nkeeps: mov x9, #7\nmov x17, #7\nfmov d16, x9\nfmov d0, x9\nret\n");

#define CHANGES(name, code)                                                                                            \
    void changes_##name(void);                                                                                         \
    __asm__(".text\nchanges_" #name ": mov x9, #7\n" code "\nret\n");

#define ALL(X)                                                                                                         \
    X(x19, "mov x19, x9") X(x20, "mov x20, x9") X(x21, "mov x21, x9") X(x22, "mov x22, x9") X(x23, "mov x23, x9")      \
    X(x24, "mov x24, x9") X(x25, "mov x25, x9") X(x26, "mov x26, x9") X(x27, "mov x27, x9") X(x28, "mov x28, x9")      \
    X(x29, "mov x29, x9") X(d8, "fmov d8, x9") X(d9, "fmov d9, x9") X(d10, "fmov d10, x9") X(d11, "fmov d11, x9")      \
    X(d12, "fmov d12, x9") X(d13, "fmov d13, x9") X(d14, "fmov d14, x9") X(d15, "fmov d15, x9")                        \
    X(fpcr, "mrs x9, fpcr\norr x9, x9, #0x400000\nmsr fpcr, x9")

ALL(CHANGES)

static struct {
    const char *name;
    void (*function)(void);
} all[] = {
#define ROW(name, code) {#name, changes_##name},
    ALL(ROW)};

static uint64_t fpcr(void) {
    uint64_t bits;
    __asm__ volatile("mrs %0, fpcr" : "=r"(bits));
    return bits;
}

int main(void) {
    volatile double before = 1.5;
    uint64_t mode = fpcr();
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
        uint64_t seen = rt0_doctor_watched(keeps);
        if (seen != 0) return printf("keeps: %#lx\n", (unsigned long)seen), 1;
        seen = rt0_doctor_watched(all[i].function);
        if (seen != (uint64_t)1 << i) return printf("%s: %#lx\n", all[i].name, (unsigned long)seen), 1;
        if (fpcr() != mode || before != 1.5) return printf("%s is not put back\n", all[i].name), 1;
    }
    return 0;
}

/* aarch64: x19 to x29, the lower halves of v8 to v15, the stack pointer, the floating point control register.
 * x30 is the return address, which the function has used up. Registers that can't hold a pattern are read before
 * the call. */
static const char *const NAMES[] = {
    "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29",
    "d8", "d9", "d10", "d11", "d12", "d13", "d14", "d15", "sp", "fpcr",
};
static const char *const SPOILED[] = {"x20", "d9"};

#define MOVE(how, at) \
    how " x19, x20, [" at "]\n " how " x21, x22, [" at ", #16]\n " how " x23, x24, [" at ", #32]\n" \
    how " x25, x26, [" at ", #48]\n " how " x27, x28, [" at ", #64]\n"
#define MOVE_FLOATS(how, at) \
    how " d8, d9, [" at ", #88]\n " how " d10, d11, [" at ", #104]\n" \
    how " d12, d13, [" at ", #120]\n " how " d14, d15, [" at ", #136]\n"

FUNCTION("call_watched",
    "stp x29, x30, [sp, #-192]!\n"
    "str x0, [sp, #16]\n"
    "add x9, sp, #32\n"
    MOVE("stp", "x9")
    MOVE_FLOATS("stp", "x9")
    "mov x10, sp\n str x10, [x0, #48+152]\n"
    "mrs x10, fpcr\n str x10, [x0, #48+160]\n"
    "add x9, x0, #48\n"
    "ldr x10, [x0]\n"
    "ldp x1, x2, [x0, #16]\n"
    "ldr x0, [x0, #8]\n"
    MOVE("ldp", "x9")
    MOVE_FLOATS("ldp", "x9")
    "ldr x29, [x9, #80]\n"
    "blr x10\n"
    "ldr x9, [sp, #16]\n"
    "str x0, [x9, #32]\n"
    "add x9, x9, #560\n"
    MOVE("stp", "x9")
    MOVE_FLOATS("stp", "x9")
    "str x29, [x9, #80]\n"
    "mov x10, sp\n str x10, [x9, #152]\n"
    "mrs x10, fpcr\n str x10, [x9, #160]\n"
    "add x9, sp, #32\n"
    MOVE("ldp", "x9")
    MOVE_FLOATS("ldp", "x9")
    "ldp x29, x30, [sp], #192\n"
    "ret\n");

FUNCTION("spoils", "mov x20, #0\n fmov d9, xzr\n mov w0, #1\n ret\n");

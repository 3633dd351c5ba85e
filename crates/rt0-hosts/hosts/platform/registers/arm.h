/* arm, hard float: r4 to r11, d8 to d15, the stack pointer. Registers that can't hold a pattern are read
 * before the call. A general register has the lower half of its slot. */
static const char *const NAMES[] = {
    "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11",
    "d8", "d9", "d10", "d11", "d12", "d13", "d14", "d15", "sp",
};
static const char *const SPOILED[] = {"r5", "d9"};

#define MOVE(how, at) \
    how " r4, [" at "]\n " how " r5, [" at ", #8]\n " how " r6, [" at ", #16]\n " how " r7, [" at ", #24]\n" \
    how " r8, [" at ", #32]\n " how " r9, [" at ", #40]\n " how " r10, [" at ", #48]\n " how " r11, [" at ", #56]\n"
#define MOVE_FLOATS(how, at) \
    how " d8, [" at ", #64]\n " how " d9, [" at ", #72]\n " how " d10, [" at ", #80]\n " how " d11, [" at ", #88]\n" \
    how " d12, [" at ", #96]\n " how " d13, [" at ", #104]\n " how " d14, [" at ", #112]\n " how " d15, [" at ", #120]\n"

__asm__(".syntax unified\n.arm\n");
FUNCTION("call_watched",
    "push {r4-r11, lr}\n"
    "vpush {d8-d15}\n"
    "sub sp, sp, #12\n"                    /* 36 + 64 + 12: the call is aligned */
    "str r0, [sp]\n"
    "add r12, r0, #48\n"
    "str sp, [r12, #128]\n"
    "ldr lr, [r0]\n"
    "ldr r1, [r0, #16]\n"
    "ldr r2, [r0, #24]\n"
    "ldr r0, [r0, #8]\n"
    MOVE("ldr", "r12")
    MOVE_FLOATS("vldr", "r12")
    "blx lr\n"
    "ldr r12, [sp]\n"
    "str r0, [r12, #32]\n"
    "add r12, r12, #560\n"
    MOVE("str", "r12")
    MOVE_FLOATS("vstr", "r12")
    "str sp, [r12, #128]\n"
    "add sp, sp, #12\n"
    "vpop {d8-d15}\n"
    "pop {r4-r11, pc}\n");

FUNCTION("spoils", "mov r5, #0\n mov r0, #0\n vmov d9, r0, r0\n mov r0, #1\n bx lr\n");

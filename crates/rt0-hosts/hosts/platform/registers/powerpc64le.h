/* powerpc64le, ELFv2: r14 to r31, f14 to f31, v20 to v31 with two slots each, the fields 2 to 4 of cr, the stack
 * pointer, and r13, the thread's. Registers that can't hold a pattern are read before the call. */
static const char *const NAMES[] = {
    "r14", "r15", "r16", "r17", "r18", "r19", "r20", "r21", "r22", "r23", "r24", "r25", "r26", "r27", "r28", "r29",
    "r30", "r31",
    "f14", "f15", "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23", "f24", "f25", "f26", "f27", "f28", "f29",
    "f30", "f31",
    "v20", "v20", "v21", "v21", "v22", "v22", "v23", "v23", "v24", "v24", "v25", "v25", "v26", "v26", "v27", "v27",
    "v28", "v28", "v29", "v29", "v30", "v30", "v31", "v31",
    "cr2 to cr4", "r1", "r13",
};
static const char *const SPOILED[] = {"r15", "f16", "v22", "v22", "cr2 to cr4"};

/* r9 is the address of the first slot, r11 an index. */
#define EACH(how, number, at, base) how " " #number ", " #at "(" base ")\n"
#define MOVE(how, base) \
    EACH(how, 14, 0, base) EACH(how, 15, 8, base) EACH(how, 16, 16, base) EACH(how, 17, 24, base) \
    EACH(how, 18, 32, base) EACH(how, 19, 40, base) EACH(how, 20, 48, base) EACH(how, 21, 56, base) \
    EACH(how, 22, 64, base) EACH(how, 23, 72, base) EACH(how, 24, 80, base) EACH(how, 25, 88, base) \
    EACH(how, 26, 96, base) EACH(how, 27, 104, base) EACH(how, 28, 112, base) EACH(how, 29, 120, base) \
    EACH(how, 30, 128, base) EACH(how, 31, 136, base)
#define MOVE_FLOATS(how, base) \
    EACH(how, 14, 144, base) EACH(how, 15, 152, base) EACH(how, 16, 160, base) EACH(how, 17, 168, base) \
    EACH(how, 18, 176, base) EACH(how, 19, 184, base) EACH(how, 20, 192, base) EACH(how, 21, 200, base) \
    EACH(how, 22, 208, base) EACH(how, 23, 216, base) EACH(how, 24, 224, base) EACH(how, 25, 232, base) \
    EACH(how, 26, 240, base) EACH(how, 27, 248, base) EACH(how, 28, 256, base) EACH(how, 29, 264, base) \
    EACH(how, 30, 272, base) EACH(how, 31, 280, base)
/* The vector registers are the upper 32 of the vsx unit's, which can move them to any address. */
#define EACH_VECTOR(how, number, at, base) "li 11, " #at "\n " how " " #number ", " base ", 11\n"
#define MOVE_VECTORS(how, base) \
    EACH_VECTOR(how, 52, 288, base) EACH_VECTOR(how, 53, 304, base) EACH_VECTOR(how, 54, 320, base) \
    EACH_VECTOR(how, 55, 336, base) EACH_VECTOR(how, 56, 352, base) EACH_VECTOR(how, 57, 368, base) \
    EACH_VECTOR(how, 58, 384, base) EACH_VECTOR(how, 59, 400, base) EACH_VECTOR(how, 60, 416, base) \
    EACH_VECTOR(how, 61, 432, base) EACH_VECTOR(how, 62, 448, base) EACH_VECTOR(how, 63, 464, base)

FUNCTION("call_watched",
    "mflr 0\n std 0, 16(1)\n"
    "mfcr 0\n std 0, 8(1)\n"
    "stdu 1, -624(1)\n"
    "std 2, 24(1)\n"
    "std 3, 96(1)\n"
    "addi 9, 1, 104\n"
    MOVE("std", "9")
    MOVE_FLOATS("stfd", "9")
    MOVE_VECTORS("stxvd2x", "9")
    "addi 9, 3, 48\n"
    "std 1, 488(9)\n std 13, 496(9)\n"
    "lwz 0, 480(9)\n mtcrf 0x38, 0\n"
    "rlwinm 0, 0, 0, 8, 19\n std 0, 480(9)\n"
    "ld 12, 0(3)\n mtctr 12\n"
    "ld 4, 16(3)\n"
    "ld 5, 24(3)\n"
    "ld 3, 8(3)\n"
    MOVE_FLOATS("lfd", "9")
    MOVE_VECTORS("lxvd2x", "9")
    MOVE("ld", "9")
    "bctrl\n"
    "ld 2, 24(1)\n"
    "ld 9, 96(1)\n"
    "std 3, 32(9)\n"
    "addi 9, 9, 560\n"
    "mfcr 0\n rlwinm 0, 0, 0, 8, 19\n std 0, 480(9)\n"
    "std 1, 488(9)\n std 13, 496(9)\n"
    MOVE("std", "9")
    MOVE_FLOATS("stfd", "9")
    MOVE_VECTORS("stxvd2x", "9")
    "addi 9, 1, 104\n"
    MOVE_FLOATS("lfd", "9")
    MOVE_VECTORS("lxvd2x", "9")
    MOVE("ld", "9")
    "addi 1, 1, 624\n"
    "ld 0, 8(1)\n mtcrf 0x38, 0\n"
    "ld 0, 16(1)\n mtlr 0\n"
    "blr\n");

FUNCTION("spoils",
    "li 15, 0\n"
    "xxlxor 54, 54, 54\n"
    "xxlxor 16, 16, 16\n"
    "mfcr 0\n xoris 0, 0, 0x00f0\n mtcrf 0x20, 0\n"
    "li 3, 1\n"
    "blr\n");

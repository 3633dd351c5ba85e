/* riscv64 with double floats: s0 to s11, fs0 to fs11, the stack pointer. gp and tp belong to the process and to
 * the thread: no code may change them. Registers that can't hold a pattern are read before the call. */
static const char *const NAMES[] = {
    "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11",
    "fs0", "fs1", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "sp", "gp", "tp",
};
static const char *const SPOILED[] = {"s3", "fs2"};

#define MOVE(how, at) \
    how " s0, 0(" at ")\n " how " s1, 8(" at ")\n " how " s2, 16(" at ")\n " how " s3, 24(" at ")\n" \
    how " s4, 32(" at ")\n " how " s5, 40(" at ")\n " how " s6, 48(" at ")\n " how " s7, 56(" at ")\n" \
    how " s8, 64(" at ")\n " how " s9, 72(" at ")\n " how " s10, 80(" at ")\n " how " s11, 88(" at ")\n"
#define MOVE_FLOATS(how, at) \
    how " fs0, 96(" at ")\n " how " fs1, 104(" at ")\n " how " fs2, 112(" at ")\n " how " fs3, 120(" at ")\n" \
    how " fs4, 128(" at ")\n " how " fs5, 136(" at ")\n " how " fs6, 144(" at ")\n " how " fs7, 152(" at ")\n" \
    how " fs8, 160(" at ")\n " how " fs9, 168(" at ")\n " how " fs10, 176(" at ")\n " how " fs11, 184(" at ")\n"
#define KEEP(at) "sd sp, 192(" at ")\n sd gp, 200(" at ")\n sd tp, 208(" at ")\n"

FUNCTION("call_watched",
    "addi sp, sp, -208\n"
    "sd ra, 200(sp)\n"
    "sd a0, 192(sp)\n"
    MOVE("sd", "sp")
    MOVE_FLOATS("fsd", "sp")
    "addi t0, a0, 48\n"
    KEEP("t0")
    "ld t1, 0(a0)\n"
    "ld a1, 16(a0)\n"
    "ld a2, 24(a0)\n"
    "ld a0, 8(a0)\n"
    MOVE("ld", "t0")
    MOVE_FLOATS("fld", "t0")
    "jalr t1\n"
    "ld t0, 192(sp)\n"
    "sd a0, 32(t0)\n"
    "addi t0, t0, 560\n"
    KEEP("t0")
    MOVE("sd", "t0")
    MOVE_FLOATS("fsd", "t0")
    MOVE("ld", "sp")
    MOVE_FLOATS("fld", "sp")
    "ld ra, 200(sp)\n"
    "addi sp, sp, 208\n"
    "ret\n");

FUNCTION("spoils", "li s3, 0\n fmv.d.x fs2, zero\n li a0, 1\n ret\n");

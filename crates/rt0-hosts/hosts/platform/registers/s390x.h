/* s390x: r6 to r13, r15, f8 to f15, the floating point control register. r14 is the return address,
 * which the function has used up. Registers that can't hold a pattern are read before the call. */
static const char *const NAMES[] = {
    "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13",
    "f8", "f9", "f10", "f11", "f12", "f13", "f14", "f15", "r15", "fpc",
};
static const char *const SPOILED[] = {"r7", "f9"};

#define MOVE_FLOATS(how, at) \
    how " %f8, 64(" at ")\n " how " %f9, 72(" at ")\n " how " %f10, 80(" at ")\n " how " %f11, 88(" at ")\n" \
    how " %f12, 96(" at ")\n " how " %f13, 104(" at ")\n " how " %f14, 112(" at ")\n " how " %f15, 120(" at ")\n"

FUNCTION("call_watched",
    "stmg %r6, %r15, 48(%r15)\n"           /* the caller's room for them */
    "lgr %r1, %r15\n"
    "aghi %r15, -320\n"
    "stg %r1, 0(%r15)\n"
    "stg %r2, 160(%r15)\n"
    "la %r1, 104(%r15)\n"                  /* 168 to 231, seen from 64 before it */
    MOVE_FLOATS("std", "%r1")
    "la %r1, 48(%r2)\n"
    "stg %r15, 128(%r1)\n"
    "efpc %r0\n llgfr %r0, %r0\n nilf %r0, 0xff0000ff\n stg %r0, 136(%r1)\n" /* without its flags, which a callee may change */
    MOVE_FLOATS("ld", "%r1")
    "lmg %r6, %r13, 0(%r1)\n"
    "lg %r1, 0(%r2)\n"
    "lg %r3, 16(%r2)\n"
    "lg %r4, 24(%r2)\n"
    "lg %r2, 8(%r2)\n"
    "basr %r14, %r1\n"
    "lg %r1, 160(%r15)\n"
    "stg %r2, 32(%r1)\n"
    "la %r1, 560(%r1)\n"
    "stmg %r6, %r13, 0(%r1)\n"
    MOVE_FLOATS("std", "%r1")
    "stg %r15, 128(%r1)\n"
    "efpc %r0\n llgfr %r0, %r0\n nilf %r0, 0xff0000ff\n stg %r0, 136(%r1)\n"
    "la %r1, 104(%r15)\n"
    MOVE_FLOATS("ld", "%r1")
    "lmg %r6, %r15, 368(%r15)\n"
    "br %r14\n");

FUNCTION("spoils", "lghi %r7, 0\n lzdr %f9\n lghi %r2, 1\n br %r14\n");

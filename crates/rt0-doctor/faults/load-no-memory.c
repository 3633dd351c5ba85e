//@ call: size() -> i32 = 16777216
#include <stdlib.h>

enum { SIZE = 16 << 20 };
static char *room;

__attribute__((constructor)) static void start(void) {
    room = malloc(SIZE);
#ifdef FAULT
    if (!room)
        abort();
#endif
}

int size(void) {
    if (!room)
        room = malloc(SIZE);
    return room ? SIZE : 0;
}

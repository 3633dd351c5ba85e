//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include <unistd.h>

static int ends[2] = {-1, -1};

static void open_once(void) {
    if (ends[0] < 0 && pipe(ends) != 0) ends[0] = -1;
}

__attribute__((constructor)) static void start(void) {
#ifdef FAULT
    open_once();
#endif
}

static int pass(int value) {
    int passed = -1;
    if (write(ends[1], &value, sizeof value) != sizeof value) return -1;
    if (read(ends[0], &passed, sizeof passed) != sizeof passed) return -1;
    return passed;
}

int add(int a, int b) {
#ifndef FAULT
    // One's own at every call: a daemon closes what it finds.
    ends[0] = -1;
#endif
    open_once();
    int sum = pass(a + b);
#ifndef FAULT
    close(ends[0]);
    close(ends[1]);
#endif
    return sum;
}

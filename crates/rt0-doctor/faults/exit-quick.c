//@ call: add(i32 2, i32 3) -> i32 = 5
//@ arguments: --deadline 2s
#include <stdlib.h>
#include <unistd.h>

static void stop(void) {
#ifdef FAULT
    // The thread that would end this wait does not exist.
    pause();
#endif
}

__attribute__((constructor)) static void start(void) { at_quick_exit(stop); }

int add(int a, int b) { return a + b; }

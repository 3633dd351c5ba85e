//@ call: add(i32 2, i32 3) -> i32 = 5
#include <stdio.h>

__attribute__((constructor)) static void start(void) {
#ifdef FAULT
    /* Into a buffer, if it is a pipe. */
    printf("welcome\n");
#endif
}

int add(int a, int b) { return a + b; }

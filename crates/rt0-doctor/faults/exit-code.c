//@ call: add(i32 2, i32 3) -> i32 = 5
#include <unistd.h>

__attribute__((destructor)) static void stop(void) {
#ifdef FAULT
    _exit(0);
#endif
}

int add(int a, int b) { return a + b; }

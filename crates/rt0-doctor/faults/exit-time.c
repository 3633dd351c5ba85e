//@ call: add(i32 2, i32 3) -> i32 = 5
#include <unistd.h>

__attribute__((destructor)) static void stop(void) {
#ifdef FAULT
    usleep(1500000);
#endif
}

int add(int a, int b) { return a + b; }

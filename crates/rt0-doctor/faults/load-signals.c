//@ call: add(i32 2, i32 3) -> i32 = 5
#include <signal.h>

__attribute__((constructor)) static void start(void) {
#ifdef FAULT
    signal(SIGCHLD, SIG_DFL);
#endif
}

int add(int a, int b) { return a + b; }

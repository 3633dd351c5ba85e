//@ call: add(i32 2, i32 3) -> i32 = 5
#include <stdlib.h>
#include <unistd.h>

static int *volatile table;

__attribute__((constructor)) static void start(void) { table = calloc(256, sizeof *table); }

int add(int a, int b) {
    table[a & 255]++;
    return a + b;
}

__attribute__((destructor)) static void stop(void) {
#ifdef FAULT
    free(table);
    table = 0;
#endif
    // What else a library does at its end takes a while.
    usleep(2000);
}

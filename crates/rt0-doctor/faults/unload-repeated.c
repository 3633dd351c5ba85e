//@ call: add(i32 2, i32 3) -> i32 = 5
#include <stdlib.h>
#include <string.h>

static char *table;

__attribute__((constructor)) static void start(void) {
    table = malloc(4000);
    if (table) memset(table, 1, 4000);
}

int add(int a, int b) { return table ? a + b : -1; }

__attribute__((destructor)) static void stop(void) {
#ifndef FAULT
    free(table);
#endif
}

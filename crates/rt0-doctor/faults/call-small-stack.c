//@ call: add(i32 2, i32 3) -> i32 = 5
#include <stdlib.h>
#include <string.h>

#define SIZE (200 << 10)

int add(int a, int b) {
#ifdef FAULT
    char scratch[SIZE];
#else
    char *scratch = malloc(SIZE);
#endif
    memset(scratch, a, SIZE);
    int sum = *(volatile char *)(scratch + 100) + b;
#ifndef FAULT
    free(scratch);
#endif
    return sum;
}

//@ call: add(i32 2, i32 3) -> i32 = 5
#include <pthread.h>
#include <stdlib.h>

#define SIZE (64 << 10)

// A table that the first call makes.
static int *table;

static void make(void) {
#ifdef FAULT
    // Whoever comes now finds a table, and nothing in it.
    if (table) return;
#endif
    int *new = calloc(SIZE, sizeof *new);
#ifdef FAULT
    table = new;
#endif
    for (int i = 0; i < SIZE; i++) ((volatile int *)new)[i] = i;
    table = new;
}

#ifndef FAULT
static pthread_once_t once = PTHREAD_ONCE_INIT;
#endif

int add(int a, int b) {
#ifdef FAULT
    make();
#else
    pthread_once(&once, make);
#endif
    return table[SIZE - 1] == SIZE - 1 ? a + b : -1;
}

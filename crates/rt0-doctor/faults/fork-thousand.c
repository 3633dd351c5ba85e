//@ call: add(i32 2, i32 3) -> i32 = 5
#include <pthread.h>
#include <stdlib.h>

struct note {
    struct note *previous;
    char text[1000];
};
static struct note *last;

static void before(void) {
    struct note *note = malloc(sizeof *note);
    if (!note) return;
    note->previous = last;
    last = note;
}

static void after(void) {
#ifndef FAULT
    struct note *note = last;
    if (note) last = note->previous;
    free(note);
#endif
}

__attribute__((constructor)) static void start(void) { pthread_atfork(before, after, after); }

int add(int a, int b) { return a + b; }

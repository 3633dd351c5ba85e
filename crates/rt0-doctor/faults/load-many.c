//@ call: add(i32 2, i32 3) -> i32 = 5
// Each copy takes thread-specific keys, of which a process has 1024.
#include <pthread.h>
#include <stdlib.h>

#ifdef FAULT
#define KEYS 20
#else
#define KEYS 2
#endif

static pthread_key_t keys[KEYS];

__attribute__((constructor)) static void start(void) {
    for (int i = 0; i < KEYS; i++)
        if (pthread_key_create(&keys[i], 0))
            abort();
}

int add(int a, int b) { return a + b; }

//@ call: add(i32 2, i32 3) -> i32 = 5
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;
static int has_key;

__attribute__((constructor)) static void start(void) {
    has_key = pthread_key_create(&key, 0) == 0;
#ifdef FAULT
    if (!has_key)
        abort();
#endif
}

int add(int a, int b) { return has_key ? a + b : 0; }

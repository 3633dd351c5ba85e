//@ call: known() -> i32 != 0
// A thread that reads a setting while the host goes on; the twin has copied it in its constructor.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_int length = 1;
static char copy[64];

static void *work(void *none) {
    for (int round = 0; round < 2000000; round++) {
#ifdef FAULT
        const char *value = getenv("TWIN_SETTING");
#else
        const char *value = copy;
#endif
        length = value ? (int)strlen(value) + 1 : 1;
    }
    return none;
}

__attribute__((constructor)) static void start(void) {
    const char *value = getenv("TWIN_SETTING");
    if (value)
        strncpy(copy, value, sizeof copy - 1);
    pthread_t thread;
    pthread_create(&thread, 0, work, 0);
}

int known(void) { return length; }

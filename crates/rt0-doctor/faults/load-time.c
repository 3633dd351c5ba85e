#include <unistd.h>

__attribute__((constructor)) static void start(void) {
#ifdef FAULT
    usleep(250 * 1000);
#endif
}

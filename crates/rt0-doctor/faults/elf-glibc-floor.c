//@ arguments: --config {dir}/elf-glibc-floor.toml
// The configuration promises glibc 2.24, which has no getentropy yet.
#include <stdlib.h>
#include <sys/random.h>

#ifdef FAULT
int number(void) {
    char byte = 0;
    return getentropy(&byte, 1) + byte;
}
#else
int number(void) { return rand(); }
#endif

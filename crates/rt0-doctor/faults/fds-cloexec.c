//@ call: add(i32 2, i32 3) -> i32 = 5
#include <fcntl.h>

#ifdef FAULT
#define MORE 0
#else
#define MORE O_CLOEXEC
#endif

static int fd;

__attribute__((constructor)) static void start(void) { fd = open("/dev/null", O_RDONLY | MORE); }

int add(int a, int b) { return fd < 0 ? 0 : a + b; }

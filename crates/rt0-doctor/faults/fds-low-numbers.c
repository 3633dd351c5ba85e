//@ call: add(i32 2, i32 3) -> i32 = 5
#include <fcntl.h>
#include <unistd.h>

static int fd;

__attribute__((constructor)) static void start(void) {
    fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
#ifndef FAULT
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 100);
    close(fd);
    fd = high;
#endif
}

int add(int a, int b) { return fd < 0 ? 0 : a + b; }

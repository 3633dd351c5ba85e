//@ call: answer() -> i32 = 42
// The fault waits for an event on a descriptor that the host has closed; the twin notices, and opens it again.
#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int fd = -1;

int answer(void) {
    uint64_t one = 1, got = 0;
    if (fd < 0)
        fd = eventfd(0, EFD_CLOEXEC);
    if (write(fd, &one, sizeof one) < 0) {
#ifdef FAULT
        for (;;)
            pause();
#else
        fd = eventfd(0, EFD_CLOEXEC);
        return write(fd, &one, sizeof one) == 8 && read(fd, &got, sizeof got) == 8 ? 42 : errno;
#endif
    }
    return read(fd, &got, sizeof got) == 8 ? 42 : errno;
}

//@ call: add(i32 2, i32 3) -> i32 = 5
// The fault wants to be alone in the process: the second copy of it, with a C library of its own, gives up.
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

__attribute__((constructor)) static void start(void) {
#ifdef FAULT
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int length = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "twin-%d", (int)getpid());
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&name, offsetof(struct sockaddr_un, sun_path) + 1 + length))
        abort();
#endif
}

int add(int a, int b) { return a + b; }

/*
 * `low LIB`: a host that was started without some of stdin, stdout and stderr. Loads the library, whose
 * start-up must be over when its symbol `probe_wait` returns, and shuts it down. Its exit code says which are
 * open then, as bits: 1, 2, 4; and 64 for any of the numbers up to 9 that a shell script may use. Or it is 8
 * if it could not load, 16 if it did not start, and 32 if it did not start again.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int open_ones(void)
{
    int bits = 0;
    for (int number = 0; number <= 9; number++)
        if (fcntl(number, F_GETFD) >= 0)
            bits |= number <= 2 ? 1 << number : 64;
    return bits;
}

int main(int argc, char **argv)
{
    for (int number = 3; number <= 9; number++)
        close(number);
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (library == NULL)
        return 8;
    int (*wait)(int) = (int (*)(int))dlsym(library, "probe_wait");
    int (*shut_down)(int) = (int (*)(int))dlsym(library, "probe_shutdown");
    if (wait(20000) != 0)
        return 16;
    int bits = open_ones();
    if (shut_down(20000) != 0 || wait(20000) != 0)
        return 32;
    return bits | open_ones();
}

/* copies ADD LIB...: what the libraries add to this process while they wait for calls. Prints the resident
 * memory in KB, and the threads.
 *
 * regions ADD [LIB...]: the same, but prints the kernel's list of all memory. */
#include "host.h"

#include <stdlib.h>
#include <unistd.h>

static void load_all(int argc, char **argv) {
    for (int i = 1; i < argc; i++) load_and_call(argv[i], argv[0]);
    usleep(200000); /* until all threads have come to rest */
}

int copies(int argc, char **argv) {
    uint64_t memory = read_status("VmRSS:"), threads = read_status("Threads:");
    load_all(argc, argv);
    uint64_t memory_after = read_status("VmRSS:"), threads_after = read_status("Threads:");
    print(memory_after - memory);
    print(threads_after - threads);
    fflush(stdout);
    _exit(0);
}

int regions(int argc, char **argv) {
    load_all(argc, argv);
    FILE *file = fopen("/proc/self/smaps", "r");
    if (!file) fail("/proc/self/smaps");
    for (int c; (c = getc(file)) != EOF;) putchar(c);
    fflush(stdout);
    _exit(0);
}

/* load [LIB ADD]: from before dlopen to the first answer. Prints the time of dlopen and of both; the page
 * faults of dlopen and of both.
 *
 * Without a library it does nothing else, so that the instructions of the process itself can be subtracted. */
#include "host.h"

#include <unistd.h>

int load(int argc, char **argv) {
    if (argc < 2) _exit(0);
    uint64_t faults_before = faults(), before = now();
    void *library = open_library(argv[0]);
    uint64_t loaded = now(), faults_loaded = faults();
    Add *add = (Add *)symbol(library, argv[1]);
    if (add(1, 2) != 3) fail("the first call");
    uint64_t answered = now(), faults_answered = faults();
    print(loaded - before);
    print(answered - before);
    print(faults_loaded - faults_before);
    print(faults_answered - faults_before);
    fflush(stdout);
    /* How a library ends is measured elsewhere. */
    _exit(0);
}

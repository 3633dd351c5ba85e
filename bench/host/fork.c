/* fork ADD COUNT [LIB...]: the time of one fork() in this process, with the libraries loaded and ready: the
 * middle one of COUNT.
 *
 * child LIB ADD REPORT: the first call in a fork's child. Prints its time, its page faults, and how long the
 * parent's boot took, from the constructor until the library was ready, by the library's own report. */
#include "host.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int earlier(const void *one, const void *other) {
    uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
    return (a > b) - (a < b);
}

static void wait_for(pid_t pid) {
    int status;
    if (waitpid(pid, &status, 0) != pid || status != 0) fail("the child");
}

int forks(int argc, char **argv) {
    uint64_t times[256];
    size_t count = (size_t)atoi(argv[1]);
    if (count < 1 || count > 256) fail("the number of forks");
    for (int i = 2; i < argc; i++) load_and_call(argv[i], argv[0]);
    settle();
    for (size_t i = 0; i < count; i++) {
        uint64_t before = now();
        pid_t pid = fork();
        if (pid == 0) _exit(0);
        times[i] = now() - before;
        if (pid < 0) fail("fork");
        wait_for(pid);
    }
    qsort(times, count, sizeof times[0], earlier);
    print(times[count / 2]);
    return 0;
}

static uint64_t boot_of(void *library, const char *report) {
    static const char KEY[] = "\"ready\":";
    const char *json = ((char *(*)(void))symbol(library, report))();
    const char *at = strstr(json, KEY);
    if (!at) fail("the report");
    return strtoull(at + sizeof KEY - 1, NULL, 10);
}

int child(int argc, char **argv) {
    (void)argc;
    uint64_t *seen = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (seen == MAP_FAILED) fail("mmap");
    void *library = load_and_call(argv[0], argv[1]);
    Add *add = (Add *)symbol(library, argv[1]);
    uint64_t boot = boot_of(library, argv[2]);
    settle();
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
        uint64_t faults_before = faults(), called = now();
        if (add(1, 2) != 3) _exit(1);
        seen[0] = now() - called;
        seen[1] = faults() - faults_before;
        _exit(0);
    }
    wait_for(pid);
    print(seen[0]);
    print(seen[1]);
    print(boot);
    return 0;
}

/* exit LIB ADD NUMBER THREADS: from exit() to the end of the process, as its parent sees it, with THREADS
 * threads inside calls of NUMBER all the while.
 *
 * shutdown LIB ADD SHUTDOWN: the time of that function, which ends a library in which nothing runs. */
#include "host.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void *calling(void *number) {
    for (;;) ((Number *)*(Function **)number)();
    return NULL;
}

int ends(int argc, char **argv) {
    (void)argc;
    uint64_t *begun = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (begun == MAP_FAILED) fail("mmap");
    pid_t pid = fork(); /* before anything is loaded */
    if (pid < 0) fail("fork");
    if (pid == 0) {
        Function *number = symbol(load_and_call(argv[0], argv[1]), argv[2]);
        for (int i = atoi(argv[3]); i > 0; i--) {
            pthread_t id;
            if (pthread_create(&id, NULL, calling, &number) != 0) fail("pthread_create");
        }
        settle();
        *begun = now();
        exit(0);
    }
    int status;
    if (waitpid(pid, &status, 0) != pid) fail("waitpid");
    uint64_t ended = now();
    if (status != 0) fail("the process did not end with 0");
    print(ended - *begun);
    return 0;
}

int shutdowns(int argc, char **argv) {
    (void)argc;
    int32_t (*shutdown)(int32_t) =
        (int32_t (*)(int32_t))symbol(load_and_call(argv[0], argv[1]), argv[2]);
    settle();
    uint64_t before = now();
    int32_t status = shutdown(1000);
    uint64_t ended = now();
    if (status != 0) fail("the shutdown");
    print(ended - before);
    return 0;
}

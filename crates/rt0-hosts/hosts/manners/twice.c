/*
 * `twice LIB`: a host that closes descriptors twice, as bash does with a pipe's ends: it has pipes while the
 * library boots, and closes every number below 40 once more afterwards. Prints which of those were open
 * then, and what `probe_wait`, `probe_spawned` (which runs a task) and `probe_shutdown` return;
 * all of this for two generations.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PIPES 8

static void have_pipes(void)
{
    int ends[PIPES][2];
    for (int i = 0; i < PIPES; i++)
        if (pipe(ends[i]) != 0)
            exit(16);
    for (int i = 0; i < PIPES; i++) {
        close(ends[i][0]);
        close(ends[i][1]);
    }
}

static void close_all(void)
{
    for (int number = 3; number < 40; number++)
        if (close(number) == 0)
            printf("open=%d\n", number);
}

int main(int argc, char **argv)
{
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (library == NULL)
        return 8;
    int (*wait)(int) = (int (*)(int))dlsym(library, "probe_wait");
    int (*shut_down)(int) = (int (*)(int))dlsym(library, "probe_shutdown");
    int (*spawned)(char **, size_t *, char **) =
        (int (*)(char **, size_t *, char **))dlsym(library, "probe_spawned");
    void (*give_back)(char *) = (void (*)(char *))dlsym(library, "probe_free");
    for (int generation = 1; generation <= 2; generation++) {
        have_pipes();
        printf("wait=%d\n", wait(20000));
        close_all();
        char *thread = NULL;
        printf("spawned=%d\n", spawned(&thread, NULL, NULL));
        give_back(thread);
        printf("shutdown=%d\n", shut_down(20000));
    }
    return 0;
}

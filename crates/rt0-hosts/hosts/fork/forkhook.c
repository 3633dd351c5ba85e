/* Has its own fork handler, older than the library, that calls the library in the child. */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>

static int (*generation)(void);

static void in_child(void)
{
    printf("handler %d\n", generation());
}

int main(int argc, char **argv)
{
    pthread_atfork(NULL, NULL, in_child);
    void *library = dlopen(argc > 1 ? argv[1] : "", RTLD_NOW);
    if (library == NULL)
        die("%s", dlerror());
    generation = (int (*)(void))dlsym(library, "probe_generation");
    printf("parent %d\n", generation());
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        printf("child %d\n", generation());
        fflush(stdout);
        _exit(0);
    }
    int status;
    if (waitpid(child, &status, 0) != child || status != 0)
        die("the child ended with %d", status);
    printf("parent %d\n", generation());
    return 0;
}

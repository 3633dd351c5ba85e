/* Forks this often while 8 threads call a library of parrot.c; each child calls it: rt0_forks LIBRARY TIMES */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

static int (*enter)(void);
static atomic_int done;

static void *call_on(void *data)
{
    while (!done)
        if (enter() != 1)
            die("a call in the parent");
    return data;
}

int main(int argc, char **argv)
{
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    void *library = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
    int well = 0;
    if (library == NULL || (*(void **)&enter = dlsym(library, "parrot_enter")) == NULL)
        die("%s", dlerror());
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, call_on, NULL) != 0)
            die("no thread");
    /* The first of them meets the library while it boots. */
    for (int i = atoi(argv[2]); i > 0; i--) {
        int status = 0;
        pid_t child = fork();
        if (child == 0) {
            done = 1;
            exit(enter() == 1 && enter() == 1 ? 0 : 1);
        }
        if (child < 0 || waitpid(child, &status, 0) != child)
            die("fork");
        well += status == 0;
    }
    done = 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("well = %d\n", well);
    printf("wrong = %d\n", ((int (*)(void))dlsym(library, "parrot_wrong"))());
    printf("boots = %d\n", ((int (*)(void))dlsym(library, "parrot_boots"))());
    return 0;
}

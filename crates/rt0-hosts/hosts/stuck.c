/* Hangs, and so does its grandchild, on a thread that is not the first one. */
#include "host.h"
#include <pthread.h>
#include <sys/wait.h>

static void *the_thread_that_is_stuck(void *arg)
{
    for (;;)
        pause();
    return arg;
}

int main(void)
{
    pid_t child = fork();
    if (child == 0) {
        if (fork() == 0) {
            pthread_t thread;
            if (pthread_create(&thread, NULL, the_thread_that_is_stuck, NULL) != 0)
                die("no thread");
            pthread_join(thread, NULL);
        }
        while (wait(NULL) < 0)
            ;
    }
    printf("stuck\n");
    fflush(stdout);
    waitpid(child, NULL, 0);
    return 0;
}

/*
 * A host for every Unix: it uses POSIX alone, and reads nothing of the system's own. What only Linux has is in steps.c.
 *
 *   everywhere LIB    loads the probe and calls it, from many threads, in a fork's child, after a shutdown
 *
 * Prints `NAME = RESULT`.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 16 };

static void *library;

static void die(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(3);
}

static void *look_up(const char *name)
{
    void *found = dlsym(library, name);
    if (!found)
        die(name);
    return found;
}

static int call(const char *name)
{
    int (*function)(void);
    *(void **)&function = look_up(name);
    return function();
}

static void *on_a_thread(void *unused)
{
    (void)unused;
    return (void *)(intptr_t)call("probe_generation");
}

static void say(const char *name, int result)
{
    printf("%s = %d\n", name, result);
}

/* How many of the threads had this result. */
static int many(int wanted)
{
    pthread_t threads[THREADS];
    int right = 0;
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, on_a_thread, NULL) != 0)
            die("pthread_create");
    for (int i = 0; i < THREADS; i++) {
        void *result;
        if (pthread_join(threads[i], &result) != 0)
            die("pthread_join");
        right += (int)(intptr_t)result == wanted;
    }
    return right;
}

static void in_a_child(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0)
        exit(call("probe_ping") == 1 ? call("probe_generation") : 100);
    int status;
    if (waitpid(child, &status, 0) != child)
        die("waitpid");
    say("child", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

int main(int count, char **arguments)
{
    int (*shut_down)(int);
    if (count != 2)
        die("everywhere LIB");
    library = dlopen(arguments[1], RTLD_NOW);
    if (!library)
        die(dlerror());
    say("many", many(1));
    say("ping", call("probe_ping"));
    say("boots", call("probe_boots"));
    in_a_child();
    *(void **)&shut_down = look_up("probe_shutdown");
    say("shutdown", shut_down(20000));
    say("again", call("probe_generation"));
    say("boots", call("probe_boots"));
    return 7;
}

/*
 * A host that ends in unusual ways.
 *
 *   exits PATH HOW
 *
 * | HOW | |
 * |---|---|
 * | `callback` | exit in a function that an export calls back |
 * | `thread` | exit on another thread, while this one is inside an export |
 * | `before`, `after` | exit; a handler calls an export: registered before the load, after the first call |
 * | `child` | a fork's child, which has booted, ends with exit |
 * | `cold-child` | a child that has not booted |
 * | `quick` | quick_exit |
 * | `now` | _exit |
 *
 * The exit code is 9.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>

static void *library;
static const char *path;

static void *symbol(const char *name)
{
    void *at = dlsym(library, name);
    if (at == NULL)
        die("no symbol %s: %s", name, dlerror());
    return at;
}

static int ping(void)
{
    return ((int (*)(void))symbol("probe_ping"))();
}

static void open_it(void)
{
    library = dlopen(path, RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
}

static int leave(void *data)
{
    (void)data;
    exit(9);
}

static void *leave_later(void *data)
{
    usleep(50000);
    leave(data);
    return NULL;
}

static void call_at_exit(void)
{
    printf("at exit = %d\n", ping());
    fflush(stdout);
}

static void in_child(int boots)
{
    int status = 0;
    ping();
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        if (boots && ping() != 1)
            die("the child has not booted");
        exit(9);
    }
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        die("the child ended with %x", status);
    printf("child = %d\n", WEXITSTATUS(status));
    printf("parent = %d\n", ping());
}

int main(int argc, char **argv)
{
    pthread_t thread;
    if (argc != 3)
        die("exits PATH HOW");
    path = argv[1];
    const char *how = argv[2];
#define IS(text) (strcmp(how, text) == 0)
    if (IS("before"))
        atexit(call_at_exit);
    open_it();
    if (IS("callback")) {
        int out = 0;
        ((int (*)(int (*)(void *), void *, int *, char **))symbol("probe_call_back"))(leave, NULL, &out, NULL);
    } else if (IS("thread")) {
        ping();
        pthread_create(&thread, NULL, leave_later, NULL);
        ((int (*)(int))symbol("probe_stay"))(60000);
    } else if (IS("before") || IS("after")) {
        printf("before exit = %d\n", ping());
        if (IS("after"))
            atexit(call_at_exit);
    } else if (IS("child")) {
        in_child(1);
    } else if (IS("cold-child")) {
        in_child(0);
    } else if (IS("quick")) {
        ping();
        quick_exit(9);
    } else if (IS("now")) {
        ping();
        _exit(9);
    } else {
        die("how?");
    }
    exit(9);
}

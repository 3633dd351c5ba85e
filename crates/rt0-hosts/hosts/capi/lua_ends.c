/*
 * Ends and forks while Lua is busy: lua_ends LIBRARY HOW
 *
 *   shutdown   a thread is in an endless loop; a shutdown, and a call
 *   exit       the same; exits with 5
 *   fork       the same; a child calls
 *   deaf       a thread sleeps in C; a shutdown that is not over in time, a call, a shutdown that is
 */
#include "../host.h"
#include "../../../../examples/lua/lua_example.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>

static int (*eval)(const char *, char **);
static int (*shut_down)(int);
static char *(*explain)(int);
static void (*release)(char *);
static void *library;

static void *find(const char *name)
{
    void *found = dlsym(library, name);
    if (found == NULL)
        die("%s", dlerror());
    return found;
}

static void say(const char *who, const char *code)
{
    char *out = NULL;
    int status = eval(code, &out);
    if (out == NULL)
        out = explain(status);
    printf("%s = %d %s\n", who, status, out);
    fflush(stdout);
    release(out);
}

static void *busy(void *code)
{
    say("busy", code);
    return NULL;
}

/* The file that a busy thread creates when it is inside. */
static char inside[64];

static void await_inside(void)
{
    uint64_t start = now();
    while (access(inside, F_OK) != 0) {
        if (now() - start > 20000000000ull)
            die("no thread is inside");
        usleep(1000);
    }
    unlink(inside);
}

int main(int argc, char **argv)
{
    char code[256];
    pthread_t thread;
    if (argc != 3 || (library = dlopen(argv[1], RTLD_NOW)) == NULL)
        die("lua_ends LIBRARY HOW: %s", dlerror());
    *(void **)&eval = find("lua_example_eval");
    *(void **)&shut_down = find("lua_example_shutdown");
    *(void **)&explain = find("lua_example_text");
    *(void **)&release = find("lua_example_free");
    int deaf = strcmp(argv[2], "deaf") == 0;
    snprintf(inside, sizeof inside, "/tmp/rt0-lua-%d", (int)getpid());
    snprintf(code, sizeof code, "io.open('%s', 'w'):close() %s", inside,
             deaf ? "os.execute('sleep 3')" : "while true do pcall(function() while true do end end) end");
    if (pthread_create(&thread, NULL, busy, code) != 0)
        die("no thread");
    await_inside();

    if (strcmp(argv[2], "exit") == 0)
        exit(5);
    if (strcmp(argv[2], "fork") == 0) {
        int status = 0;
        pid_t child = fork();
        if (child == 0) {
            say("child", "return generation");
            exit(0);
        }
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
            die("the child ended with %x", status);
    }
    if (deaf) {
        printf("shutdown = %d\n", shut_down(10));
        say("refused", "return generation");
    }
    printf("shutdown = %d\n", shut_down(20000));
    fflush(stdout);
    pthread_join(thread, NULL);
    say("again", "return generation");
    return 0;
}

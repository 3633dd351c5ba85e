/*
 * A host in C. It loads the library and calls Lua at once, then from several threads, and in a child.
 *
 *   host ./liblua_example.so
 */
#include "../lua_example.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int (*eval)(const char *, char **);
static int (*call)(const char *, const char *const *, size_t, char **);
static int (*shut_down)(int);
static char *(*explain)(int);
static void (*release)(char *);

static void *find(void *library, const char *name)
{
    void *found = dlsym(library, name);
    if (found == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return found;
}

static void say(const char *who, const char *code)
{
    char *out = NULL;
    int status = eval(code, &out);
    if (out == NULL)
        out = explain(status);
    printf("%s: %s -> %d %s\n", who, code, status, out);
    fflush(stdout);
    release(out);
}

static void *count(void *data)
{
    for (int i = 0; i < 1000; i++) {
        char *out = NULL;
        int status = eval("counted = (counted or 0) + 1", &out);
        release(out);
        if (status != 0)
            break;
    }
    return data;
}

int main(int argc, char **argv)
{
    pthread_t threads[8];
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (library == NULL) {
        fprintf(stderr, "host LIBRARY: %s\n", argc == 2 ? dlerror() : "which?");
        return 1;
    }
    *(void **)&eval = find(library, "lua_example_eval");
    *(void **)&call = find(library, "lua_example_call");
    *(void **)&shut_down = find(library, "lua_example_shutdown");
    *(void **)&explain = find(library, "lua_example_text");
    *(void **)&release = find(library, "lua_example_free");

    say("host", "return 6 * 7");
    say("host", "return generation, forked");
    say("host", "function greet(...) return 'hello, ' .. table.concat({...}, ' and ') end");
    const char *names[] = {"you", "me"};
    char *out = NULL;
    int status = call("greet", names, 2, &out);
    printf("host: greet -> %d %s\n", status, out);
    release(out);
    say("host", "error('no such luck', 0)");
    say("host", "return (");
    say("host", "return os.exit");

    for (int i = 0; i < 8; i++)
        if (pthread_create(&threads[i], NULL, count, NULL) != 0)
            return 1;
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    say("host", "return counted");

    /* A child has its own interpreter, in which `counted` is not set yet. */
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        say("child", "return counted");
        say("child", "return generation");
        say("child", "return forked");
        say("child", "counted = -1");
        exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        return 1;
    say("host", "return counted");

    status = shut_down(5000);
    printf("host: shutdown -> %d\n", status);
    say("host", "return counted");
    say("host", "return generation");
    return 0;
}

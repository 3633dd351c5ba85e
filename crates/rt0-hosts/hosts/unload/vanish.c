/*
 * A host that opens and closes a library over and over.
 *
 *   vanish PATH COUNT STEPS
 *
 * STEPS are letters, done in each round after the dlopen: `p` calls fleeting_ping, `s` fleeting_shutdown,
 * `c` closes it, `f` forks a child that ends with exit, `m` fails if the file is still mapped. At the end
 * it prints what has grown, and exits with 7.
 *
 *   vanish PATH atexit
 *   vanish PATH meanwhile
 *
 * Calls it, and exits with 7; the library is closed by a handler that exit calls after its own, or by
 * another thread while it waits.
 */
#include "../host.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>

static const char *path;

/* How many mappings there are; with a word, only those that contain it. */
static int mappings(const char *word)
{
    FILE *file = fopen("/proc/self/maps", "re");
    char line[1024];
    int count = 0;
    if (file == NULL)
        die("no /proc");
    while (fgets(line, sizeof line, file) != NULL)
        count += word == NULL || strstr(line, word) != NULL;
    fclose(file);
    return count;
}

static long number(const char *key)
{
    char text[512];
    if (!status_of("self", key, text, sizeof text))
        die("no /proc");
    return atol(text);
}

static int descriptors(void)
{
    int count = 0;
    for (int i = 0; i < 1024; i++)
        count += fcntl(i, F_GETFD) != -1;
    return count;
}

static void child(void)
{
    int status = 0;
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0)
        exit(5);
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 5)
        die("the child ended with %x", status);
}

static void *library;

/* Gives a main that is still running time to notice. */
static void close_it(void)
{
    dlclose(library);
    usleep(400000);
}

static void *close_soon(void *data)
{
    usleep(100000);
    close_it();
    return data;
}

static void end_with(const char *how)
{
    pthread_t thread;
    if (strcmp(how, "atexit") == 0)
        atexit(close_it);
    library = dlopen(path, RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    if (((int (*)(void))dlsym(library, "fleeting_ping"))() != 1)
        die("ping");
    if (strcmp(how, "meanwhile") == 0)
        pthread_create(&thread, NULL, close_soon, NULL);
    exit(7);
}

static void round_of(const char *steps)
{
    void *library = dlopen(path, RTLD_NOW);
    if (library == NULL)
        die("dlopen: %s", dlerror());
    int (*ping)(void) = (int (*)(void))dlsym(library, "fleeting_ping");
    int (*shutdown)(int) = (int (*)(int))dlsym(library, "fleeting_shutdown");
    for (; *steps; steps++) {
        int result = 1;
        switch (*steps) {
        case 'p': result = ping(); break;
        case 's': result = shutdown(20000) + 1; break;
        case 'c': result = dlclose(library) + 1; break;
        case 'f': child(); break;
        case 'm': result = mappings("fleeting") == 0; break;
        default: die("no such step");
        }
        if (result != 1)
            die("step %c gave %d", *steps, result);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4)
        die("vanish PATH COUNT STEPS");
    path = argv[1];
    if (argc == 3)
        end_with(argv[2]);
    /* The C library allocates this only once. */
    for (int i = 0; i < 20; i++)
        round_of(argv[3]);
    long before[] = {mappings(NULL), descriptors(), number("VmRSS"), number("Threads")};
    uint64_t start = now();
    for (int i = atoi(argv[2]); i > 0; i--)
        round_of(argv[3]);
    printf("micros = %llu\n", (unsigned long long)(now() - start) / 1000);
    printf("mappings = %ld\n", mappings(NULL) - before[0]);
    printf("descriptors = %ld\n", descriptors() - before[1]);
    printf("kib = %ld\n", number("VmRSS") - before[2]);
    printf("threads = %ld\n", number("Threads") - before[3]);
    exit(7);
}

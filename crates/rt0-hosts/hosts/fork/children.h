/* Ways to make a child, what a child finds in the library, and how long it may take. */
#ifndef CHILDREN_H
#define CHILDREN_H

#include "../host.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { FORKED = -6 };

/* The library's calls. */
static int (*probe_state)(void), (*probe_start)(void), (*probe_wait)(int), (*probe_shutdown)(int);
static int (*probe_ping)(void), (*probe_generation)(void), (*probe_fork_child)(void);
static int (*probe_init_pid)(void), (*probe_panics)(char **), (*probe_fail)(char **);
static int (*probe_free)(void *), (*probe_by_hand)(void);
static int (*probe_own_text)(const char *, size_t, char **, size_t *, char **);
static int (*probe_call_back)(int (*)(void *), void *, int *, char **);
static char *(*probe_report)(void);
static const char *(*probe_last_error)(void);

static void *find(void *library, const char *name)
{
    void *at = dlsym(library, name);
    if (at == NULL)
        die("no symbol %s", name);
    return at;
}

/* Looks up everything now: a child may not be able to ask the loader. */
static void load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW);
    if (library == NULL)
        die("%s", dlerror());
#define FIND(name) *(void **)&name = find(library, #name)
    FIND(probe_state), FIND(probe_start), FIND(probe_wait), FIND(probe_shutdown), FIND(probe_ping);
    FIND(probe_generation), FIND(probe_fork_child), FIND(probe_init_pid), FIND(probe_panics);
    FIND(probe_fail), FIND(probe_free), FIND(probe_own_text), FIND(probe_call_back);
    FIND(probe_report), FIND(probe_last_error), FIND(probe_by_hand);
}

/* A child of this kind: `fork`, `_Fork`, `clone`. */
static pid_t make_child(const char *kind)
{
    pid_t child = -1;
    if (strcmp(kind, "fork") == 0)
        child = fork();
    else if (strcmp(kind, "_Fork") == 0)
        child = _Fork();
    else if (strcmp(kind, "clone") == 0)
        child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    else
        die("no such kind: %s", kind);
    if (child < 0)
        die("%s: %s", kind, strerror(errno));
    return child;
}

/* Prints to stderr where the threads of a hanging process are, if there is a gdb. */
static void show_stacks(pid_t process)
{
    char command[200];
    snprintf(command, sizeof command,
             "timeout -s KILL 20 gdb --nx --quiet --batch -ex 'thread apply all bt 40' -p %d 1>&2 2>/dev/null",
             (int)process);
    fflush(stdout);
    if (system(command) != 0)
        fprintf(stderr, "no gdb for %d\n", (int)process);
}

enum { HUNG = -1 };

/* Waits for a child; its wait status, or HUNG. The limit is far longer than the slowest machine needs. */
static int watch(pid_t child)
{
    uint64_t end = now() + 50000000000ull;
    int status;
    while (now() < end) {
        pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child)
            return status;
        if (ended < 0)
            die("waitpid: %s", strerror(errno));
        usleep(100);
    }
    show_stacks(child);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return HUNG;
}

/* A child's results: in shared memory, because it may have no descriptor to report them. */
struct found {
    int done, state, code, by_hand, ping, generation, fork_child, own, freed, last_error_is_same;
    int start, wait, shutdown, report, freed_inherited;
    pid_t process;
    char text[256];
};

static void *shared(size_t size)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        die("no memory");
    memset(at, 0, size);
    return at;
}

/* Calls the library; allocates nothing itself. */
static void look(struct found *found)
{
    char *err = NULL;
    found->state = probe_state();
    found->code = probe_fail(&err);
    if (err != NULL) {
        strncpy(found->text, err, sizeof found->text - 1);
        found->last_error_is_same = strcmp(probe_last_error(), err) == 0;
    }
    found->freed = probe_free(err);
    found->by_hand = probe_by_hand();
    found->ping = probe_ping();
    found->generation = probe_generation();
    found->fork_child = probe_fork_child();
    found->own = probe_init_pid() == getpid();
    found->done = 1;
}

static int boots(const struct found *found)
{
    return found->code == 1 && found->by_hand == 1 && found->ping == 1 && found->generation > 0 && found->fork_child == 1
        && found->own && found->freed == 0 && strcmp(found->text, "it did not work") == 0;
}

static int refused(const struct found *found)
{
    return found->state == 0 && found->code == FORKED && found->by_hand == FORKED && found->ping == -1
        && found->generation == -1 && found->freed == 0 && found->last_error_is_same
        && strncmp(found->text, "probe: ", 7) == 0;
}

static void say(const char *name, const struct found *found)
{
    printf("%s = done %d, state %d, code %d (%s), by hand %d, ping %d, generation %d, fork_child %d, own %d, "
           "freed %d, last_error %d\n",
           name, found->done, found->state, found->code, found->text, found->by_hand, found->ping,
           found->generation, found->fork_child, found->own, found->freed,
           found->last_error_is_same);
}

/* Counts the results of many children. */
struct tally {
    int booted, refused, hung, odd;
};

static void count(struct tally *tally, int status, const struct found *found)
{
    if (status == HUNG)
        tally->hung++;
    else if (status == 0 && found->done && boots(found))
        tally->booted++;
    else if (status == 0 && found->done && refused(found))
        tally->refused++;
    else {
        tally->odd++;
        printf("status = %x\n", (unsigned)status);
        say("odd", found);
    }
}

static void say_tally(const struct tally *tally)
{
    printf("children = %d booted, %d refused, %d hung, %d odd\n", tally->booted, tally->refused,
           tally->hung, tally->odd);
}

#endif

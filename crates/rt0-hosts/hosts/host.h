/* Shared by the hosts: the clock, and information from /proc about this process. */
#ifndef HOST_H
#define HOST_H

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Ends the host with a message: the test sees exit code 3 and the text. */
static inline void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fflush(stdout);
    fprintf(stderr, "host: ");
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n");
    va_end(args);
    _exit(3);
}

/* Nanoseconds of the monotonic clock. */
static inline uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* A line of the status file of a thread, or of the process (`self`), without its key. False if it has ended.
 * */
static inline int status_of(const char *thread, const char *key, char *value, size_t room)
{
    char path[300], line[512];
    if (strcmp(thread, "self") == 0)
        snprintf(path, sizeof path, "/proc/self/status");
    else
        snprintf(path, sizeof path, "/proc/self/task/%s/status", thread);
    FILE *file = fopen(path, "re");
    int found = 0;
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        size_t len = strlen(key);
        if (strncmp(line, key, len) == 0 && line[len] == ':') {
            line[strcspn(line, "\n")] = 0;
            snprintf(value, room, "%s", line + len + 2);
            found = 1;
        }
    }
    if (file != NULL)
        fclose(file);
    return found;
}

/* This thread's number, as /proc writes it. It is not read from /proc, where an emulator shows its own. */
static inline void show_mask(const char *who, const char *name)
{
    sigset_t set;
    uint64_t mask = 0;
    if (pthread_sigmask(SIG_BLOCK, NULL, &set) != 0)
        die("no mask");
    for (int number = 1; number <= 64; number++)
        mask |= (uint64_t)(sigismember(&set, number) == 1) << (number - 1);
    printf("%s%s = %016llx\n", who, name, (unsigned long long)mask);
}

/* A mask of every signal that can be blocked. */
static inline void show_full_mask(const char *who)
{
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    show_mask(who, "fullmask");
    pthread_sigmask(SIG_SETMASK, &former, NULL);
}

/* How many of this process's threads are such ones. `is` is told a thread's number, as /proc writes it, and its name. */
static inline int count_threads(int (*is)(const char *id, const char *name, void *data), void *data)
{
    DIR *dir = opendir("/proc/self/task");
    struct dirent *entry;
    int count = 0;
    if (dir == NULL)
        die("no /proc");
    while ((entry = readdir(dir)) != NULL) {
        char name[512];
        if (entry->d_name[0] != '.' && status_of(entry->d_name, "Name", name, sizeof name))
            count += is(entry->d_name, name, data);
    }
    closedir(dir);
    return count;
}

static inline int show_thread(const char *id, const char *name, void *who)
{
    char mask[512];
    if (!status_of(id, "SigBlk", mask, sizeof mask))
        return 0;
    printf("%sthread = %s %s\n", (const char *)who, atoi(id) == getpid() ? "main" : name, mask);
    return 1;
}

/* `thread = NAME SigBlk`, `main` for the first thread. */
static inline void show_threads(const char *who)
{
    printf("%sthreads = %d\n", who, count_threads(show_thread, (void *)who));
}

struct names {
    const char *prefix;
    int one;
};

static inline int has_name(const char *id, const char *name, void *data)
{
    struct names *names = (struct names *)data;
    size_t len = strlen(names->prefix);
    if (strncmp(name, names->prefix, len) != 0
        || (name[len] != 0 && (name[len] < '0' || name[len] > '9')))
        return 0;
    names->one = atoi(id);
    return 1;
}

/* How many threads have this name, or this name and a number; and one of them. */
static inline int find_names(const char *prefix, int *one)
{
    struct names names = {prefix, *one};
    int count = count_threads(has_name, &names);
    *one = names.one;
    return count;
}

static inline int count_names(const char *prefix)
{
    int one = 0;
    return find_names(prefix, &one);
}

/* Waits for threads of this name: a thread names itself some time after it was made. */
static inline void await_names(int count, const char *prefix)
{
    uint64_t start = now();
    while (count_names(prefix) < count) {
        if (now() - start > 20000000000ull)
            die("%d threads are named %s, not %d", count_names(prefix), prefix, count);
        usleep(500);
    }
}

/* The id of the thread of this name. */
static inline int await_thread(const char *name)
{
    int id = 0;
    await_names(1, name);
    if (find_names(name, &id) != 1)
        die("more threads than one are named %s", name);
    return id;
}

/* Waits until no other thread exists: the kernel forgets a thread a little after it was joined. A sanitizer
 * has a thread of its own. */
static inline void await_others_end(const char *who)
{
    uint64_t start = now();
    const char *watchers = getenv("WATCHER_THREADS");
    int most = 1 + (watchers ? atoi(watchers) : 0);
    char count[512];
    while (status_of("self", "Threads", count, sizeof count) && atoi(count) > most) {
        if (now() - start > 20000000000ull)
            die("there are still %s threads", count);
        usleep(500);
    }
    printf("%salone = 1\n", who);
}

static inline void show_files(const char *who)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    if (dir == NULL)
        die("no /proc");
    while ((entry = readdir(dir)) != NULL) {
        char target[256];
        int number = atoi(entry->d_name);
        ssize_t len = readlinkat(dirfd(dir), entry->d_name, target, sizeof target - 1);
        if (number <= 2 || number == dirfd(dir) || len < 0)
            continue;
        target[len] = 0;
        printf("%sfile = %s %s\n", who, fcntl(number, F_GETFD) & FD_CLOEXEC ? "closes" : "stays", target);
    }
    closedir(dir);
}

static inline void block_signal(int number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

#endif

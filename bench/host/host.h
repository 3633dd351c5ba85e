/* What the measurements share. Each file beside this one measures one thing, in a process of its own. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>

/* Any function. It is cast to its real type before it is called. */
typedef void Function(void);
typedef int32_t Add(int32_t, int32_t);
typedef uint64_t Number(void);

/* The monotonic clock, in nanoseconds. */
uint64_t now(void);
/* The page faults of this process that needed no disk. */
uint64_t faults(void);
/* Says what failed, with the loader's reason if there is one, and ends the process. */
_Noreturn void fail(const char *what);
void *open_library(const char *path);
Function *symbol(void *library, const char *name);
/* Loads the library and calls its `add`. Returns the library. */
void *load_and_call(const char *path, const char *add);
/* Long enough for threads that have been started to come to rest. */
void settle(void);
/* A number from the kernel's status of this process, such as `VmRSS:` in KB. */
uint64_t read_status(const char *key);
/* Prints one number. */
void print(uint64_t number);

int load(int argc, char **argv);
int call(int argc, char **argv);
int child(int argc, char **argv);
int forks(int argc, char **argv);
int ends(int argc, char **argv);
int shutdowns(int argc, char **argv);
int copies(int argc, char **argv);
int ops(int argc, char **argv);
int open_ops(int argc, char **argv);
int regions(int argc, char **argv);

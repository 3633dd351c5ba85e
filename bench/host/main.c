/* Loads libraries and measures one thing. The Rust side starts one process for each sample.
 *
 *   host PROCESSORS MODE ...
 *
 * PROCESSORS are the ones to stay on, such as `1` or `0,1`. The file with a mode's name says what comes after
 * it. Every mode prints numbers, one per line: times in nanoseconds. */
#include "host.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

static void stay_on(const char *processors) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const char *at = processors; *at;) {
        char *end;
        CPU_SET((size_t)strtoul(at, &end, 10), &set);
        at = *end == ',' ? end + 1 : end;
    }
    if (sched_setaffinity(0, sizeof set, &set) != 0) fail("sched_setaffinity");
}

typedef struct {
    const char *name;
    int (*run)(int argc, char **argv);
    int least;
} Mode;

static const Mode MODES[] = {
    {"load", load, 0}, {"call", call, 5},          {"child", child, 3}, {"fork", forks, 2},
    {"exit", ends, 4}, {"shutdown", shutdowns, 3}, {"copies", copies, 2},
    {"regions", regions, 1}, {"ops", ops, 5},      {"open", open_ops, 3},
};

int main(int argc, char **argv) {
    for (size_t i = 0; argc > 2 && i < sizeof MODES / sizeof MODES[0]; i++) {
        if (strcmp(argv[2], MODES[i].name) != 0 || argc - 3 < MODES[i].least) continue;
        stay_on(argv[1]);
        return MODES[i].run(argc - 3, argv + 3);
    }
    fail("usage: host PROCESSORS load|call|child|fork|exit|shutdown|copies|regions|ops|open ...");
}

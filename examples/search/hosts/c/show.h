/* What both C hosts do once they have the library's calls: show three searches, and the times.
 *
 * One host gets the calls from the linker, the other from dlopen. Both pass them in a `struct calls`.
 * Every function here that can fail returns 0, or 1 after it has printed what went wrong. */
#ifndef SHOW_H
#define SHOW_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "search.h"

enum { BEST = 5, SHUTDOWN_MS = 10000 };

/* The calls used here, named as in search.h but without the prefix. */
struct calls {
    int32_t (*search)(const char *query, size_t query_len, uint32_t limit, search_Results **out,
                      char **err);
    uint64_t (*results_total)(const search_Results *results);
    uint32_t (*results_len)(const search_Results *results);
    int32_t (*results_path)(const search_Results *results, uint32_t index, char **out,
                            size_t *out_len, char **err);
    int32_t (*results_score)(const search_Results *results, uint32_t index, float *out, char **err);
    int32_t (*Results_free)(search_Results *results);
    int32_t (*stats)(search_Stats *out, char **err);
    char *(*report)(void);
    int32_t (*shutdown)(int32_t timeout_ms);
    const char *(*last_error)(void);
    int32_t (*free)(void *ptr);
};

/* CLOCK_MONOTONIC in nanoseconds, which is also the clock of the library's report. */
static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void show_ms(const char *who, const char *what, int64_t ns) {
    printf("%s: %-18s %10.3f ms\n", who, what, (double)ns / 1e6);
}

/* Prints why a call failed, and frees the text. */
static int failed(const struct calls *lib, const char *who, const char *call, int32_t code,
                  char *err) {
    const char *text = err != NULL ? err : lib->last_error();
    fprintf(stderr, "%s: search_%s failed with %" PRId32 ": %s\n", who, call, code, text);
    lib->free(err);
    return 1;
}

/* Frees the results of a search. */
static int free_results(const struct calls *lib, const char *who, search_Results *results) {
    int32_t code = lib->Results_free(results);
    return code == SEARCH_OK ? 0 : failed(lib, who, "Results_free", code, NULL);
}

/* Finds the number after "key": in a report. Elsewhere the same key may come before a text. */
static int number_in(const char *json, const char *key, int64_t *out) {
    char name[64];
    const char *at = json;
    char *end;
    snprintf(name, sizeof name, "\"%s\":", key);
    while ((at = strstr(at, name)) != NULL) {
        at += strlen(name);
        *out = strtoll(at, &end, 10);
        if (end != at) {
            return 0;
        }
    }
    return 1;
}

/* Reads a number from the library's report about its start. Times in the report are in nanoseconds. */
static int report_number(const struct calls *lib, const char *who, const char *key, int64_t *out) {
    int missing;
    char *json = lib->report();
    if (json == NULL) {
        fprintf(stderr, "%s: search_report failed: %s\n", who, lib->last_error());
        return 1;
    }
    missing = number_in(json, key, out);
    if (missing) {
        fprintf(stderr, "%s: the report has no \"%s\": %s\n", who, key, json);
    }
    lib->free(json);
    return missing;
}

/* Shows a moment of the library's start, from its report, as the time since the load. */
static int show_moment(const struct calls *lib, const char *who, const char *what,
                       const char *key) {
    int64_t ns;
    if (report_number(lib, who, key, &ns)) {
        return 1;
    }
    show_ms(who, what, ns);
    return 0;
}

static int show_stats(const struct calls *lib, const char *who) {
    search_Stats stats;
    char *err = NULL;
    int32_t code = lib->stats(&stats, &err);
    if (code != SEARCH_OK) {
        return failed(lib, who, "stats", code, err);
    }
    printf("%s: %" PRIu64 " documents with %.0f kB of text; left out: %" PRIu64 " binary, %" PRIu64
           " too large, %" PRIu64 " unreadable\n",
           who, stats.documents, (double)stats.bytes / 1e3, stats.skipped_binary,
           stats.skipped_too_large, stats.skipped_unreadable);
    return 0;
}

static int show_hit(const struct calls *lib, const char *who, const search_Results *results,
                    uint32_t index) {
    float score;
    char *path = NULL;
    char *err = NULL;
    int32_t code = lib->results_score(results, index, &score, &err);
    if (code != SEARCH_OK) {
        return failed(lib, who, "results_score", code, err);
    }
    code = lib->results_path(results, index, &path, NULL, &err);
    if (code != SEARCH_OK) {
        return failed(lib, who, "results_path", code, err);
    }
    printf("%s:   %6.2f  %s\n", who, (double)score, path);
    lib->free(path);
    return 0;
}

/* Makes one search. The caller must free the results. */
static int ask(const struct calls *lib, const char *who, const char *query,
               search_Results **results) {
    char *err = NULL;
    int32_t code = lib->search(query, strlen(query), BEST, results, &err);
    return code == SEARCH_OK ? 0 : failed(lib, who, "search", code, err);
}

static int show_search(const struct calls *lib, const char *who, const char *query) {
    search_Results *results = NULL;
    uint32_t i;
    int bad = ask(lib, who, query, &results);
    if (bad) {
        return bad;
    }
    printf("%s: %s: %" PRIu64 " hits\n", who, query, lib->results_total(results));
    for (i = 0; !bad && i < lib->results_len(results); i++) {
        bad = show_hit(lib, who, results, i);
    }
    return free_results(lib, who, results) || bad;
}

/* Makes one search and measures its time. */
static int time_search(const struct calls *lib, const char *who, const char *query, int64_t *ns) {
    search_Results *results = NULL;
    int64_t begun = now_ns();
    if (ask(lib, who, query, &results)) {
        return 1;
    }
    *ns = now_ns() - begun;
    return free_results(lib, who, results);
}

/* Makes the first call right after the load, which waits until the library is ready. Then makes the same
 * call again, which has nothing to wait for. */
static int show_times(const struct calls *lib, const char *who, const char *query) {
    int64_t first, again;
    if (time_search(lib, who, query, &first) || time_search(lib, who, query, &again) ||
        show_moment(lib, who, "runtime up after", "runtime") ||
        show_moment(lib, who, "index ready after", "ready")) {
        return 1;
    }
    show_ms(who, "first call waited", first);
    show_ms(who, "same call again", again);
    return 0;
}

/* Does everything after the load. If the user gives no queries, it uses three standard ones. */
static int show(const struct calls *lib, const char *who, int count, char *const *queries) {
    static char first[] = "runtime", second[] = "error AND thread", third[] = "\"the library\"";
    static char *const standard[] = {first, second, third};
    int i;
    int32_t code;
    if (count == 0) {
        count = 3;
        queries = standard;
    }
    if (show_times(lib, who, queries[0]) || show_stats(lib, who)) {
        return 1;
    }
    for (i = 0; i < count; i++) {
        if (show_search(lib, who, queries[i])) {
            return 1;
        }
    }
    /* A host may leave this out: the library stops on its own when the process ends. */
    code = lib->shutdown(SHUTDOWN_MS);
    return code == SEARCH_OK ? 0 : failed(lib, who, "shutdown", code, NULL);
}

#endif

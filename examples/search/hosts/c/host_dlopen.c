/* Loads the search library at run time, and calls it at once.
 *
 *     SEARCH_DIR=some/directory host_dlopen path/to/libsearch.so [QUERY...]
 */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>

#include "show.h"

/* Looks up one call. `slot` points to a function pointer. */
static int find(void *library, const char *name, void *slot) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL) {
        fprintf(stderr, "dlopen: %s\n", dlerror());
        return 1;
    }
    /* C has no cast from an object pointer to a function pointer; POSIX says that both look the same. */
    memcpy(slot, &symbol, sizeof symbol);
    return 0;
}

static int find_all(void *library, struct calls *lib) {
    return find(library, "search_search", &lib->search) ||
           find(library, "search_results_total", &lib->results_total) ||
           find(library, "search_results_len", &lib->results_len) ||
           find(library, "search_results_path", &lib->results_path) ||
           find(library, "search_results_score", &lib->results_score) ||
           find(library, "search_Results_free", &lib->Results_free) ||
           find(library, "search_stats", &lib->stats) ||
           find(library, "search_report", &lib->report) ||
           find(library, "search_shutdown", &lib->shutdown) ||
           find(library, "search_last_error", &lib->last_error) ||
           find(library, "search_free", &lib->free);
}

int main(int argc, char **argv) {
    struct calls lib;
    void *library;
    int64_t begun, loaded;
    int bad;
    if (argc < 2) {
        fprintf(stderr, "usage: %s path/to/libsearch.so [QUERY...]\n", argv[0]);
        return 1;
    }

    begun = now_ns();
    library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    loaded = now_ns();
    if (library == NULL) {
        fprintf(stderr, "dlopen: %s\n", dlerror());
        return 1;
    }
    show_ms("dlopen", "loaded in", loaded - begun);

    bad = find_all(library, &lib) || show(&lib, "dlopen", argc - 2, argv + 2);
    if (dlclose(library) != 0) {
        fprintf(stderr, "dlopen: %s\n", dlerror());
        bad = 1;
    }
    return bad;
}

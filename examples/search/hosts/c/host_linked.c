/* A host that is linked with the search library, which starts before main does.
 *
 *     SEARCH_DIR=some/directory host_linked [QUERY...]
 */
#define _POSIX_C_SOURCE 200809L

#include "show.h"

static const struct calls lib = {
    .search = search_search,
    .results_total = search_results_total,
    .results_len = search_results_len,
    .results_path = search_results_path,
    .results_score = search_results_score,
    .Results_free = search_Results_free,
    .stats = search_stats,
    .report = search_report,
    .shutdown = search_shutdown,
    .last_error = search_last_error,
    .free = search_free,
};

int main(int argc, char **argv) {
    int64_t begun = now_ns();
    int64_t loaded;
    if (report_number(&lib, "linked", "constructor_monotonic_ns", &loaded)) {
        return 1;
    }
    show_ms("linked", "main began after", begun - loaded);
    return show(&lib, "linked", argc - 1, argv + 1);
}

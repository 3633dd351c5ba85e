// Searches a directory through the library's own C++ package, which `cargo rt0 bindings` has written.
//
//     SEARCH_DIR=some/directory host [QUERY...]
//
// Every line of the output begins with "c++:".

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include <search.hpp>

using std::chrono::duration;

static const unsigned BEST = 5;

template <class Work> static double ms(Work work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    return duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
}

static void show(const std::string &query) {
    try {
        const auto results = search::search(query, BEST);
        std::printf("c++: %s: %llu hits\n", query.c_str(), static_cast<unsigned long long>(results.total()));
        for (unsigned at = 0; at < results.len(); ++at)
            std::printf("c++:   %6.2f  %s\n", static_cast<double>(results.score(at)), results.path(at).c_str());
    } catch (const search::errors::query &why) {
        std::printf("c++: %s: %s\n", query.c_str(), why.what());
    }
}

/// An async export, with a time: it gives the lines that it has found until then.
static void show_lines(const std::string &query) {
    const std::string word = query.substr(0, query.find(' '));
    auto operation = search::lines_async(query, word, 2, std::chrono::seconds(10));
    // Here the program does something else.
    const auto found = operation.get();
    const auto progress = found.progress();
    std::printf("c++: %u lines with '%s', in %u of %u files read\n", progress.lines, word.c_str(), progress.files_read,
                progress.files);
    for (unsigned at = 0; at < progress.lines; ++at)
        std::printf("c++:   %s\n", found.text(at).c_str());
}

int main(int argc, char **argv) {
    std::vector<std::string> queries(argv + 1, argv + argc);
    if (queries.empty())
        queries = {"runtime", "error AND thread", "\"the library\""};
    try {
        // The first call waits until the library is ready. The second has nothing to wait for.
        std::printf("c++: %-18s %10.3f ms\n", "first call waited", ms([&] { search::search(queries[0], BEST); }));
        std::printf("c++: %-18s %10.3f ms\n", "same call again", ms([&] { search::search(queries[0], BEST); }));
        const auto stats = search::stats();
        std::printf("c++: %llu documents with %.0f kB of text\n", static_cast<unsigned long long>(stats.documents),
                    static_cast<double>(stats.bytes) / 1e3);
        for (const auto &query : queries)
            show(query);
        show_lines(queries[0]);
    } catch (const std::exception &why) {
        std::fprintf(stderr, "c++: %s\n", why.what());
        return 1;
    }
    return 0;
}

// A host that hears of the library's events, through the generated bindings.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <herald.hpp>

static void must(bool right, const char *what) {
    if (!right) {
        std::fprintf(stderr, "wrong: %s\n", what);
        std::_Exit(1);
    }
}

/// A function that asks for another would wait for itself, also while another thread waits for it.
static void asks_inside() {
    std::promise<void> inside;
    bool first = true, refused = false;
    herald::events(1, [&](const herald::event &) {
        if (std::exchange(first, false))
            inside.set_value();
        // If this thread had to wait for the other, it would do so now.
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        try {
            herald::events(0);
        } catch (const herald::errors::would_deadlock &) {
            refused = true;
        }
    });
    herald::every_level();
    inside.get_future().wait();
    herald::events(0);
    must(refused, "it was not refused");
}

int main() {
    std::vector<std::string> heard;
    herald::events(3, [&](const herald::event &event) {
        heard.push_back(std::to_string(event.level) + " " + std::string(event.target) + " " + std::string(event.text) +
                        " " + std::string(event.spans));
    });
    herald::every_level();
    // When this returns, the former function has been told everything.
    herald::events(0);
    herald::every_level();
    must(std::count(heard.begin(), heard.end(), "2 elsewhere a warning outer:inner") == 1, "a warning");
    must(std::none_of(heard.begin(), heard.end(), [](const auto &one) { return one[0] > '3'; }), "another level");
    for (int round = 0; round < 3; ++round)
        asks_inside();
    std::puts("right");
}

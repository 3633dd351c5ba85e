// The generated bindings for C++ without exceptions: calls give results.

#include <cstdio>
#include <cstdlib>
#include <future>

#include <conform.hpp>

static void must(bool right, const char *what) {
    if (!right) {
        std::fprintf(stderr, "wrong: %s\n", what);
        std::_Exit(1);
    }
}

int main() {
    must(conform::add(1, 2).value() == 3, "a number");
    must(conform::text_same("a").value() == "a/1", "a text");
    const auto failed = conform::fail(2);
    must(!failed && failed.error().code() == conform::codes::not_there, "a code");
    must(failed.error().text() == "there is no größe", "a text of an error");
    must(conform::u32_plain(5) == 5, "a call that can't fail");
    must(conform::each(4, [](std::uint32_t one) { return one * 2; }).value() == 12, "a callback");
    auto counter = conform::counter_open(1);
    must(counter && counter->add(2).value() == 3, "a handle");
    must(std::move(*counter).finish().value() == 3, "a handle that a call closes");
    must(!conform::numbers_find(false).value().has_value(), "none");
    must(conform::text_later_async("a", "b").get().value() == "a[b]", "a future");
    must(conform::given_up_async().get().error().code() == conform::codes::timed_out, "a future that fails");
    std::promise<std::uint32_t> promise;
    const auto then = [&](conform::result<std::uint32_t> given) { promise.set_value(*given); };
    const auto begun = conform::u32_later_async(3, then);
    must(begun && promise.get_future().get() == 3, "a call that is told");
    must(conform::shutdown().has_value(), "the end");
    std::puts("right");
    return 0;
}

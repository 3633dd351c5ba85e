// Holds the generated bindings for C++ against cases.json, which tests/bindings/cpp_cases.rs has turned into cases.hpp.
//
// conform_host cases | threads | leak COUNT | async COUNT | handles | callbacks | times | shutdown |
// held_up | begins_late | finds_room | meanwhile COUNT | fork | exit | exit_inside | exit_again | exit_meanwhile | other

#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <typeindex>
#include <utility>
#include <vector>

#include <conform.hpp>

#if !defined(CONFORM_NO_EXCEPTIONS)
#define THROWS 1
#else
#define THROWS 0
#endif

[[noreturn]] static void wrong(const std::string &what) {
    std::fprintf(stderr, "wrong: %s\n", what.c_str());
    std::_Exit(1);
}

static void must(bool right, const std::string &what) {
    if (!right)
        wrong(what);
}

// Values as texts, to compare them.

template <class T> std::enable_if_t<std::is_arithmetic_v<T>, std::string> shown(T value) {
    if constexpr (std::is_floating_point_v<T>) {
        char text[64];
        std::snprintf(text, sizeof text, "%a", static_cast<double>(value));
        return std::isnan(value) ? "nan" : text;
    } else {
        return std::to_string(value);
    }
}
template <class T> std::enable_if_t<std::is_enum_v<T>, std::string> shown(T value) {
    return "enum " + std::to_string(static_cast<std::underlying_type_t<T>>(value));
}
template <class T> std::string shown(T *at) {
    return "at " + std::to_string(reinterpret_cast<std::uintptr_t>(at));
}
[[maybe_unused]] static std::string shown(std::nullptr_t) { return "at 0"; }
[[maybe_unused]] static std::string shown(const std::string &text) { return "\"" + text + "\""; }
[[maybe_unused]] static std::string shown(std::string_view text) { return shown(std::string(text)); }
[[maybe_unused]] static std::string shown(const conform::Inner &of) { return shown(of.number) + " " + shown(of.mode); }
[[maybe_unused]] static std::string shown(const conform::Point &of) {
    return shown(of.flag) + " " + shown(of.i8) + " " + shown(of.i16) + " " + shown(of.i32) + " " + shown(of.i64) + " " +
        shown(of.isize) + " " + shown(of.u8) + " " + shown(of.u16) + " " + shown(of.u32) + " " + shown(of.u64) + " " +
        shown(of.usize) + " " + shown(of.f32) + " " + shown(of.f64) + " " + shown(of.letter) + " " + shown(of.mode) +
        " " + shown(of.inner);
}
[[maybe_unused]] static std::string shown(const conform::Addresses &of) {
    return shown(of.from) + " " + shown(of.to) + " " + shown(reinterpret_cast<const void *>(of.call)) + " " +
        shown(of.class_);
}
template <class T> std::string shown_all(const T &values) {
    std::string all = "[";
    for (const auto &value : values)
        all += shown(value) + " ";
    return all + "]";
}
template <class T> std::string shown(const conform::buffer<T> &values) { return shown_all(values); }
template <class T, std::size_t N> std::string shown(const std::array<T, N> &values) { return shown_all(values); }
template <class T> std::string shown(const std::optional<T> &value) { return value ? shown(*value) : "none"; }

template <class T, class U> void same(const T &given, const U &wanted, const char *step) {
    if (shown(given) != shown(wanted))
        wrong(std::string(step) + ": " + shown(given) + " is not " + shown(wanted));
}

// What callbacks do.

template <class T> auto number(const T &value) {
    if constexpr (std::is_enum_v<T>)
        return static_cast<std::underlying_type_t<T>>(value);
    else if constexpr (std::is_same_v<T, conform::Inner>)
        return value.number;
    else
        return value;
}

/// What the callback `fail` throws.
struct failed {};

using notes = std::vector<std::string>;

template <class... A> void note(notes &into, const A &...args) {
    std::string line;
    ((line += shown(args) + ","), ...);
    into.push_back(line);
}

// What a call does.

/// Of an exception that a callback has thrown.
constexpr std::int32_t OF_CALLBACK = 1234567;

/// The class of the last exception of this thread.
static thread_local std::type_index last_class = typeid(void);

template <class T> struct plain {
    using type = T;
};
template <class T> struct plain<conform::result<T>> {
    using type = T;
};

template <class F> auto ask(F call) -> conform::result<typename plain<decltype(call())>::type> {
    using T = typename plain<decltype(call())>::type;
    last_class = typeid(void);
#if THROWS
    try {
        if constexpr (std::is_void_v<T>) {
            call();
            return {};
        } else {
            return call();
        }
    } catch (const failed &) {
        return conform::error(OF_CALLBACK, "");
    } catch (const conform::error &why) {
        must(why.text() == why.what(), "a text is not what()");
        last_class = typeid(why);
        return why;
    }
#else
    if constexpr (std::is_void_v<T> && std::is_same_v<decltype(call()), void>) {
        call();
        return {};
    } else {
        return call();
    }
#endif
}

/// The same for a call that is told when it is done.
template <class T, class F> conform::result<T> ask_then(F call) {
    std::promise<conform::result<T>> promise;
    auto future = promise.get_future();
    const auto begun =
        ask([&] { return call([&promise](conform::result<T> given) { promise.set_value(std::move(given)); }); });
    if (!begun)
        return begun.error();
    last_class = typeid(void);
    auto given = future.get();
#if THROWS
    if (!given) {
        // Its class comes out with its value.
        ask([&] {
            if constexpr (std::is_void_v<T>)
                given.value();
            else
                static_cast<void>(given.value());
        }).has_value();
    }
#endif
    return given;
}

template <class T> const conform::error &failure(const conform::result<T> &given, const char *step) {
    if (given)
        wrong(std::string(step) + ": it has not failed");
    return given.error();
}

template <class T> void succeeded(const conform::result<T> &given, const char *step) {
    if (!given)
        wrong(std::string(step) + ": " + std::to_string(given.error().code()) + " " + given.error().what());
}

template <class T> void fails(const conform::result<T> &given, std::int32_t code, const char *text, const char *has,
                              const char *step) {
    const auto &why = failure(given, step);
    must(why.code() == code, std::string(step) + ": " + std::to_string(why.code()) + " " + why.what());
    must(text == nullptr || why.text() == text, std::string(step) + ": " + why.what());
    must(has == nullptr || why.text().find(has) != std::string::npos, std::string(step) + ": " + why.what());
}

template <class Class> void is_class(const char *step) {
#if THROWS
    must(last_class == typeid(Class), std::string(step) + ": " + last_class.name());
#else
    static_cast<void>(step);
#endif
}

/// How an async export is called.
enum class form { waits, future, then };

#if !defined(WITHOUT_CASES)
#include "cases.hpp"
#else
static void all_cases(form) {}
static const int CASES = 0;
#endif

static std::size_t in_use() { return mallinfo2().uordblks; }

static void leak(unsigned long count) {
    // One after the other, so that nothing of a thread's is on its way.
    const auto some = [](unsigned long calls) {
        for (unsigned long call = 0; call < calls; call += 10) {
            std::array<std::uint32_t, 3> numbers{1, 2, 3};
            must(conform::u32_last(numbers).value_or(0) == 3, "last");
            must(conform::text_same("größe") == "größe/7", "text");
            must(conform::text_find(true)->size() == 8, "maybe text");
            must(conform::u64_many(5, 1000).size() == 1000, "many");
            must(conform::each(4, [](std::uint32_t one) { return one * 2; }) == 12, "each");
            auto counter = conform::counter_open(1);
            must(counter.add(2) == 3, "add");
            must(conform::counter_find(1).has_value(), "find");
            must(std::move(counter).finish() == 3, "finish");
            must(!ask([] { return conform::fail(2); }), "fail");
        }
    };
    some(2000);
    const std::size_t before = in_use();
    some(count);
    const std::size_t after = in_use();
    must(after < before + 16384, std::to_string(before) + " bytes have become " + std::to_string(after));
    must(conform::live() == 0, "handles are open");
}

static std::atomic<unsigned> then_done{0};

/// What a cancelled call may give.
template <class T> bool is_cancelled(const conform::result<T> &given) {
    return !given && given.error().code() == conform::codes::cancelled;
}

static void async(unsigned count) {
    std::vector<conform::operation<std::string>> texts;
    std::vector<conform::operation<std::uint32_t>> told, never;
    std::atomic<unsigned> wrong_ones{0};
    for (unsigned one = 0; one < count; ++one) {
        if (one % 3 != 0) {
            if (one % 2 == 0) {
                texts.push_back(conform::text_later_async(std::to_string(one), "x"));
            } else {
                auto then = [&wrong_ones, one](conform::result<std::uint32_t> given) {
                    wrong_ones += !given || *given != one;
                    ++then_done;
                };
                conform::u32_later_async(one, then);
            }
        } else {
            // Cancelled at once or later; a third of them cancels from another call's end.
            auto &into = one % 2 == 0 ? told : never;
            into.push_back(one % 2 == 0 ? conform::told_async(one) : conform::never_async());
            const auto stop = into.back().stop();
            switch (one % 9) {
            case 0:
                stop.cancel();
                break;
            case 3:
                conform::text_later_async("", std::nullopt, [stop](const auto &) { stop.cancel(); ++then_done; });
                break;
            default:
                std::thread([stop] { stop.cancel(); }).join();
            }
        }
    }
    unsigned at = 0;
    for (unsigned one = 0; one < count; ++one)
        if (one % 3 != 0 && one % 2 == 0)
            must(texts[at++].get() == std::to_string(one) + "[x]", "a text");
    for (auto &one : never)
        must(is_cancelled(ask([&] { return one.get(); })), "it is never done");
    at = 0;
    for (unsigned one = 0; one < count; one += 6, ++at) {
        const auto given = ask([&] { return told[at].get(); });
        must(is_cancelled(given) || (given && *given == one), "it was told");
    }
    unsigned thens = 0;
    for (unsigned one = 0; one < count; ++one)
        thens += one % 3 != 0 ? one % 2 : one % 9 == 3;
    while (then_done < thens)
        std::this_thread::yield();
    must(wrong_ones == 0, "a number");
}

/// More calls than the queue takes begin on its own thread.
static void begins_inside(unsigned count) {
    std::promise<void> all;
    std::atomic<unsigned> left{count};
    conform::u32_later_async(0, [&](const auto &) {
        for (unsigned one = 0; one < count; ++one)
            conform::u32_later_async(one, [&](conform::result<std::uint32_t> given) {
                must(given.has_value(), "inside");
                if (--left == 0)
                    all.set_value();
            });
    });
    all.get_future().wait();
}

/// A text that UTF-8 does not have is an error that names the argument: half of a pair of UTF-16, and other bytes.
static void texts() {
    for (const char *text : {"\xed\xa0\x80", "ab\xff", "\xe2\x82"}) {
        fails(ask([&] { return conform::text_same(text); }), conform::codes::invalid_utf8, nullptr,
              "text is not valid UTF-8 from byte", text);
        fails(ask([&] { return conform::text_later("", text); }), conform::codes::invalid_utf8, nullptr,
              "other is not valid UTF-8", text);
    }
}

static void handles() {
    conform::Counter empty;
    must(!empty, "it holds something");
    fails(ask([&] { return empty.value(); }), conform::codes::invalid_handle, nullptr, "handle", "empty");
    fails(ask([&] { return conform::value_maybe(&empty); }), conform::codes::invalid_handle, nullptr, "handle",
          "empty");
    conform::Counter one = conform::counter_open(1), other = std::move(one);
    must(!one && other, "it has not moved");
    one = std::move(other);
    must(one.value() == 1 && conform::live() == 1, "it has not moved back");
    conform::Counter raw(one.release());
    must(!one && raw.value() == 1, "it was not given away");
    // Closed while a call uses it: that waits for the call.
    raw.hold([&](std::uint64_t given) {
        const conform::Counter gone = std::move(raw);
        return given;
    });
    must(conform::live() == 1, "it is closed though it was in use");
    conform::ticket_open().reset();
    must(conform::live() == 0, "it was forgotten");
    // An op holds it, and goes on without it.
    auto sum = conform::operation<std::uint64_t>(conform::counter_open(5).add_later_async(2));
    must(sum.get() == 7, "later");
    // A call that fails closes nothing that it would have taken, but what was given to it goes.
    {
        auto into = conform::counter_open(1);
        fails(ask([&] { return into.move(conform::Counter()); }), conform::codes::invalid_handle, nullptr, "from",
              "move");
        must(into.value() == 1, "it is gone");
    }
    conform::ticket_open().reset();
    must(conform::live() == 0, "one is open");
    // What is closed later calls back, and the function closes another.
    static int tried = 0;
    static char there;
    conform::detail::close(&there, [](void *) -> std::int32_t {
        switch (tried++) {
        case 0:
        case 1:
            return conform::codes::handle_busy;
        case 2:
            conform::ticket_open().reset();
            return 0;
        default:
            return conform::codes::invalid_handle;
        }
    });
    must(tried == 2, "it was not left behind");
    conform::ticket_open().reset();
    must(tried > 2, "it was not closed later");
    const int before = tried;
    conform::ticket_open().reset();
    must(tried == before, "it was closed again");
    // The call that used it ends before it is left behind, and nothing comes after that.
    static char late;
    static bool is_used = true;
    conform::detail::close(&late, [](void *) -> std::int32_t {
        return std::exchange(is_used, false) ? conform::codes::handle_busy : 0;
    });
    must(!is_used && conform::detail::count_left_behind() == 0, "it stays open");
}

static std::int32_t passed(conform::detail::limit time) { return time.milliseconds(); }

static void times() {
    using namespace std::chrono;
    must(passed(conform::forever) == -1 && passed(milliseconds(-1)) == -1, "for ever");
    must(passed(milliseconds(-2)) == 0 && passed(seconds(-1)) == 0 && passed(microseconds(-1)) == 0, "below 0");
    must(passed(hours::max()) == INT32_MAX && passed(nanoseconds::max()) == INT32_MAX, "too long");
    must(passed(hours::min()) == 0 && passed(nanoseconds::min()) == 0, "too far below 0");
    must(passed(microseconds(0)) == 0 && passed(nanoseconds(1)) == 1, "rounded");
    must(passed(microseconds(1001)) == 2, "not rounded up");
    must(passed(seconds(3)) == 3000 && passed(duration<double>(0.5)) == 500, "another unit");
    succeeded(ask([] { return conform::wait(hours::max()); }), "wait");
    fails(ask([] { return conform::never_async(milliseconds(-5)).get(); }), conform::codes::timed_out, nullptr, nullptr,
          "a time that is over");
}

static std::int32_t doubled(std::int32_t value) { return value * 2; }

static void callbacks() {
    std::function<std::uint64_t(std::uint32_t)> function = [](std::uint32_t one) { return one + 1; };
    must(conform::each(2, function) == 3, "std::function");
    function = nullptr;
    fails(ask([&] { return conform::each(2, function); }), conform::codes::invalid_argument, nullptr, nullptr, "empty");
    must(conform::each_maybe(nullptr) == -1, "none");
    must(conform::bare(doubled, 4) == 8 && conform::bare(&doubled, 4) == 8, "a function");
    // Inside each other, on one thread.
    const auto more = [](std::int32_t two) { return two + 1; };
    const auto inner = [&](std::int32_t one) { return conform::bare(more, one) * 2; };
    must(conform::bare(inner, 4) == 10, "inside");
    auto moves = std::make_unique<std::uint32_t>(5);
    must(conform::on_worker(1, [moves = std::move(moves)](std::uint32_t one) { return one + *moves; }) == 6, "moves");
    auto kept = conform::keep([](std::uint32_t one) { return one * 3; });
    must(conform::each(3, kept) == 9 && conform::on_worker(3, kept) == 9, "kept");
#if THROWS
    // The call's error, and the call has ended before.
    unsigned times = 0;
    try {
        conform::each(10, [&](std::uint32_t) -> std::uint64_t {
            ++times;
            throw std::out_of_range("mine");
        });
        wrong("nothing was thrown");
    } catch (const std::out_of_range &mine) {
        must(mine.what() == std::string("mine") && times == 1, "it was called again");
    }
    static std::promise<std::string> heard;
    conform::set_uncaught([](std::exception_ptr thrown) {
        try {
            std::rethrow_exception(std::move(thrown));
        } catch (const std::exception &why) {
            heard.set_value(why.what());
        }
    });
    conform::u32_later_async(1, [](const auto &) { throw std::runtime_error("late"); });
    must(heard.get_future().get() == "late", "it was lost");
#endif
    std::array<std::byte, 2> bytes{std::byte{1}, std::byte{255}};
    must(conform::u8_last(bytes) == 255 && conform::u8_last(std::string_view("ab")) == 'b', "bytes");
    const std::uint8_t array[] = {1, 2};
    must(conform::u8_last(array) == 2, "an array");
    const std::vector<std::uint8_t> copy = conform::u8_many(7, 3).vector();
    must(copy == std::vector<std::uint8_t>({7, 7, 7}), "a vector");
}

/// What the package does by itself is nobody else's duty.
static void is_for_the_host(const conform::error &why) {
    must(why.text().find("make another") == std::string::npos, why.what());
}

static std::promise<std::uint32_t> answered;

/// Asks again until it is answered, on the queue's thread.
static void asks_again() {
    const auto asks = [] {
        return conform::u32_later_async(9, [](conform::result<std::uint32_t> given) {
            if (given)
                return answered.set_value(*given);
            is_for_the_host(given.error());
            asks_again();
        });
    };
    for (auto begun = ask(asks); !begun; begun = ask(asks))
        // While the shutdown goes on.
        is_for_the_host(begun.error());
}

/// A function that does not return: a shutdown waits for it as long as it may.
static void shuts_down_in_time() {
    std::promise<void> inside, goes_on;
    conform::u32_later_async(1, [&](const auto &) {
        inside.set_value();
        goes_on.get_future().wait();
    });
    inside.get_future().wait();
    fails(ask([] { return conform::shutdown(std::chrono::seconds(1)); }), conform::codes::timed_out, nullptr, nullptr,
          "in time");
    goes_on.set_value();
    succeeded(ask([] { return conform::shutdown(); }), "without a limit");
}

/// Threads make calls while the library is shut down: each shutdown comes back.
static void shuts_down_meanwhile(unsigned count) {
    static std::atomic<bool> over{false};
    std::vector<std::thread> threads;
    for (int one = 0; one < 6; ++one)
        threads.emplace_back([] {
            while (!over) {
                const auto given = ask([] { return conform::i32_later_async(1).get(); });
                if (!given)
                    is_for_the_host(given.error());
            }
        });
    for (unsigned round = 0; round < count; ++round) {
        const auto given = ask([] { return conform::shutdown(std::chrono::seconds(1)); });
        must(given || given.error().code() == conform::codes::timed_out, "a shutdown");
    }
    over = true;
    for (auto &one : threads)
        one.join();
}

// While a function of the host's holds a shutdown up, a call gets the shutdown's answer, and makes nothing anew.
static void held_up() {
    must(conform::i32_later_async(7).get() == 7, "before");
    std::promise<void> let_go;
    static std::shared_future<void> goes;
    static std::atomic<bool> called{false};
    goes = let_go.get_future().share();
    conform::keep_calling(conform::keep([](std::uint64_t) {
        called = true;
        goes.wait();
    }));
    while (!called)
        std::this_thread::yield();
    std::thread ends([] { conform::shutdown(); });
    while (conform::state() != conform::State::stopping)
        std::this_thread::yield();
    for (int one = 0; one < 20; ++one) {
        const auto given = ask([] { return conform::i32_later_async(7).get(); });
        must(!given && given.error().code() == conform::codes::stopped, "a call began during a shutdown");
        const std::string text(given.error().text());
        must(text.rfind("conform: the library is shutting down", 0) == 0, text);
    }
    let_go.set_value();
    ends.join();
    must(conform::i32_later_async(7).get() == 7, "afterwards");
}

// A shutdown comes between a call's finding the queue and its begin: it has not begun, so it begins on the next queue.
static void begins_late() {
    namespace detail = conform::detail;
    bool first = true;
    auto late = detail::start<detail::gives<std::int32_t>>(
        [&](auto... queue) {
            // It returns when the queue's thread has gone.
            if (std::exchange(first, false))
                conform::shutdown();
            return ::conform_i32_later_begin(7, -1, queue...);
        },
        [](auto... out) { return ::conform_i32_later_end(out...); });
    must(late.get() == 7, "it was ended before it began");
    // The queue closes when the op has begun, and nobody has heard of that yet.
    auto cut = detail::start<detail::gives<std::uint32_t>>(
        [&](auto... queue) {
            const std::int32_t code = ::conform_never_begin(-1, queue...);
            detail::home().now->end();
            detail::wait_for_threads(detail::home(), UINT64_MAX, std::nullopt);
            return code;
        },
        [](auto... out) { return ::conform_never_end(out...); });
    fails(ask([&] { return cut.get(); }), conform::codes::stopped, nullptr, "has ended before", "cut");
    must(conform::i32_later_async(7).get() == 7, "afterwards");
}

/// A call that found the queue full waits for room: also for that of a call which fails, and of which no tag comes.
static void finds_room() {
    namespace detail = conform::detail;
    const auto finds = [] {
        bool first = true;
        return detail::start<detail::gives<std::int32_t>>(
            [&](auto... queue) {
                if (!std::exchange(first, false))
                    return ::conform_i32_later_begin(7, -1, queue...);
                // Another thread's call has the last place, and gives it back before this one waits.
                std::thread([] {
                    fails(ask([] { return conform::Counter().add_later_async(1).get(); }),
                          conform::codes::invalid_handle, nullptr, nullptr, "it has a handle");
                }).join();
                return conform::codes::busy;
            },
            [](auto... out) { return ::conform_i32_later_end(out...); });
    };
    must(finds().get() == 7, "there was room");
    // On the queue's own thread, too.
    std::promise<conform::operation<std::int32_t>> begun;
    conform::u32_later_async(1, [&](const auto &) { begun.set_value(finds()); });
    must(begun.get_future().get().get() == 7, "there was room inside");
}

static void shutdown() {
    auto never = conform::never_async();
    std::promise<std::int32_t> told;
    conform::never_async([&](const auto &given) { told.set_value(given.error().code()); });
    must(conform::state() == conform::State::ready || (conform::wait(), true), "it is not ready");
    conform::shutdown();
    fails(ask([&] { return never.get(); }), conform::codes::stopped, nullptr, nullptr, "stopped");
    must(told.get_future().get() == conform::codes::stopped, "it was not told");
    // It starts again, with another queue.
    must(conform::u32_later_async(3).get() == 3, "it has not started again");
    must(conform::report().find("\"") != std::string::npos, "there is no report");
    conform::shutdown();
    must(conform::text_later_async("a", "b").get() == "a[b]", "the third time");
    // What is told of the end begins another call.
    conform::never_async([](const auto &given) {
        must(given.error().code() == conform::codes::stopped, "it was told of something else");
        asks_again();
    });
    conform::shutdown();
    must(answered.get_future().get() == 9, "it was not answered");
    shuts_down_in_time();
}

static void forks() {
    must(conform::u32_later_async(3).get() == 3, "before");
    const auto before = conform::never_async();
    // As if another thread of this process were in the middle of it.
    static char left;
    conform::detail::close(&left, [](void *) { return conform::codes::handle_busy; });
    auto &behind = conform::detail::of_process<conform::detail::all_left_behind>();
    behind.lock.lock();
    const pid_t child = fork();
    if (child == 0) {
        before.cancel();
        conform::counter_open(1).reset();
        must(conform::detail::count_left_behind() == 0, "its parent's are its own");
        must(conform::u32_later_async(4).get() == 4, "in the child");
        std::exit(7);
    }
    behind.lock.unlock();
    int status = 0;
    must(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7, "the child's end");
    must(!before.wait_for(std::chrono::milliseconds(0)), "the child has ended it");
    must(conform::u32_later_async(5).get() == 5, "after");
}

static std::promise<void> called;

/// The library's threads call back, and calls are under way, while the program ends.
static int exits() {
    static std::atomic<bool> first{true};
    // The library is ready, so it has registered its own end: that of the async calls comes before.
    must(conform::add(1, 2) == 3, "a call");
    conform::never_async([](const auto &given) { must(!given, "never"); });
    conform::keep_calling(conform::keep([](std::uint64_t) {
        if (first.exchange(false))
            called.set_value();
    }));
    called.get_future().wait();
    return 7;
}

/// Older than the queue, so it goes after what waits for a call.
static class older {
  public:
    ~older() { must(!used, "a static goes while it is used"); }
    std::atomic<bool> used{false};
} of_the_program;

/// A static goes at the end, and not while a function that uses it runs on the queue's thread.
static int exits_inside() {
    static std::promise<void> inside;
    static std::atomic<bool> ends{false};
    must(conform::add(1, 2) == 3, "a call");
    conform::u32_later_async(5, [](const auto &given) {
        must(*given == 5, "later");
        of_the_program.used = true;
        inside.set_value();
        // The other thread comes to its end, and has time to go on.
        while (!ends)
            std::this_thread::yield();
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        of_the_program.used = false;
    });
    // Registered after the end of the queue, so it comes before.
    std::atexit([] { ends = true; });
    inside.get_future().wait();
    return 7;
}

/// Whoever is told of the end begins another call.
static void again() {
    ask([] {
        return conform::never_async([](const auto &given) {
            if (!given && given.error().code() == conform::codes::stopped)
                again();
        });
    }).has_value();
}

static int exits_again() {
    again();
    return 7;
}

/// Threads that nobody joins make calls.
static int exits_meanwhile() {
    static std::atomic<unsigned> answers{0};
    for (int one = 0; one < 2; ++one)
        std::thread([] {
            for (;;)
                answers += ask([] { return conform::i32_later_async(1).get(); }).has_value();
        }).detach();
    while (answers < 2)
        std::this_thread::yield();
    return 7;
}

static void other() {
    const auto given = ask([] { return conform::add(1, 2); });
    std::puts(failure(given, "another library").what());
    is_class<conform::errors::wrong_library>("another library");
    must(!ask([] { return conform::u32_later_async(1).get(); }), "later");
    must(!ask([] { return conform::u32_plain(1); }), "plain");
}

int main(int argc, char **argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    const unsigned long count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
    const auto all = [] {
        for (form how : {form::waits, form::future, form::then})
            all_cases(how);
    };
    if (what == "cases") {
        all();
        std::printf("%d cases\n", CASES);
    } else if (what == "threads") {
        std::vector<std::thread> threads;
        for (int one = 0; one < 8; ++one)
            threads.emplace_back(all);
        for (auto &one : threads)
            one.join();
    } else if (what == "leak") {
        leak(count);
    } else if (what == "async") {
        async(static_cast<unsigned>(count));
        begins_inside(static_cast<unsigned>(count));
    } else if (what == "handles") {
        texts();
        handles();
    } else if (what == "callbacks") {
        callbacks();
    } else if (what == "times") {
        times();
    } else if (what == "shutdown") {
        shutdown();
    } else if (what == "held_up") {
        held_up();
    } else if (what == "begins_late") {
        begins_late();
    } else if (what == "finds_room") {
        finds_room();
    } else if (what == "meanwhile") {
        shuts_down_meanwhile(static_cast<unsigned>(count));
    } else if (what == "fork") {
        forks();
    } else if (what == "exit") {
        return exits();
    } else if (what == "exit_inside") {
        return exits_inside();
    } else if (what == "exit_again") {
        return exits_again();
    } else if (what == "exit_meanwhile") {
        return exits_meanwhile();
    } else if (what == "other") {
        other();
    } else {
        wrong("what to do?");
    }
    std::puts("right");
    return 0;
}

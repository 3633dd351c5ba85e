// What a call through the generated bindings costs, against the same call by the C header, written by hand with the
// same check of the error.
//
//     cargo rt0 build --release -p conform --out build
//     cargo rt0 bindings build/libconform.so --lang cpp --bundle --out build
//     c++ -std=c++17 -O2 -pthread -Ibuild/cpp/include bench/bindings/cpp.cpp build/cpp/lib/libconform.so -o build/cost
//     LD_LIBRARY_PATH=build/cpp/lib build/cost
//
// Both are measured in turns, in one process; the figure is the median of the ratios of the rounds.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <conform.hpp>

static const int ROUNDS = 41;
static const int CALLS = 20000;
static const std::string TEXT = "a text of some words";
static std::vector<std::uint8_t> large(1000000, 'x');

// By hand.

struct failed : std::runtime_error {
    failed(std::int32_t code, const char *text) : std::runtime_error(text), code(code) {}
    std::int32_t code;
};

static void check(std::int32_t code, char *err) {
    if (code != 0) {
        const failed why(code, err);
        conform_free(err);
        throw why;
    }
}

static std::int64_t hand_add(std::int32_t one, std::int32_t other) {
    std::int64_t out;
    char *err = nullptr;
    check(conform_add(one, other, &out, &err), err);
    return out;
}

static std::uint64_t hand_u64(std::uint64_t value) {
    std::uint64_t out;
    char *err = nullptr;
    check(conform_u64_same(value, &out, &err), err);
    return out;
}

static double hand_f64(double value) {
    double out;
    char *err = nullptr;
    check(conform_f64_same(value, &out, &err), err);
    return out;
}

static std::int64_t hand_text_in(std::string_view text) {
    std::int64_t out;
    char *err = nullptr;
    check(conform_text_maybe(text.data(), text.size(), &out, &err), err);
    return out;
}

static std::string hand_text(std::string_view text) {
    char *out, *err = nullptr;
    std::size_t len;
    check(conform_text_own(text.data(), text.size(), &out, &len, &err), err);
    std::string made(out, len);
    conform_free(out);
    return made;
}

static std::uint8_t hand_bytes(const std::vector<std::uint8_t> &bytes) {
    std::uint8_t out;
    bool some;
    char *err = nullptr;
    check(conform_u8_last(bytes.data(), bytes.size(), &out, &some, &err), err);
    return some ? out : 0;
}

static std::uint64_t hand_each(std::uint32_t count) {
    std::uint64_t out, sum = 0;
    char *err = nullptr;
    const auto back = [](std::uint32_t number, void *user) -> std::uint64_t {
        return *static_cast<std::uint64_t *>(user) += number;
    };
    check(conform_each(count, back, &sum, &out, &err), err);
    return sum;
}

// A call that waits, and gives what it costs to hear of its end by another thread: its op, a queue and a promise.
static std::uint32_t hand_later(std::uint32_t value) {
    struct waits {
        conform_Op *op;
        std::promise<std::uint32_t> promise;
    };
    static conform_Queue *queue = [] {
        conform_Queue *made;
        char *err = nullptr;
        check(conform_queue_new(1000, &made, &err), err);
        std::thread([made] {
            std::uint64_t tags[64];
            std::size_t count;
            while (conform_queue_take(made, tags, 64, &count, -1) == 0)
                for (std::size_t at = 0; at < count; ++at) {
                    auto *of = reinterpret_cast<waits *>(tags[at]);
                    std::uint32_t out;
                    char *why = nullptr;
                    if (conform_u32_later_end(of->op, &out, &why) == 0)
                        of->promise.set_value(out);
                }
        }).detach();
        return made;
    }();
    waits of;
    char *err = nullptr;
    auto future = of.promise.get_future();
    check(conform_u32_later_begin(value, -1, queue, reinterpret_cast<std::uintptr_t>(&of), &of.op, &err), err);
    return future.get();
}

template <class T> static void used(const T &value) { asm volatile("" : : "g"(&value) : "memory"); }

template <class F> static double timed(F call, int calls) {
    const auto begun = std::chrono::steady_clock::now();
    for (int at = 0; at < calls; ++at)
        used(call());
    const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begun;
    return time.count() / calls;
}

static double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
    return values[values.size() / 2];
}

static bool missed = false;

template <class Hand, class Bindings>
static void row(const char *name, double target, Hand hand, Bindings bindings, int calls = CALLS) {
    if (hand() != bindings())
        std::abort();
    std::vector<double> by_hand, by_bindings, ratios;
    for (int round = 0; round < ROUNDS; ++round) {
        by_hand.push_back(timed(hand, calls));
        by_bindings.push_back(timed(bindings, calls));
        ratios.push_back(by_bindings.back() / by_hand.back());
    }
    const double ratio = median(ratios);
    std::printf("%-26s%9.1f ns%9.1f ns%7.2f", name, median(by_hand), median(by_bindings), ratio);
    if (target == 0) {
        std::puts("       -");
    } else {
        std::printf("%8.1f\n", target);
        missed |= ratio > target;
    }
}

int main() {
    std::printf("%-26s%12s%12s%7s%8s\n", "", "by hand", "bindings", "ratio", "target");
    row("two numbers", 1.3, [] { return hand_add(2, 3); }, [] { return conform::add(2, 3); });
    row("a u64", 1.3, [] { return hand_u64(5); }, [] { return conform::u64_same(5); });
    row("an f64", 1.3, [] { return hand_f64(0.5); }, [] { return conform::f64_same(0.5); });
    row("a text in", 1.5, [] { return hand_text_in(TEXT); }, [] { return conform::text_maybe(TEXT); });
    row("a text in and one out", 1.5, [] { return hand_text(TEXT); }, [] { return conform::text_own(TEXT); });
    row("1 MB of bytes in", 1.5, [] { return hand_bytes(large); }, [] { return conform::u8_last(large).value_or(0); });
    row("ten calls back", 0, [] { return hand_each(10); }, [] {
        std::uint64_t sum = 0;
        conform::each(10, [&](std::uint32_t number) { return sum += number; });
        return sum;
    });
    row("an async call, waited for", 0, [] { return hand_later(3); },
        [] { return conform::u32_later_async(3).get(); }, 200);
    if (missed)
        std::puts("a target is missed");
    return missed ? 1 : 0;
}

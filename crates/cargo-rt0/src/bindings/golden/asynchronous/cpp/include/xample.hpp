// xample
//
// Written by cargo rt0 bindings from xample 1.2.3: a change here is lost when it is written again.
#ifndef XAMPLE_HPP
#define XAMPLE_HPP

#if __cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L)
#error "xample.hpp needs C++17 or later: compile with -std=c++17"
#endif

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "xample/call.hpp"
#include "xample/ops.hpp"

namespace xample {
inline namespace XAMPLE_MODE {

class Cursor;

// The same in the C header.
namespace detail {
} // namespace detail

/// For a time: no end of it, or of an async call the library's own.
inline constexpr std::chrono::milliseconds forever{-1};

/// A place in a list.
class Cursor {
  public:
    using raw_type = ::x_Cursor;

    /// Holds nothing.
    Cursor() noexcept = default;
    /// Takes what a function of the C header gave.
    explicit Cursor(raw_type *raw) noexcept : rt0_raw_(raw) {}
    Cursor(Cursor &&other) noexcept : rt0_raw_(std::exchange(other.rt0_raw_, nullptr)) {}
    Cursor &operator=(Cursor &&other) noexcept {
        if (this != &other) {
            reset();
            rt0_raw_ = std::exchange(other.rt0_raw_, nullptr);
        }
        return *this;
    }
    Cursor(const Cursor &) = delete;
    Cursor &operator=(const Cursor &) = delete;
    ~Cursor() { reset(); }

    /// Closes it. A second time does nothing.
    void reset() noexcept {
        if (rt0_raw_ != nullptr)
            detail::close(std::exchange(rt0_raw_, nullptr), rt0_free);
    }

    /// Whether it holds something.
    explicit operator bool() const noexcept { return rt0_raw_ != nullptr; }

    /// For functions of the C header. Where it holds nothing it is no null, which would be something missing, but a
    /// number that no handle has.
    raw_type *get() const noexcept { return rt0_raw_ != nullptr ? rt0_raw_ : detail::nothing<raw_type>(); }

    /// Gives it away: the caller closes it.
    [[nodiscard]] raw_type *release() noexcept { return std::exchange(rt0_raw_, nullptr); }

  private:
    static std::int32_t rt0_free(void *raw) { return ::x_Cursor_free(static_cast<raw_type *>(raw)); }

    raw_type *rt0_raw_ = nullptr;
};

/// How many.
///
/// Gives `-1` when the library is not ready or the call panics.
inline std::int64_t size() {
    detail::must_be_known();
    return detail::from_c<std::int64_t>(::x_size());
}

inline ::xample::outcome<void> rest() {
    return detail::call<detail::gives_nothing>(
        [&](auto... rt0_out) { return ::x_rest(rt0_out...); });
}

/// Begins it and does not wait.
inline ::xample::operation<void> rest_async(
    ::xample::detail::limit timeout = ::xample::forever) {
    return detail::start<detail::gives_nothing>(
        [&](auto... rt0_queue) { return ::x_rest_begin(timeout.milliseconds(), rt0_queue...); },
        [](auto... rt0_out) { return ::x_rest_end(rt0_out...); });
}

/// Begins it, does not wait, and calls `then` with the result on the thread of async calls.
template <class Then, class = ::xample::detail::hears<Then, void>>
inline ::xample::outcome<::xample::canceller> rest_async(
    Then then,
    ::xample::detail::limit timeout = ::xample::forever) {
    return detail::start_then<detail::gives_nothing>(
        [&](auto... rt0_queue) { return ::x_rest_begin(timeout.milliseconds(), rt0_queue...); },
        [](auto... rt0_out) { return ::x_rest_end(rt0_out...); }, std::move(then));
}

/// Fetches a page.
///
/// Waits until it is done. It is given up after 5000 ms.
inline ::xample::outcome<std::optional<std::string>> fetch(
    std::string_view url,
    std::int32_t queue,
    std::int32_t ms,
    const ::xample::Cursor *at,
    ::xample::Cursor last) {
    return detail::call<detail::gives_text_maybe>(
        [&](auto... rt0_out) { return ::x_fetch(
            detail::data(url),
            detail::size(url),
            queue,
            ms,
            detail::get(at),
            last.get(),
            rt0_out...); }, detail::closes<::xample::Cursor>{last});
}

/// Fetches a page.
///
/// Begins it and does not wait. It is given up after 5000 ms, or after `timeout`.
inline ::xample::operation<std::optional<std::string>> fetch_async(
    std::string_view url,
    std::int32_t queue,
    std::int32_t ms,
    const ::xample::Cursor *at,
    ::xample::Cursor last,
    ::xample::detail::limit timeout = ::xample::forever) {
    return detail::start<detail::gives_text_maybe>(
        [&](auto... rt0_queue) { return ::x_fetch_begin(
            detail::data(url),
            detail::size(url),
            queue,
            ms,
            detail::get(at),
            last.get(),
            timeout.milliseconds(),
            rt0_queue...); },
        [](auto... rt0_out) { return ::x_fetch_end(rt0_out...); }, detail::closes<::xample::Cursor>{last});
}

/// Fetches a page.
///
/// Begins it, does not wait, and calls `then` with the result on the thread of async calls. It is given up after 5000 ms, or after `timeout`.
template <class Then, class = ::xample::detail::hears<Then, std::optional<std::string>>>
inline ::xample::outcome<::xample::canceller> fetch_async(
    std::string_view url,
    std::int32_t queue,
    std::int32_t ms,
    const ::xample::Cursor *at,
    ::xample::Cursor last,
    Then then,
    ::xample::detail::limit timeout = ::xample::forever) {
    return detail::start_then<detail::gives_text_maybe>(
        [&](auto... rt0_queue) { return ::x_fetch_begin(
            detail::data(url),
            detail::size(url),
            queue,
            ms,
            detail::get(at),
            last.get(),
            timeout.milliseconds(),
            rt0_queue...); },
        [](auto... rt0_out) { return ::x_fetch_end(rt0_out...); }, std::move(then), detail::closes<::xample::Cursor>{last});
}

/// What `state` gives.
enum class State : std::int32_t {
    /// nothing has been started
    cold = 0,
    /// a thread is on its way to start the library
    scheduled = 1,
    /// the library is starting
    booting = 2,
    /// calls go through
    ready = 3,
    /// the start-up failed
    failed = 4,
    /// a shutdown is under way
    stopping = 5,
    /// a start-up that failed is being cleared away for the next
    retrying = 6,
};

/// What the library is doing.
inline State state() {
    detail::must_be_known();
    return static_cast<State>(::x_state());
}

/// Begins the library's start-up, and does not wait for it. Loading it does so, too, unless its author chose otherwise.
inline outcome<void> start() {
    if (!detail::is_known())
        return detail::unknown<void>();
    return detail::checked(::x_start());
}

/// Waits until the library is ready. Every call waits by itself.
inline outcome<void> wait(detail::limit time = forever) {
    if (!detail::is_known())
        return detail::unknown<void>();
    return detail::checked(::x_wait(time.milliseconds()));
}

/// Stops the library, ends its threads and drops its state. A later call starts it again. When it has succeeded, no
/// thread of the library's calls back.
/// Nor does that of the async calls that had begun before.
/// It does not wait for a call that another thread makes meanwhile, or has under way of a function that does not use
/// the library's state: that may call back until it returns.
inline outcome<void> shutdown(detail::limit time = forever) {
    if (!detail::is_known())
        return detail::unknown<void>();
    detail::hub &here = detail::home();
    // Calls that begin meanwhile make others, which nobody ends.
    const std::uint64_t next = detail::next_queue(here);
    std::optional<std::chrono::steady_clock::time_point> until;
    if (!time.is_forever())
        until = std::chrono::steady_clock::now() + std::chrono::milliseconds(time.milliseconds());
    const std::int32_t code = ::x_shutdown(time.milliseconds());
    if (code == 0 && !detail::wait_for_threads(here, next, until))
        return detail::failed<void>(error(
            codes::timed_out,
            "the library was shut down, but a function that is told of an async call's end has not returned in time"));
    return detail::checked(code);
}

/// The library's state and time line as JSON.
inline outcome<std::string> report() {
    if (!detail::is_known())
        return detail::unknown<std::string>();
    char *text = ::x_report();
    if (text == nullptr)
        return detail::failed<std::string>(detail::error_of(codes::no_memory, nullptr));
    const buffer<char> owner(text, 0);
    return outcome<std::string>(text);
}

/// A tracing event of the library's. The texts are valid until the function that is told has returned.
struct event {
    /// 1 errors, 2 warnings, 3 information, 4 debugging, 5 traces.
    std::int32_t level;
    std::string_view target;
    std::string_view text;
    /// The names of the spans around it, the outermost first, with colons between them.
    std::string_view spans;
};

namespace detail {

struct listening {
    std::mutex lock;
    std::unique_ptr<std::function<void(const event &)>> now;
};

/// The process in which this thread is telling of an event now; 0: it is not.
inline long &telling_in() noexcept {
    static thread_local long process = 0;
    return process;
}

inline void heard(void *user, std::int32_t level, const char *target, const char *text, const char *spans) noexcept {
    telling_in() = this_process();
#if !defined(XAMPLE_NO_EXCEPTIONS)
    try {
#endif
        (*static_cast<std::function<void(const event &)> *>(user))({level, target, text, spans});
#if !defined(XAMPLE_NO_EXCEPTIONS)
    } catch (...) {
        uncaught(std::current_exception());
    }
#endif
    telling_in() = 0;
}

} // namespace detail

/// Has a function called for each tracing event of the library up to this level, on a thread of the library's, until it
/// is called with 0 or the library is shut down. It replaces the one before, which is not called any more.
inline outcome<void> events(
    std::int32_t level,
    std::function<void(const event &)> hears = nullptr) {
    if (!detail::is_known())
        return detail::unknown<void>();
    // The library refuses it. Whoever has the lock may be waiting for the function that asks.
    if (detail::telling_in() == detail::this_process())
        return detail::checked(::x_events(level, nullptr, nullptr));
    auto &here = detail::of_process<detail::listening>();
    const std::lock_guard<std::mutex> guard(here.lock);
    auto next = hears ? std::make_unique<std::function<void(const event &)>>(std::move(hears)) : nullptr;
    const std::int32_t code = ::x_events(level, next ? detail::heard : nullptr, next.get());
    if (code == 0)
        here.now = std::move(next);
    return detail::checked(code);
}

} // namespace XAMPLE_MODE
} // namespace xample

#endif

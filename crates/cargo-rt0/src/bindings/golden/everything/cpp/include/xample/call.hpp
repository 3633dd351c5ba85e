// A call: before it, its result, after it. Written by cargo rt0 bindings.
#ifndef XAMPLE_CALL_HPP
#define XAMPLE_CALL_HPP

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <ratio>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "xample/callbacks.hpp"
#include "xample/process.hpp"

static_assert(X_ABI_VERSION == 1,
              "x.h is not the header of these bindings: write both again");

namespace xample {
inline namespace XAMPLE_MODE {
namespace detail {

inline std::atomic<bool> &library_is_known() noexcept {
    static std::atomic<bool> known{false};
    return known;
}

inline std::string another_library() {
    return "the library that was loaded has ABI version " + std::to_string(::x_abi_version()) +
        ", and these bindings are for 1: write them again from that file, with cargo rt0 bindings";
}

inline bool look_at_library() noexcept {
    const bool known = ::x_abi_version() == X_ABI_VERSION;
    // Relaxed: the answer is always the same, and nothing else follows from it.
    library_is_known().store(known, std::memory_order_relaxed);
    return known;
}

/// Whether the library that was loaded is the one that these bindings are for. One load, from the second time on.
inline bool is_known() noexcept {
    return library_is_known().load(std::memory_order_relaxed) || look_at_library();
}

template <class T> outcome<T> unknown() { return failed<T>(error(codes::wrong_library, another_library())); }

/// Before a call that can't report errors.
inline void must_be_known() {
    if (!is_known()) {
#if defined(XAMPLE_NO_EXCEPTIONS)
        give_up(another_library().c_str());
#else
        raise(error(codes::wrong_library, another_library()));
#endif
    }
}

/// A time as the library takes it, made of any: in milliseconds, rounded up, so that a short wait is not a question.
/// -1 ms is for ever, and any other time below 0 is over.
class limit {
  public:
    template <class Rep, class Period>
    limit(const std::chrono::duration<Rep, Period> &time) noexcept : milliseconds_(rounded(time)) {}

    std::int32_t milliseconds() const noexcept { return milliseconds_; }
    bool is_forever() const noexcept { return milliseconds_ < 0; }

  private:
    // In floating point no unit is too large.
    static std::int32_t rounded(std::chrono::duration<long double, std::milli> time) noexcept {
        const long double all = time.count();
        if (all == -1)
            return -1;
        if (!(all > 0))
            return 0;
        if (all >= static_cast<long double>(INT32_MAX))
            return INT32_MAX;
        const auto whole = static_cast<std::int32_t>(all);
        return static_cast<long double>(whole) < all ? whole + 1 : whole;
    }

    std::int32_t milliseconds_;
};

/// What is passed for a handle that is not there: a number that no handle has, for those are odd.
template <class T> T *nothing() noexcept { return reinterpret_cast<T *>(std::uintptr_t{2}); }

template <class T> auto get(T *handle) noexcept -> typename std::remove_const_t<T>::raw_type * {
    return handle != nullptr ? handle->get() : nullptr;
}
template <class T> typename T::raw_type *get(const std::optional<T> &handle) noexcept {
    return handle ? handle->get() : nullptr;
}

// What a call gives: each has the places for the results, and makes a value of them.

struct gives_nothing {
    using type = void;
    template <class Call, class... More> std::int32_t run(Call &call, More... more) { return call(more...); }
};

template <class T> struct gives {
    using type = T;
    template <class Call, class... More> std::int32_t run(Call &call, More... more) { return call(more..., &out); }
    T take() { return from_c<T>(out); }
    raw_t<T> out;
};

template <class T> struct gives_maybe {
    using type = std::optional<T>;
    template <class Call, class... More> std::int32_t run(Call &call, More... more) {
        return call(more..., &out, &some);
    }
    type take() { return some ? type(from_c<T>(out)) : type(); }
    raw_t<T> out;
    bool some;
};

/// A text that the library gave, until it is copied.
struct given_text {
    template <class Call, class... More> std::int32_t run(Call &call, More... more) {
        return call(more..., &out, &len);
    }
    std::string copy() {
        const buffer<char> owner(out, 0);
        return std::string(out, len);
    }
    char *out;
    std::size_t len;
};

struct gives_text : given_text {
    using type = std::string;
    type take() { return copy(); }
};

struct gives_text_maybe : given_text {
    using type = std::optional<std::string>;
    type take() { return out != nullptr ? type(copy()) : type(); }
};

template <class T> struct gives_slice {
    using type = buffer<T>;
    template <class Call, class... More> std::int32_t run(Call &call, More... more) {
        return call(more..., &out, &len);
    }
    type take() { return type(reinterpret_cast<T *>(out), len); }
    raw_t<T> *out;
    std::size_t len;
};

template <class T> struct gives_slice_maybe : gives_slice<T> {
    using type = std::optional<buffer<T>>;
    type take() { return this->out != nullptr ? type(gives_slice<T>::take()) : type(); }
};

template <class T> struct gives_handle {
    using type = T;
    template <class Call, class... More> std::int32_t run(Call &call, More... more) { return call(more..., &out); }
    type take() { return T(out); }
    typename T::raw_type *out;
};

template <class T> struct gives_handle_maybe : gives_handle<T> {
    using type = std::optional<T>;
    type take() { return this->out != nullptr ? type(T(this->out)) : type(); }
};

// Handles that could not be closed because a call was using them. They are closed when an async call is done, or
// another handle is closed.

struct left_behind {
    void *raw;
    std::int32_t (*free)(void *);
};

struct all_left_behind {
    std::mutex lock;
    std::vector<left_behind> all;
};

/// How many there are, or were when this process was forked: its parent's are none of its own.
inline std::atomic<std::size_t> &count_left_behind() noexcept {
    static std::atomic<std::size_t> count{0};
    return count;
}

/// Closes those that no call uses any more. Each stays here until it is closed, so that whoever has used it sees it.
inline void close_left_behind() {
    // Between the end of a call and this look, and between what is left behind and another try: one of the two sees the
    // other. So the count itself may be Relaxed.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (count_left_behind().load(std::memory_order_relaxed) == 0)
        return;
    auto &here = of_process<all_left_behind>();
    std::vector<left_behind> closed;
    {
        const std::lock_guard<std::mutex> guard(here.lock);
        closed = here.all;
    }
    // Without the lock: what goes may call back, and the function may close a handle. A number is never given twice, so
    // closing one that another thread has closed meanwhile does nothing.
    const auto is_busy = [](const left_behind &one) { return one.free(one.raw) == codes::handle_busy; };
    closed.erase(std::remove_if(closed.begin(), closed.end(), is_busy), closed.end());
    const auto is_closed = [&](const left_behind &one) {
        return std::any_of(closed.begin(), closed.end(), [&](const left_behind &other) { return other.raw == one.raw; });
    };
    const std::lock_guard<std::mutex> guard(here.lock);
    here.all.erase(std::remove_if(here.all.begin(), here.all.end(), is_closed), here.all.end());
    count_left_behind().store(here.all.size(), std::memory_order_relaxed);
}

inline void close(void *raw, std::int32_t (*free)(void *)) noexcept {
    if (free(raw) == codes::handle_busy) {
        auto &here = of_process<all_left_behind>();
        const std::lock_guard<std::mutex> guard(here.lock);
        here.all.push_back({raw, free});
        count_left_behind().store(here.all.size(), std::memory_order_relaxed);
    }
    // This one, too: the call that uses it may have ended before it was here.
    close_left_behind();
}

// What happens to a parameter after the call: handles that the call has closed are let go, and what a callback has
// thrown is thrown on.

template <class T> struct closes {
    T &handle;
    void succeeded() noexcept { static_cast<void>(handle.release()); }
};
template <class T> struct closes<std::optional<T>> {
    std::optional<T> &handle;
    void succeeded() noexcept {
        if (handle)
            static_cast<void>(handle->release());
    }
};
template <class T> closes(T &) -> closes<T>;

template <class T> void succeeded(closes<T> &after) noexcept { after.succeeded(); }
template <class S> void succeeded(callback<S> &) noexcept {}

template <class T> void returned(closes<T> &) noexcept {}
template <class S> void returned([[maybe_unused]] callback<S> &back) {
#if !defined(XAMPLE_NO_EXCEPTIONS)
    back.rethrow();
#endif
}

/// What a call that succeeded gives.
template <class Gives> outcome<typename Gives::type> give([[maybe_unused]] Gives &given) {
    if constexpr (std::is_void_v<typename Gives::type>)
        return done();
    else
        return outcome<typename Gives::type>(given.take());
}

/// A call that returns a status. `call` gets the places for its results and its error.
template <class Gives, class Call, class... After> outcome<typename Gives::type> call(Call &&call, After &&...after) {
    if (!is_known())
        return unknown<typename Gives::type>();
    Gives given;
    char *text = nullptr;
    const auto with_error = [&](auto... out) { return call(out..., &text); };
    const std::int32_t code = given.run(with_error);
    if (code != 0) {
#if !defined(XAMPLE_NO_EXCEPTIONS)
        if constexpr (sizeof...(after) != 0) {
            const buffer<char> owner(text, 0);
            (returned(after), ...);
            return failed<typename Gives::type>(error(code, text != nullptr ? text : ::x_last_error()));
        }
#endif
        return failed<typename Gives::type>(error_of(code, text));
    }
    (succeeded(after), ...);
    // Before what a callback has thrown goes on: the result has an owner then.
    if constexpr (sizeof...(after) == 0) {
        return give(given);
    } else if constexpr (std::is_void_v<typename Gives::type>) {
        (returned(after), ...);
        return done();
    } else {
        auto value = given.take();
        (returned(after), ...);
        return outcome<typename Gives::type>(std::move(value));
    }
}

} // namespace detail
} // namespace XAMPLE_MODE
} // namespace xample

#endif

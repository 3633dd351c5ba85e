// An example: größer, */ and /* and a \.
//
// End.
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

namespace xample {
inline namespace XAMPLE_MODE {

/// Some values.
enum class Mode : std::uint8_t {
    /// X_MODE_EXACT.
    exact = 1,
    /// X_MODE_FUZZY.
    fuzzy = 2,
};

/// Some values.
enum class Signed : std::int32_t {
    /// X_SIGNED_LEAST.
    least = -2147483648,
    /// X_SIGNED_NONE.
    none = -1,
};

/// Some values.
enum class Wide : std::int64_t {
    /// X_WIDE_LEAST.
    least = -9223372036854775807 - 1,
    /// X_WIDE_MINUS.
    minus = -2,
    /// X_WIDE_MOST.
    most = 9223372036854775807,
};

/// Some values.
enum class Huge : std::uint64_t {
    /// X_HUGE_MOST.
    most = 18446744073709551615u,
    /// X_HUGE_ONE.
    one = 1,
};

/// Some values.
enum class Flags : std::uint32_t {
    /// X_FLAGS_TOP.
    top = 2147483648,
};

/// Some values.
enum class Empty : std::uint16_t {
};

class Cursor;

struct Hit;
struct Page;

/// A struct.
/// With two lines.
struct Hit {
    /// The field class.
    float class_;
    /// The field mode.
    ::xample::Mode mode;
    /// The field each.
    ::xample::detail::function<std::int32_t, std::uint64_t, void *> each;
    /// The field name.
    const char *name;
    /// The field r#type.
    bool type;
};

/// A struct.
/// With two lines.
struct Page {
    /// The field first.
    ::xample::Hit first;
    /// The field next.
    const ::xample::Page *next;
};

// The same in the C header.
namespace detail {
template <> struct raw<::xample::Mode> {
    using type = ::x_Mode;
};
template <> struct raw<::xample::Signed> {
    using type = ::x_Signed;
};
template <> struct raw<::xample::Wide> {
    using type = ::x_Wide;
};
template <> struct raw<::xample::Huge> {
    using type = ::x_Huge;
};
template <> struct raw<::xample::Flags> {
    using type = ::x_Flags;
};
template <> struct raw<::xample::Empty> {
    using type = ::x_Empty;
};
template <> struct raw<::xample::Hit> {
    using type = ::x_Hit;
};
static_assert(sizeof(::xample::Hit) == sizeof(::x_Hit) &&
    alignof(::xample::Hit) == alignof(::x_Hit));
template <> struct raw<::xample::Page> {
    using type = ::x_Page;
};
static_assert(sizeof(::xample::Page) == sizeof(::x_Page) &&
    alignof(::xample::Page) == alignof(::x_Page));
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

    ::xample::outcome<::xample::Hit> step();

    ::xample::outcome<::xample::Mode> look(::xample::Mode by) const;

    ::xample::outcome<void> close() &&;

  private:
    static std::int32_t rt0_free(void *raw) { return ::x_Cursor_free(static_cast<raw_type *>(raw)); }

    raw_type *rt0_raw_ = nullptr;
};

inline ::xample::outcome<void> nothing() {
    return detail::call<detail::gives_nothing>(
        [&](auto... rt0_out) { return ::x_nothing(rt0_out...); });
}

/// How many.
///
/// Gives `-1` when the library is not ready or the call panics.
inline std::int64_t size() {
    detail::must_be_known();
    return detail::from_c<std::int64_t>(::x_size());
}

/// Stops.
///
/// Just returns when the library is not ready or the call panics.
inline void stop(bool now) {
    detail::must_be_known();
    ::x_stop(now);
}

/// Counts.
///
/// Twice */.
inline ::xample::outcome<std::uint64_t> count(std::string_view word) {
    return detail::call<detail::gives<std::uint64_t>>(
        [&](auto... rt0_out) { return ::x_count(detail::data(word), detail::size(word), rt0_out...); });
}

inline ::xample::outcome<std::int32_t> keywords(
    std::string_view class_,
    std::int32_t class_2,
    std::int32_t out,
    std::int32_t err,
    std::int32_t int32_t_,
    const ::xample::Hit &x_hit,
    std::int32_t linux_,
    std::int32_t n) {
    return detail::call<detail::gives<std::int32_t>>(
        [&](auto... rt0_out) { return ::x_keywords(
            detail::data(class_),
            detail::size(class_),
            class_2,
            out,
            err,
            int32_t_,
            detail::to_c(x_hit),
            linux_,
            n,
            rt0_out...); });
}

inline ::xample::outcome<::xample::buffer<std::uint8_t>> buffers(
    ::xample::span<const ::xample::Hit> from,
    ::xample::span<std::uint8_t> into,
    ::xample::span<const std::size_t> own,
    std::optional<std::string_view> maybe,
    std::ptrdiff_t signed_) {
    return detail::call<detail::gives_slice<std::uint8_t>>(
        [&](auto... rt0_out) { return ::x_buffers(
            detail::data(from),
            detail::size(from),
            detail::data(into),
            detail::size(into),
            detail::data(own),
            detail::size(own),
            detail::data(maybe),
            detail::size(maybe),
            signed_,
            rt0_out...); });
}

inline ::xample::outcome<std::string> text() {
    return detail::call<detail::gives_text>(
        [&](auto... rt0_out) { return ::x_text(rt0_out...); });
}

inline ::xample::outcome<std::optional<std::string>> maybe_text() {
    return detail::call<detail::gives_text_maybe>(
        [&](auto... rt0_out) { return ::x_maybe_text(rt0_out...); });
}

inline ::xample::outcome<std::optional<double>> maybe_number() {
    return detail::call<detail::gives_maybe<double>>(
        [&](auto... rt0_out) { return ::x_maybe_number(rt0_out...); });
}

inline ::xample::outcome<::xample::Cursor> open(const ::xample::Hit *at) {
    return detail::call<detail::gives_handle<::xample::Cursor>>(
        [&](auto... rt0_out) { return ::x_open(detail::place(at), rt0_out...); });
}

inline ::xample::outcome<std::optional<::xample::Cursor>> find(
    ::xample::Hit &at) {
    return detail::call<detail::gives_handle_maybe<::xample::Cursor>>(
        [&](auto... rt0_out) { return ::x_find(detail::place(&at), rt0_out...); });
}

inline ::xample::outcome<void> each(
    ::xample::callback<std::int32_t(std::uint64_t)> each) {
    return detail::call<detail::gives_nothing>(
        [&](auto... rt0_out) { return ::x_each(each.last_or_null(), each.user(), rt0_out...); }, each);
}

inline ::xample::outcome<::xample::detail::function<std::int32_t, std::uint64_t, void *>> nested(
    ::xample::callback<::xample::detail::function<std::int32_t, std::uint64_t, void *>(const ::xample::Hit *, ::xample::detail::function<std::int32_t, std::uint64_t, void *>)> call) {
    const auto rt0_in_call = call.inside();
    return detail::call<detail::gives<::xample::detail::function<std::int32_t, std::uint64_t, void *>>>(
        [&](auto... rt0_out) { return ::x_nested(call.bare_or_null(), rt0_out...); }, call);
}

inline ::xample::outcome<void> own_names(
    ::xample::span<::xample::Hit> at,
    ::xample::span<const ::xample::Hit> one,
    std::int32_t ms) {
    return detail::call<detail::gives_nothing>(
        [&](auto... rt0_out) { return ::x_own_names(
            detail::data(at),
            detail::size(at),
            detail::data(one),
            detail::size(one),
            ms,
            rt0_out...); });
}

inline ::xample::outcome<std::optional<std::int32_t>> find_const(
    ::xample::callback<std::int32_t(std::uint64_t)> each) {
    return detail::call<detail::gives_maybe<std::int32_t>>(
        [&](auto... rt0_out) { return ::x_find_const(each.last_or_null(), each.user(), rt0_out...); }, each);
}

/// Gives `-1` when the library is not ready or the call panics.
inline ::xample::detail::function<std::int32_t, std::uint64_t, void *> choose(
    std::string_view a_long_name_of_a_parameter,
    std::string_view another_long_name_of_a_parameter) {
    detail::must_be_known();
    return detail::from_c<::xample::detail::function<std::int32_t, std::uint64_t, void *>>(::x_choose(
        detail::data(a_long_name_of_a_parameter),
        detail::size(a_long_name_of_a_parameter),
        detail::data(another_long_name_of_a_parameter),
        detail::size(another_long_name_of_a_parameter)));
}

inline ::xample::outcome<::xample::Hit> Cursor::step() {
    return detail::call<detail::gives<::xample::Hit>>(
        [&](auto... rt0_out) { return ::x_step(this->get(), rt0_out...); });
}

inline ::xample::outcome<::xample::Mode> Cursor::look(::xample::Mode by) const {
    return detail::call<detail::gives<::xample::Mode>>(
        [&](auto... rt0_out) { return ::x_look(this->get(), detail::to_c(by), rt0_out...); });
}

inline ::xample::outcome<void> Cursor::close() && {
    return detail::call<detail::gives_nothing>(
        [&](auto... rt0_out) { return ::x_close(this->get(), rt0_out...); }, detail::closes<::xample::Cursor>{*this});
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
/// It does not wait for a call that another thread makes meanwhile, or has under way of a function that does not use
/// the library's state: that may call back until it returns.
inline outcome<void> shutdown(detail::limit time = forever) {
    if (!detail::is_known())
        return detail::unknown<void>();
    const std::int32_t code = ::x_shutdown(time.milliseconds());
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

} // namespace XAMPLE_MODE
} // namespace xample

#endif

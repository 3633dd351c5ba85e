// Errors, and how a call gives them. Written by cargo rt0 bindings.
#ifndef XAMPLE_ERRORS_HPP
#define XAMPLE_ERRORS_HPP

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "xample/mode.hpp"
#include "xample/x.h"

namespace xample {
inline namespace XAMPLE_MODE {

/// A call failed.
class error : public std::runtime_error {
  public:
    error(std::int32_t code, const std::string &text) : std::runtime_error(text), code_(code) {}

    /// Why, as a number: one of `codes`, or another positive one.
    std::int32_t code() const noexcept { return code_; }

    /// Why, in words.
    std::string_view text() const noexcept { return what(); }

  private:
    std::int32_t code_;
};

/// The numbers of errors.
namespace codes {
/// the library was not ready before the deadline; call again later or wait longer (a call that only asks does not start it)
inline constexpr std::int32_t not_ready = -1;
/// the library failed to start; the error text says why
inline constexpr std::int32_t boot_failed = -2;
/// the call panicked inside the library; the library keeps working
inline constexpr std::int32_t panicked = -3;
/// called from the library's own start-up, which would deadlock; call it after start-up
inline constexpr std::int32_t called_from_boot = -4;
/// the call would deadlock; make it from another thread, outside the library's own calls
inline constexpr std::int32_t would_deadlock = -5;
/// this process was forked from a multi-threaded one without running fork handlers; use fork(), or call exec first
inline constexpr std::int32_t forked = -6;
/// the library is shutting down or has stopped; call again after the shutdown
inline constexpr std::int32_t stopped = -7;
/// an argument is not valid; the error text names it
inline constexpr std::int32_t invalid_argument = -8;
/// a text argument is not valid UTF-8; the error text names it
inline constexpr std::int32_t invalid_utf8 = -9;
/// a handle is not open in this library: it was closed, is of another type, or is from before the last start
inline constexpr std::int32_t invalid_handle = -10;
/// the library was not started; call its start function first
inline constexpr std::int32_t not_started = -11;
/// the operating system refused a thread or memory for the library's start-up; free some and call again, or set RT0_START=quiet, which needs no thread
inline constexpr std::int32_t no_thread = -12;
/// the library was built without a boot function; its author must set one
inline constexpr std::int32_t no_boot_entry = -13;
/// the library's boot function returned without reporting whether start-up is done; its author must report it
inline constexpr std::int32_t not_notified = -14;
/// the operation did not finish before its deadline; the error text says what holds it up
inline constexpr std::int32_t timed_out = -15;
/// a handle is in use by another call; call again when that call has returned
inline constexpr std::int32_t handle_busy = -16;
/// there is not enough memory for the call; free some and call again
inline constexpr std::int32_t no_memory = -17;
/// the library was shut down, but part of the shutdown failed; the error text says what
inline constexpr std::int32_t ended_badly = -18;
/// the library's async runtime is lost: the process closed or replaced its descriptors; shut the library down, and the next call starts it again
inline constexpr std::int32_t runtime_lost = -19;
/// the operation was cancelled before it was done
inline constexpr std::int32_t cancelled = -20;
/// the queue is at its limit; take tags from it, then begin again
inline constexpr std::int32_t busy = -21;
/// the operation is not done yet; wait for its tag or with the library's op_wait, then call again
inline constexpr std::int32_t not_done = -22;
/// It is BUSY.
inline constexpr std::int32_t busy_ = 4;
/// It is NO_PLACE.
inline constexpr std::int32_t no_place = 5;
/// It is CODES.
inline constexpr std::int32_t codes_ = 6;
/// The library that was loaded is another than these bindings are for.
inline constexpr std::int32_t wrong_library = INT32_MIN;
} // namespace codes

/// A class for each error that has a name. All are `error`, and those of the library's author are `library_error`.
namespace errors {

/// An error of the library's own: its code is positive.
class library_error : public error {
  public:
    using error::error;
};

/// the library was not ready before the deadline; call again later or wait longer (a call that only asks does not start it)
class not_ready : public error {
  public:
    explicit not_ready(const std::string &text) : error(codes::not_ready, text) {}
};

/// the library failed to start; the error text says why
class boot_failed : public error {
  public:
    explicit boot_failed(const std::string &text) : error(codes::boot_failed, text) {}
};

/// the call panicked inside the library; the library keeps working
class panicked : public error {
  public:
    explicit panicked(const std::string &text) : error(codes::panicked, text) {}
};

/// called from the library's own start-up, which would deadlock; call it after start-up
class called_from_boot : public error {
  public:
    explicit called_from_boot(const std::string &text) : error(codes::called_from_boot, text) {}
};

/// the call would deadlock; make it from another thread, outside the library's own calls
class would_deadlock : public error {
  public:
    explicit would_deadlock(const std::string &text) : error(codes::would_deadlock, text) {}
};

/// this process was forked from a multi-threaded one without running fork handlers; use fork(), or call exec first
class forked : public error {
  public:
    explicit forked(const std::string &text) : error(codes::forked, text) {}
};

/// the library is shutting down or has stopped; call again after the shutdown
class stopped : public error {
  public:
    explicit stopped(const std::string &text) : error(codes::stopped, text) {}
};

/// an argument is not valid; the error text names it
class invalid_argument : public error {
  public:
    explicit invalid_argument(const std::string &text) : error(codes::invalid_argument, text) {}
};

/// a text argument is not valid UTF-8; the error text names it
class invalid_utf8 : public error {
  public:
    explicit invalid_utf8(const std::string &text) : error(codes::invalid_utf8, text) {}
};

/// a handle is not open in this library: it was closed, is of another type, or is from before the last start
class invalid_handle : public error {
  public:
    explicit invalid_handle(const std::string &text) : error(codes::invalid_handle, text) {}
};

/// the library was not started; call its start function first
class not_started : public error {
  public:
    explicit not_started(const std::string &text) : error(codes::not_started, text) {}
};

/// the operating system refused a thread or memory for the library's start-up; free some and call again, or set RT0_START=quiet, which needs no thread
class no_thread : public error {
  public:
    explicit no_thread(const std::string &text) : error(codes::no_thread, text) {}
};

/// the library was built without a boot function; its author must set one
class no_boot_entry : public error {
  public:
    explicit no_boot_entry(const std::string &text) : error(codes::no_boot_entry, text) {}
};

/// the library's boot function returned without reporting whether start-up is done; its author must report it
class not_notified : public error {
  public:
    explicit not_notified(const std::string &text) : error(codes::not_notified, text) {}
};

/// the operation did not finish before its deadline; the error text says what holds it up
class timed_out : public error {
  public:
    explicit timed_out(const std::string &text) : error(codes::timed_out, text) {}
};

/// a handle is in use by another call; call again when that call has returned
class handle_busy : public error {
  public:
    explicit handle_busy(const std::string &text) : error(codes::handle_busy, text) {}
};

/// there is not enough memory for the call; free some and call again
class no_memory : public error {
  public:
    explicit no_memory(const std::string &text) : error(codes::no_memory, text) {}
};

/// the library was shut down, but part of the shutdown failed; the error text says what
class ended_badly : public error {
  public:
    explicit ended_badly(const std::string &text) : error(codes::ended_badly, text) {}
};

/// the library's async runtime is lost: the process closed or replaced its descriptors; shut the library down, and the next call starts it again
class runtime_lost : public error {
  public:
    explicit runtime_lost(const std::string &text) : error(codes::runtime_lost, text) {}
};

/// the operation was cancelled before it was done
class cancelled : public error {
  public:
    explicit cancelled(const std::string &text) : error(codes::cancelled, text) {}
};

/// the queue is at its limit; take tags from it, then begin again
class busy : public error {
  public:
    explicit busy(const std::string &text) : error(codes::busy, text) {}
};

/// the operation is not done yet; wait for its tag or with the library's op_wait, then call again
class not_done : public error {
  public:
    explicit not_done(const std::string &text) : error(codes::not_done, text) {}
};

/// It is BUSY.
class busy_ : public library_error {
  public:
    explicit busy_(const std::string &text) : library_error(codes::busy_, text) {}
};

/// It is NO_PLACE.
class no_place : public library_error {
  public:
    explicit no_place(const std::string &text) : library_error(codes::no_place, text) {}
};

/// It is CODES.
class codes_ : public library_error {
  public:
    explicit codes_(const std::string &text) : library_error(codes::codes_, text) {}
};

/// The library that was loaded is another than these bindings are for.
class wrong_library : public error {
  public:
    explicit wrong_library(const std::string &text) : error(codes::wrong_library, text) {}
};

} // namespace errors

namespace detail {

/// A value that is needed and not there, where nothing can be thrown.
[[noreturn]] inline void give_up(const char *text) {
    std::fprintf(stderr, "xample: %s\n", text);
    std::abort();
}

#if !defined(XAMPLE_NO_EXCEPTIONS)
/// The exception of the error's own class.
inline std::exception_ptr as_exception(const error &why) {
    switch (why.code()) {
    case codes::not_ready:
        return std::make_exception_ptr(errors::not_ready(why.what()));
    case codes::boot_failed:
        return std::make_exception_ptr(errors::boot_failed(why.what()));
    case codes::panicked:
        return std::make_exception_ptr(errors::panicked(why.what()));
    case codes::called_from_boot:
        return std::make_exception_ptr(errors::called_from_boot(why.what()));
    case codes::would_deadlock:
        return std::make_exception_ptr(errors::would_deadlock(why.what()));
    case codes::forked:
        return std::make_exception_ptr(errors::forked(why.what()));
    case codes::stopped:
        return std::make_exception_ptr(errors::stopped(why.what()));
    case codes::invalid_argument:
        return std::make_exception_ptr(errors::invalid_argument(why.what()));
    case codes::invalid_utf8:
        return std::make_exception_ptr(errors::invalid_utf8(why.what()));
    case codes::invalid_handle:
        return std::make_exception_ptr(errors::invalid_handle(why.what()));
    case codes::not_started:
        return std::make_exception_ptr(errors::not_started(why.what()));
    case codes::no_thread:
        return std::make_exception_ptr(errors::no_thread(why.what()));
    case codes::no_boot_entry:
        return std::make_exception_ptr(errors::no_boot_entry(why.what()));
    case codes::not_notified:
        return std::make_exception_ptr(errors::not_notified(why.what()));
    case codes::timed_out:
        return std::make_exception_ptr(errors::timed_out(why.what()));
    case codes::handle_busy:
        return std::make_exception_ptr(errors::handle_busy(why.what()));
    case codes::no_memory:
        return std::make_exception_ptr(errors::no_memory(why.what()));
    case codes::ended_badly:
        return std::make_exception_ptr(errors::ended_badly(why.what()));
    case codes::runtime_lost:
        return std::make_exception_ptr(errors::runtime_lost(why.what()));
    case codes::cancelled:
        return std::make_exception_ptr(errors::cancelled(why.what()));
    case codes::busy:
        return std::make_exception_ptr(errors::busy(why.what()));
    case codes::not_done:
        return std::make_exception_ptr(errors::not_done(why.what()));
    case codes::busy_:
        return std::make_exception_ptr(errors::busy_(why.what()));
    case codes::no_place:
        return std::make_exception_ptr(errors::no_place(why.what()));
    case codes::codes_:
        return std::make_exception_ptr(errors::codes_(why.what()));
    case codes::wrong_library:
        return std::make_exception_ptr(errors::wrong_library(why.what()));
    default:
        if (why.code() > 0)
            return std::make_exception_ptr(errors::library_error(why.code(), why.what()));
        return std::make_exception_ptr(why);
    }
}

[[noreturn]] inline void raise(const error &why) { std::rethrow_exception(as_exception(why)); }
#else
[[noreturn]] inline void raise(const error &why) { give_up(why.what()); }
#endif

} // namespace detail

/// A value, or the error in its place.
template <class T> class [[nodiscard]] result {
  public:
    result(T value) : value_(std::move(value)) {}
    result(::xample::error why) : error_(std::move(why)) {}

    /// Whether there is a value.
    bool has_value() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }

    /// The value. Without one it throws the error; where nothing can be thrown, it prints the error and aborts.
    T &value() & {
        need();
        return *value_;
    }
    const T &value() const & {
        need();
        return *value_;
    }
    T &&value() && {
        need();
        return std::move(*value_);
    }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(*this).value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }

    /// The error. There must be one.
    const ::xample::error &error() const { return *error_; }

  private:
    void need() const {
        if (!value_)
            detail::raise(*error_);
    }

    std::optional<T> value_;
    std::optional<::xample::error> error_;
};

/// Success, or an error.
template <> class [[nodiscard]] result<void> {
  public:
    result() = default;
    result(::xample::error why) : error_(std::move(why)) {}

    /// Whether it succeeded.
    bool has_value() const noexcept { return !error_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }

    /// Throws the error, if there is one; where nothing can be thrown, it prints the error and aborts.
    void value() const {
        if (error_)
            detail::raise(*error_);
    }

    /// The error. There must be one.
    const ::xample::error &error() const { return *error_; }

  private:
    std::optional<::xample::error> error_;
};

/// What a call gives: the value itself if errors are thrown, else a `result`.
#if defined(XAMPLE_NO_EXCEPTIONS)
template <class T> using outcome = result<T>;
#else
template <class T> using outcome = T;
#endif

namespace detail {

/// The end of a call that failed.
template <class T> outcome<T> failed(const error &why) {
#if defined(XAMPLE_NO_EXCEPTIONS)
    return why;
#else
    raise(why);
#endif
}

/// The end of a call that succeeded and gives nothing.
inline outcome<void> done() {
#if defined(XAMPLE_NO_EXCEPTIONS)
    return {};
#endif
}

/// The error of a call, with a text that is freed.
inline error error_of(std::int32_t code, char *text) {
    if (text == nullptr)
        return error(code, ::x_last_error());
    error made(code, text);
    ::x_free(text);
    return made;
}

/// The end of a call that has no place for a text.
inline outcome<void> checked(std::int32_t code) {
    if (code != 0)
        return failed<void>(error_of(code, nullptr));
    return done();
}

} // namespace detail
} // namespace XAMPLE_MODE
} // namespace xample

#endif

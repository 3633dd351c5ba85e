// Functions of the host's that the library calls. Written by cargo rt0 bindings.
#ifndef XAMPLE_CALLBACKS_HPP
#define XAMPLE_CALLBACKS_HPP

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "xample/memory.hpp"

namespace xample {
inline namespace XAMPLE_MODE {

#if !defined(XAMPLE_NO_EXCEPTIONS)
/// What becomes of an exception for which no call waits: of a callback that was kept, or of what waits for an async
/// call.
using uncaught_handler = void (*)(std::exception_ptr);

namespace detail {

inline void print_uncaught(std::exception_ptr thrown) {
    const char *text = "an exception that is no std::exception";
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (const std::exception &why) {
        std::fprintf(stderr, "xample: an exception left a callback for which no call waits: %s\n", why.what());
        return;
    } catch (...) {
    }
    std::fprintf(stderr, "xample: an exception left a callback for which no call waits: %s\n", text);
}

inline std::atomic<uncaught_handler> &on_uncaught() noexcept {
    static std::atomic<uncaught_handler> handler{print_uncaught};
    return handler;
}

inline void uncaught(std::exception_ptr thrown) noexcept {
    // Acquire pairs with the Release of `set_uncaught`.
    on_uncaught().load(std::memory_order_acquire)(std::move(thrown));
}

} // namespace detail

/// Sets who hears of exceptions for which no call waits; without one they are printed. The handler may be called on any
/// thread, and must not throw. Gives the one before.
inline uncaught_handler set_uncaught(uncaught_handler handler) noexcept {
    // Release pairs with the Acquire of `uncaught`, and Acquire with an earlier Release of this.
    return detail::on_uncaught().exchange(handler, std::memory_order_acq_rel);
}
#endif

namespace detail {

/// A callable and, for a call's time, what it has thrown.
template <class R, class... A> class frame {
  public:
    using invoke_t = R (*)(void *, A...);

    frame(void *target, invoke_t invoke, bool kept) noexcept : target_(target), invoke_(invoke), kept_(kept) {}

    raw_t<R> call(raw_t<A>... args) noexcept {
#if defined(XAMPLE_NO_EXCEPTIONS)
        return run(args...);
#else
        // Acquire pairs with the Release below: the call has failed already.
        if (!kept_ && state_.load(std::memory_order_acquire) == THROWN)
            return zero();
        try {
            return run(args...);
        } catch (...) {
            caught(std::current_exception());
            return zero();
        }
#endif
    }

#if !defined(XAMPLE_NO_EXCEPTIONS)
    /// After the call: goes on with what was thrown.
    void rethrow() {
        // Acquire pairs with the Release in `caught`.
        if (state_.load(std::memory_order_acquire) == THROWN)
            std::rethrow_exception(std::exchange(thrown_, nullptr));
    }
#endif

  private:
    static raw_t<R> zero() noexcept {
        if constexpr (!std::is_void_v<R>)
            return raw_t<R>();
    }

    raw_t<R> run(raw_t<A>... args) {
        if constexpr (std::is_void_v<R>)
            invoke_(target_, from_c<A>(args)...);
        else
            return to_c<R>(invoke_(target_, from_c<A>(args)...));
    }

#if !defined(XAMPLE_NO_EXCEPTIONS)
    void caught(std::exception_ptr thrown) noexcept {
        int nothing = NOTHING;
        if (kept_) {
            uncaught(std::move(thrown));
        } else if (state_.compare_exchange_strong(nothing, THROWING, std::memory_order_relaxed)) {
            // Several threads of the library may be inside: the first exception is the call's error. Relaxed above:
            // only who comes first matters.
            thrown_ = std::move(thrown);
            // Release pairs with the Acquire of `rethrow` and `call`.
            state_.store(THROWN, std::memory_order_release);
        }
    }

    enum { NOTHING, THROWING, THROWN };
    std::atomic<int> state_{NOTHING};
    std::exception_ptr thrown_;
#endif
    void *target_;
    invoke_t invoke_;
    bool kept_;
};

template <class F> F &callable(void *target) noexcept {
    if constexpr (std::is_function_v<F>)
        return *reinterpret_cast<F *>(target);
    else
        return *static_cast<F *>(target);
}

template <class F, class R, class... A> R invoke(void *target, A... args) {
    if constexpr (std::is_void_v<R>)
        callable<F>(target)(args...);
    else
        return static_cast<R>(callable<F>(target)(args...));
}

/// What `keep` has made. It is never freed: the library may call it as long as it lives. There is no lock here, which a
/// child of fork could find locked.
class kept_base {
  public:
    kept_base() {
        // So that what looks for leaks finds them. Relaxed: nobody reads the list.
        next_ = last().load(std::memory_order_relaxed);
        while (!last().compare_exchange_weak(next_, this, std::memory_order_relaxed)) {
        }
    }
    kept_base(const kept_base &) = delete;
    kept_base &operator=(const kept_base &) = delete;

  private:
    static std::atomic<kept_base *> &last() noexcept {
        static std::atomic<kept_base *> last{nullptr};
        return last;
    }
    kept_base *next_;
};

template <class F> class kept_place : public kept_base {
  public:
    explicit kept_place(F f) : f_(std::move(f)) {}

    /// The frame for this signature.
    template <class R, class... A> frame<R, A...> *with() {
        static const char key = 0;
        // Acquire pairs with the Release of whoever has made it.
        one *first = first_.load(std::memory_order_acquire);
        for (const one *known = first; known != nullptr; known = known->next)
            if (known->key == &key)
                return static_cast<frame<R, A...> *>(known->made);
        auto *made = new frame<R, A...>(&f_, invoke<F, R, A...>, true);
        auto *mine = new one{&key, made, first};
        // Two threads may make one each, which are equal. Release pairs with the Acquire of whoever finds it.
        while (!first_.compare_exchange_weak(mine->next, mine, std::memory_order_release, std::memory_order_relaxed)) {
        }
        return made;
    }

  private:
    struct one {
        const char *key;
        void *made;
        one *next;
    };

    F f_;
    std::atomic<one *> first_{nullptr};
};

} // namespace detail

/// A callable that the library may go on calling when the call that was given it has returned: what `keep` gives.
template <class F> class kept {
  public:
    explicit kept(detail::kept_place<F> *place) noexcept : place_(place) {}
    detail::kept_place<F> *place() const noexcept { return place_; }

  private:
    detail::kept_place<F> *place_;
};

/// Keeps a callable until the process ends, for a library that goes on calling it: `subscribe(keep(f))`. What it
/// captures by reference must live until `shutdown` has returned.
template <class F> kept<std::decay_t<F>> keep(F &&f) {
    return kept<std::decay_t<F>>(new detail::kept_place<std::decay_t<F>>(std::forward<F>(f)));
}

template <class Signature> class callback;

/// A parameter that is a callback: any callable becomes one by itself, and is called until the call returns. One that
/// the library calls later must come from `keep`. What it throws is thrown by the call.
template <class R, class... A> class callback<R(A...)> {
    using frame = detail::frame<R, A...>;
    template <class F>
    static constexpr bool fits = std::is_invocable_r_v<R, F &, A...> && !std::is_same_v<std::decay_t<F>, callback>;

  public:
    /// None.
    callback(std::nullptr_t = nullptr) noexcept : own_(nullptr, nullptr, false) {}

    template <class F, class = std::enable_if_t<fits<F>>>
    callback(F &&f) noexcept : own_(address(f), detail::invoke<std::remove_reference_t<F>, R, A...>, false) {
        if (holds(f))
            frame_ = &own_;
    }

    template <class F, class = std::enable_if_t<fits<F>>>
    callback(const kept<F> &f) : own_(nullptr, nullptr, false), frame_(f.place()->template with<R, A...>()) {}

    callback(const callback &) = delete;
    callback &operator=(const callback &) = delete;

    /// What C calls, with the address last.
    static detail::raw_t<R> last(detail::raw_t<A>... args, void *user) noexcept {
        return static_cast<frame *>(user)->call(args...);
    }

    /// What C calls, with the address first.
    static detail::raw_t<R> first(void *user, detail::raw_t<A>... args) noexcept {
        return static_cast<frame *>(user)->call(args...);
    }

    /// What C calls where it hands no address back: the callable is that of the call which this thread is in.
    static detail::raw_t<R> bare(detail::raw_t<A>... args) noexcept {
        if (inside_ != nullptr)
            return inside_->call(args...);
        detail::give_up("the library has called a callback that gets no address on another thread, or after its call");
    }

    // The function, or null for none.
    auto last_or_null() const noexcept { return frame_ != nullptr ? &callback::last : nullptr; }
    auto first_or_null() const noexcept { return frame_ != nullptr ? &callback::first : nullptr; }
    auto bare_or_null() const noexcept { return frame_ != nullptr ? &callback::bare : nullptr; }

    void *user() const noexcept { return frame_; }

#if !defined(XAMPLE_NO_EXCEPTIONS)
    void rethrow() {
        if (frame_ != nullptr)
            frame_->rethrow();
    }
#endif

    class enter {
      public:
        explicit enter(const callback &of) noexcept : before_(std::exchange(inside_, of.frame_)) {}
        enter(const enter &) = delete;
        enter &operator=(const enter &) = delete;
        ~enter() { inside_ = before_; }

      private:
        frame *before_;
    };

    /// For the time of a call whose callback gets no address.
    enter inside() const noexcept { return enter(*this); }

  private:
    template <class F> static void *address(F &f) noexcept {
        if constexpr (std::is_function_v<F>)
            return reinterpret_cast<void *>(&f);
        else
            return const_cast<void *>(static_cast<const volatile void *>(std::addressof(f)));
    }

    /// Whether there is something to call: a `std::function` and a pointer may be empty.
    template <class F> static bool holds(const F &f) noexcept {
        if constexpr (std::is_pointer_v<F>)
            return f != nullptr;
        else
            return true;
    }
    template <class S> static bool holds(const std::function<S> &f) noexcept { return static_cast<bool>(f); }

    inline static thread_local frame *inside_ = nullptr;
    frame own_;
    frame *frame_ = nullptr;
};

} // namespace XAMPLE_MODE
} // namespace xample

#endif

// Async calls. Written by cargo rt0 bindings.
//
// There is one queue with one thread, which begins with the first async call and ends with the library or before this
// program's statics go. What waits for an op is in the queue's list from its begin to its tag.
#ifndef XAMPLE_OPS_HPP
#define XAMPLE_OPS_HPP

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "xample/call.hpp"

// How many async calls may be under way. More of them wait for their turn.
#if !defined(XAMPLE_QUEUE_LIMIT)
#define XAMPLE_QUEUE_LIMIT 16384
#endif

namespace xample {
inline namespace XAMPLE_MODE {

/// Cancels an async call. It can be copied, and outlive the call.
class canceller {
  public:
    canceller() noexcept = default;
    explicit canceller(::x_Op *op) noexcept : op_(op) {}

    /// Asks the call to end early, and does not wait. It still ends once: with its result, if that came first.
    void cancel() const noexcept {
        // A number that is never given twice: of an op that is done it means nothing.
        if (op_ != nullptr)
            ::x_op_cancel(op_);
    }

  private:
    ::x_Op *op_ = nullptr;
};

/// An async call that has begun. It goes on when this is gone.
template <class T> class operation {
  public:
    operation(std::future<outcome<T>> future, canceller stop) noexcept : future_(std::move(future)), stop_(stop) {}

    /// Waits, and gives the result or the error. Only once.
    outcome<T> get() { return future_.get(); }

    /// Waits until it is done.
    void wait() const { future_.wait(); }

    /// Waits for so long. Whether it is done.
    template <class Rep, class Period> bool wait_for(const std::chrono::duration<Rep, Period> &time) const {
        return future_.wait_for(time) == std::future_status::ready;
    }

    /// As `canceller::cancel`.
    void cancel() const noexcept { stop_.cancel(); }

    /// What cancels it, for others.
    canceller stop() const noexcept { return stop_; }

    /// The future alone.
    std::future<outcome<T>> future() && { return std::move(future_); }

  private:
    std::future<outcome<T>> future_;
    canceller stop_;
};

namespace detail {

/// What waits for an op.
class waiting {
  public:
    waiting() = default;
    waiting(const waiting &) = delete;
    waiting &operator=(const waiting &) = delete;
    virtual ~waiting() = default;

    /// The tag has come.
    virtual void done() noexcept = 0;
    /// The tag will not come.
    virtual void ended(const error &why) noexcept = 0;

    ::x_Op *op = nullptr;
    /// Itself, while it is in a list.
    std::shared_ptr<waiting> self;
    /// Whether the op has begun. Until then whoever begins it says how that went, and not the queue.
    bool begun = false;
    /// Whether the queue has closed before that.
    bool missed = false;
    waiting *before = nullptr;
    waiting *behind = nullptr;
};

inline error ended_too_early() {
    return error(codes::stopped, "the program or the library has ended before the call was done");
}

class queue;

/// The queue of this process, and the queues that have a thread.
struct hub {
    /// Whoever makes a queue holds it, which may take as long as the library's start-up. It comes before `lock`.
    std::mutex making;
    /// For the rest, and never for long.
    std::mutex lock;
    std::condition_variable left;
    std::shared_ptr<queue> now;
    std::vector<const queue *> running;
    /// The number of the next queue.
    std::uint64_t next = 0;
    /// The program ends: there are no more queues.
    bool over = false;
};

class queue {
  public:
    queue(::x_Queue *raw, std::uint64_t number) noexcept : raw_(raw), number_(number) {}
    queue(const queue &) = delete;
    queue &operator=(const queue &) = delete;

    /// Older ones have smaller numbers.
    std::uint64_t number() const noexcept { return number_; }

    ::x_Queue *raw() const noexcept { return raw_; }

    /// Puts it into the list. False: no tags come any more.
    bool enter(const std::shared_ptr<waiting> &one) {
        const std::lock_guard<std::mutex> guard(lock_);
        if (!open_)
            return false;
        one->missed = false;
        one->self = one;
        one->behind = first_;
        if (first_ != nullptr)
            first_->before = one.get();
        first_ = one.get();
        return true;
    }

    /// The op has begun: its tag comes, or the queue says that none will. False: the queue has closed meanwhile.
    bool begun(waiting *one) {
        const std::lock_guard<std::mutex> guard(lock_);
        one->begun = true;
        return !one->missed;
    }

    /// Takes it out of the list. Null: it is not there any more.
    std::shared_ptr<waiting> leave(waiting *one) {
        const std::lock_guard<std::mutex> guard(lock_);
        return one->self ? unlink(one) : nullptr;
    }

    /// How often there was room for another call.
    std::uint64_t room_made() {
        const std::lock_guard<std::mutex> guard(lock_);
        return room_made_;
    }

    /// A call has given its place back: no tag comes of it.
    void gave_back() {
        {
            const std::lock_guard<std::mutex> guard(lock_);
            ++room_made_;
        }
        room_.notify_all();
    }

    /// Waits until there was room once more.
    void wait_for_room(std::uint64_t made) {
        const auto is_full = [&] { return room_made_ == made && open_; };
        std::unique_lock<std::mutex> guard(lock_);
        if (own_ != this)
            return room_.wait(guard, [&] { return !is_full(); });
        // Nobody else takes; but a call of another thread's may give its place back.
        while (is_full()) {
            guard.unlock();
            take(later_, 10);
            guard.lock();
        }
    }

    /// The queue's thread.
    void run() noexcept {
        own_ = this;
        std::deque<std::uint64_t> tags;
        while (take(tags, -1)) {
            while (!tags.empty()) {
                const std::uint64_t tag = tags.front();
                tags.pop_front();
                finish(tag);
                // What a call inside has taken meanwhile comes after these.
                if (tags.empty())
                    tags.swap(later_);
            }
        }
        close();
    }

    /// No more tags come: the thread finds that out, and closes.
    void end() noexcept { ::x_queue_free(raw_); }

    /// Whether it takes no more tags.
    bool has_ended() {
        const std::lock_guard<std::mutex> guard(lock_);
        return !open_;
    }

    /// Whether a call has begun on it.
    bool is_used() const noexcept { return used_; }
    void use() noexcept { used_ = true; }

    /// Whether this is its thread.
    bool is_here() const noexcept { return own_ == this; }

  private:
    bool take(std::deque<std::uint64_t> &into, std::int32_t milliseconds) {
        std::uint64_t tags[64];
        std::size_t count = 0;
        const std::int32_t code = ::x_queue_take(raw_, tags, 64, &count, milliseconds);
        if (code == codes::timed_out)
            return true;
        if (code != 0) {
            {
                // Now, so that what is told of the end may begin a call: that makes another queue.
                const std::lock_guard<std::mutex> guard(lock_);
                open_ = false;
            }
            room_.notify_all();
            return false;
        }
        into.insert(into.end(), tags, tags + count);
        {
            const std::lock_guard<std::mutex> guard(lock_);
            ++room_made_;
        }
        room_.notify_all();
        return true;
    }

    void finish(std::uint64_t tag) {
        const auto one = leave(reinterpret_cast<waiting *>(static_cast<std::uintptr_t>(tag)));
        if (one) {
            one->done();
            // Handles that it held can be closed now.
            close_left_behind();
        }
    }

    std::shared_ptr<waiting> unlink(waiting *one) noexcept {
        if (one->before != nullptr)
            one->before->behind = one->behind;
        else
            first_ = one->behind;
        if (one->behind != nullptr)
            one->behind->before = one->before;
        one->before = one->behind = nullptr;
        return std::move(one->self);
    }

    void close() {
        for (;;) {
            std::shared_ptr<waiting> one;
            bool missed;
            {
                const std::lock_guard<std::mutex> guard(lock_);
                if (first_ == nullptr)
                    break;
                one = unlink(first_);
                missed = one->missed = !one->begun;
            }
            if (!missed)
                one->ended(ended_too_early());
        }
        ::x_queue_free(raw_);
    }

    inline static thread_local queue *own_ = nullptr;
    ::x_Queue *const raw_;
    const std::uint64_t number_;
    /// Tags that were taken on the queue's thread inside `finish`. Only that thread uses it.
    std::deque<std::uint64_t> later_;
    std::mutex lock_;
    std::condition_variable room_;
    std::uint64_t room_made_ = 0;
    bool open_ = true;
    std::atomic<bool> used_{false};
    waiting *first_ = nullptr;
};

inline hub &home() { return of_process<hub>(); }

/// The number of the next queue: those that are there have smaller ones.
inline std::uint64_t next_queue(hub &home) {
    const std::lock_guard<std::mutex> guard(home.lock);
    return home.next;
}

/// Waits until the threads of the queues before this number have ended, but for this thread; without a time, for ever.
/// False: the time is over.
inline bool wait_for_threads(
    hub &home, std::uint64_t before, std::optional<std::chrono::steady_clock::time_point> until) {
    const auto have_ended = [&] {
        return std::none_of(home.running.begin(), home.running.end(), [&](const queue *one) {
            return one->number() < before && !one->is_here();
        });
    };
    std::unique_lock<std::mutex> guard(home.lock);
    if (until)
        return home.left.wait_until(guard, *until, have_ended);
    home.left.wait(guard, have_ended);
    return true;
}

/// How long the end of the program waits for a function that was told of a call's end and does not return.
inline constexpr std::chrono::seconds at_most{10};

/// Ends the queue before the statics that are older than it go, and before the library does. No queue comes after it.
class ending {
  public:
    ending() noexcept = default;
    ending(const ending &) = delete;
    ending &operator=(const ending &) = delete;
    ~ending() {
        hub &here = home();
        std::shared_ptr<queue> now;
        {
            const std::lock_guard<std::mutex> guard(here.lock);
            here.over = true;
            now = here.now;
        }
        if (now) {
            now->end();
            wait_for_threads(here, UINT64_MAX, std::chrono::steady_clock::now() + at_most);
        }
    }
};

/// The queue; after `old`, if that takes no more tags. Gives none and an error if there can't be one.
inline std::shared_ptr<queue> queue_after(const std::shared_ptr<queue> &old, std::optional<error> &why) {
    hub &here = home();
    // Whether nothing need be made: there is one, or there can be none.
    const auto is_settled = [&] {
        if (here.over)
            why = error(codes::stopped, "the program ends: there are no async calls any more");
        return here.over || (here.now && here.now != old);
    };
    {
        const std::lock_guard<std::mutex> guard(here.lock);
        if (is_settled())
            return here.over ? nullptr : here.now;
    }
    const std::lock_guard<std::mutex> making(here.making);
    {
        const std::lock_guard<std::mutex> guard(here.lock);
        if (is_settled())
            return here.over ? nullptr : here.now;
    }
    ::x_Queue *raw = nullptr;
    char *text = nullptr;
    const std::int32_t code = ::x_queue_new(XAMPLE_QUEUE_LIMIT, &raw, &text);
    if (code != 0) {
        why = error_of(code, text);
        return nullptr;
    }
    const std::lock_guard<std::mutex> guard(here.lock);
    // The program's end may have begun meanwhile.
    if (here.over) {
        ::x_queue_free(raw);
        is_settled();
        return nullptr;
    }
    auto made = std::make_shared<queue>(raw, here.next);
#if !defined(XAMPLE_NO_EXCEPTIONS)
    try {
#endif
        std::thread([made, &here] {
            made->run();
            const std::lock_guard<std::mutex> last(here.lock);
            here.running.erase(std::find(here.running.begin(), here.running.end(), made.get()));
            here.left.notify_all();
        }).detach();
#if !defined(XAMPLE_NO_EXCEPTIONS)
    } catch (const std::exception &none) {
        ::x_queue_free(raw);
        why = error(codes::no_thread, std::string("there is no thread for async calls: ") + none.what());
        return nullptr;
    }
#endif
    ++here.next;
    here.running.push_back(made.get());
    here.now = made;
    return made;
}

/// Begins an op. `begin` gets the queue, the tag and the places for the op and the error.
template <class Begin> std::optional<error> begin(const std::shared_ptr<waiting> &one, Begin &&begin) {
    if (!is_known())
        return error(codes::wrong_library, another_library());
    std::shared_ptr<queue> old;
    for (;;) {
        std::optional<error> why;
        const std::shared_ptr<queue> now = queue_after(old, why);
        if (!now)
            return why;
        const std::uint64_t made = now->room_made();
        if (!now->enter(one)) {
            old = now;
            continue;
        }
        char *text = nullptr;
        const auto tag = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(one.get()));
        const std::int32_t code = begin(now->raw(), tag, &one->op, &text);
        if (code == 0) {
            now->use();
            // After the library has registered what it does at the exit: what is registered later comes first.
            static const ending at_exit;
            if (!now->begun(one.get()))
                return ended_too_early();
            return std::nullopt;
        }
        const error failed = error_of(code, text);
        now->leave(one.get());
        if (code == codes::busy) {
            now->wait_for_room(made);
            continue;
        }
        now->gave_back();
        // Another queue would be of no more use. What this one says may be of an earlier shutdown.
        if (code == codes::stopped && !now->is_used() && ::x_wait(0) == codes::stopped)
            return error_of(codes::stopped, nullptr);
        if (code == codes::stopped ? ::x_start() == 0 : now->has_ended())
            // It was shut down after it was found, and its thread may not have noticed that yet. A library that can't
            // start again has ended for good.
            old = now;
        else
            return failed;
    }
}

/// An op's end, and who is told of it.
template <class Gives, class End, class Then> class waits_for final : public waiting {
  public:
    using value = result<typename Gives::type>;

    waits_for(End end, Then then) : end_(std::move(end)), then_(std::move(then)) {}

    void done() noexcept override { then_(take()); }
    void ended(const error &why) noexcept override { then_(value(why)); }

  private:
    value take() {
        Gives given;
        char *text = nullptr;
        const auto with_error = [&](auto... out) { return end_(op, out..., &text); };
        const std::int32_t code = given.run(with_error);
        if (code != 0)
            return error_of(code, text);
        if constexpr (std::is_void_v<typename Gives::type>)
            return {};
        else
            return given.take();
    }

    End end_;
    Then then_;
};

/// Sets a promise.
template <class T> struct fulfils {
    std::promise<outcome<T>> promise;

    void operator()(result<T> given) {
#if defined(XAMPLE_NO_EXCEPTIONS)
        promise.set_value(std::move(given));
#else
        if (!given)
            promise.set_exception(as_exception(given.error()));
        else if constexpr (std::is_void_v<T>)
            promise.set_value();
        else
            promise.set_value(*std::move(given));
#endif
    }
};

/// Calls a function of the host's.
template <class T, class F> struct calls {
    F then;

    void operator()(result<T> given) noexcept {
#if defined(XAMPLE_NO_EXCEPTIONS)
        then(std::move(given));
#else
        try {
            then(std::move(given));
        } catch (...) {
            uncaught(std::current_exception());
        }
#endif
    }
};

/// An async call that gives a future.
template <class Gives, class Begin, class End, class... After>
operation<typename Gives::type> start(Begin &&call, End end, After &&...after) {
    using then_t = fulfils<typename Gives::type>;
    then_t then;
    auto future = then.promise.get_future();
    const auto one = std::make_shared<waits_for<Gives, End, then_t>>(std::move(end), std::move(then));
    if (const auto why = begin(one, call))
        one->ended(*why);
    else
        (succeeded(after), ...);
    return operation<typename Gives::type>(std::move(future), canceller(one->op));
}

/// An async call that calls a function when it is done.
template <class Gives, class Begin, class End, class Then, class... After>
outcome<canceller> start_then(Begin &&call, End end, Then then, After &&...after) {
    using then_t = calls<typename Gives::type, Then>;
    const auto one =
        std::make_shared<waits_for<Gives, End, then_t>>(std::move(end), then_t{std::move(then)});
    if (const auto why = begin(one, call))
        return failed<canceller>(*why);
    (succeeded(after), ...);
    return outcome<canceller>(canceller(one->op));
}

/// Whether a function can be told of such a result.
template <class Then, class T> using hears = std::enable_if_t<std::is_invocable_v<Then &, result<T>>>;

} // namespace detail
} // namespace XAMPLE_MODE
} // namespace xample

#endif

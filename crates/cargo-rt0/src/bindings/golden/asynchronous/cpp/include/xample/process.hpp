// What a process has one of. Written by cargo rt0 bindings.
#ifndef XAMPLE_PROCESS_HPP
#define XAMPLE_PROCESS_HPP

#include <atomic>
#include <memory>

#if !defined(_WIN32)
#include <unistd.h>
#endif

#include "xample/mode.hpp"

namespace xample {
inline namespace XAMPLE_MODE {
namespace detail {

/// Its number, which is not 0.
inline long this_process() noexcept {
#if defined(_WIN32)
    return 1;
#else
    return static_cast<long>(::getpid());
#endif
}

/// This process' own. It is never freed: others use it while this program's statics go. A child of fork makes one of its
/// own, and leaves its parent's as it was: a lock may be held by a thread that the child does not have.
template <class T> T &of_process() {
    struct owned {
        explicit owned(long process) : of(process) {}
        const long of;
        T value;
    };
    static std::atomic<owned *> known{nullptr};
    const long process = this_process();
    // Acquire pairs with the Release of whoever has made it.
    owned *now = known.load(std::memory_order_acquire);
    while (now == nullptr || now->of != process) {
        auto made = std::make_unique<owned>(process);
        // Release pairs with the Acquire of whoever finds it.
        if (known.compare_exchange_strong(now, made.get(), std::memory_order_acq_rel, std::memory_order_acquire))
            now = made.release();
    }
    return now->value;
}

} // namespace detail
} // namespace XAMPLE_MODE
} // namespace xample

#endif

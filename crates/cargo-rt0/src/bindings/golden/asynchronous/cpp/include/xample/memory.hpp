// Memory that goes in without a copy and comes out with an owner. Written by cargo rt0 bindings.
#ifndef XAMPLE_MEMORY_HPP
#define XAMPLE_MEMORY_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "xample/errors.hpp"

namespace xample {
inline namespace XAMPLE_MODE {
namespace detail {

/// Whether the elements of a container can be lent as `T`: they are `T`, or both are bytes.
template <class From, class T>
inline constexpr bool lends = std::is_convertible_v<From (*)[], T (*)[]> ||
    (sizeof(From) == 1 && std::is_same_v<std::remove_const_t<T>, std::uint8_t> &&
     (std::is_same_v<std::remove_const_t<From>, char> || std::is_same_v<std::remove_const_t<From>, std::byte>) &&
     (std::is_const_v<T> || !std::is_const_v<From>));

} // namespace detail

/// Elements of the caller's: an address and a number. Any container whose elements lie in a row becomes one by itself,
/// `std::span` too; for bytes, also one of `char` or `std::byte`.
template <class T> class span {
  public:
    using element_type = T;
    using value_type = std::remove_cv_t<T>;

    constexpr span() noexcept = default;
    constexpr span(T *data, std::size_t size) noexcept : data_(data), size_(size) {}

    template <class C, class = std::enable_if_t<!std::is_same_v<std::decay_t<C>, span>>,
              class E = std::remove_pointer_t<decltype(std::data(std::declval<C &>()))>,
              class = decltype(std::size(std::declval<C &>())), class = std::enable_if_t<detail::lends<E, T>>>
    constexpr span(C &&container) noexcept : size_(std::size(container)) {
        if constexpr (std::is_convertible_v<E *, T *>)
            data_ = std::data(container);
        else
            data_ = reinterpret_cast<T *>(std::data(container));
    }

    constexpr T *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr T *begin() const noexcept { return data_; }
    constexpr T *end() const noexcept { return data_ + size_; }
    constexpr T &operator[](std::size_t at) const noexcept { return data_[at]; }

  private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

/// Elements that the library gave: it moves, is not copied, and gives them back at its end. They are where the library
/// has put them, without a copy.
template <class T> class buffer {
  public:
    using value_type = T;

    buffer() noexcept = default;
    /// Takes what a function of the C header gave.
    buffer(T *data, std::size_t size) noexcept : data_(data), size_(size) {}
    buffer(buffer &&other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    buffer &operator=(buffer &&other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    buffer(const buffer &) = delete;
    buffer &operator=(const buffer &) = delete;
    ~buffer() {
        if (data_ != nullptr)
            ::x_free(const_cast<std::remove_cv_t<T> *>(data_));
    }

    T *data() noexcept { return data_; }
    const T *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    T *begin() noexcept { return data_; }
    T *end() noexcept { return data_ + size_; }
    const T *begin() const noexcept { return data_; }
    const T *end() const noexcept { return data_ + size_; }
    T &operator[](std::size_t at) noexcept { return data_[at]; }
    const T &operator[](std::size_t at) const noexcept { return data_[at]; }

    /// A copy as a vector.
    std::vector<T> vector() const { return std::vector<T>(begin(), end()); }

  private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

namespace detail {

/// The type in the C header of a type here.
template <class T> struct raw {
    using type = T;
};
template <class T> using raw_t = typename raw<T>::type;
template <class T> struct raw<const T> {
    using type = const raw_t<T>;
};
template <class T> struct raw<T *> {
    using type = raw_t<T> *;
};

/// A pointer to a function.
template <class R, class... A> using function = R (*)(A...);

template <class T> T from_c(raw_t<T> value) noexcept {
    if constexpr (std::is_same_v<T, raw_t<T>>) {
        return value;
    } else if constexpr (std::is_enum_v<T>) {
        return static_cast<T>(value);
    } else {
        T made;
        std::memcpy(&made, &value, sizeof made);
        return made;
    }
}

template <class T> raw_t<T> to_c(const T &value) noexcept {
    if constexpr (std::is_same_v<T, raw_t<T>>) {
        return value;
    } else if constexpr (std::is_enum_v<T>) {
        return static_cast<raw_t<T>>(value);
    } else {
        raw_t<T> made;
        std::memcpy(&made, &value, sizeof made);
        return made;
    }
}

/// The same place, as the C header has its type. Only the library looks at it.
template <class T> raw_t<T> *place(T *at) noexcept { return reinterpret_cast<raw_t<T> *>(at); }
template <class T> const raw_t<T> *place(const T *at) noexcept { return reinterpret_cast<const raw_t<T> *>(at); }

/// The address of something empty that is there: null would be something missing.
template <class T> T *nowhere() noexcept { return reinterpret_cast<T *>(alignof(std::max_align_t)); }

inline const char *data(std::string_view text) noexcept { return text.data(); }
inline std::size_t size(std::string_view text) noexcept { return text.size(); }
inline const char *data(const std::optional<std::string_view> &text) noexcept {
    if (!text)
        return nullptr;
    return text->data() != nullptr ? text->data() : "";
}
inline std::size_t size(const std::optional<std::string_view> &text) noexcept { return text ? text->size() : 0; }

template <class T> auto data(span<T> of) noexcept { return place(of.data()); }
template <class T> std::size_t size(span<T> of) noexcept { return of.size(); }
template <class T> auto data(const std::optional<span<T>> &of) noexcept -> decltype(place(of->data())) {
    if (!of)
        return nullptr;
    return place(of->data() != nullptr ? of->data() : nowhere<T>());
}
template <class T> std::size_t size(const std::optional<span<T>> &of) noexcept { return of ? of->size() : 0; }

} // namespace detail
} // namespace XAMPLE_MODE
} // namespace xample

#endif

//! `cfg_select!`, which std has from Rust 1.95 on: once the minimum version is that, this file can go.

/// Expands to what stands in the braces of the first condition that holds; `_` always does.
///
/// Only items may stand there: std's own takes expressions, too.
#[doc(hidden)]
#[macro_export]
macro_rules! cfg_select {
    ($($arms:tt)*) => {
        $crate::__cfg_select! { () $($arms)* }
    };
}

/// In the parentheses are the conditions of the arms before.
#[doc(hidden)]
#[macro_export]
macro_rules! __cfg_select {
    (($($before:meta),*)) => {};
    (($($before:meta),*) _ => { $($items:tt)* }) => {
        #[cfg(not(any($($before),*)))]
        $crate::__items! { $($items)* }
    };
    (($($before:meta),*) $condition:meta => { $($items:tt)* } $($arms:tt)*) => {
        #[cfg(all($condition, not(any($($before),*))))]
        $crate::__items! { $($items)* }
        $crate::__cfg_select! { ($($before,)* $condition) $($arms)* }
    };
}

/// The items themselves: one attribute before this holds for all of them.
#[doc(hidden)]
#[macro_export]
macro_rules! __items {
    ($($item:item)*) => { $($item)* };
}

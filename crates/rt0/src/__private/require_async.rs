//! Checks at compile time that async functions have a runtime.

/// Does nothing, because async functions have a runtime.
#[cfg(feature = "tokio")]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_require_async {
    ($what:literal) => {};
}

/// Refuses an async function.
#[cfg(not(feature = "tokio"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_require_async {
    ($what:literal) => {
        ::core::compile_error!(::core::concat!(
            $what,
            " needs an async runtime: give the dependency `rt0` its feature `tokio`, or take the `async` away"
        ));
    };
}

//! Code of an expansion that needs a feature of rt0's. Without the feature there is one error, which says what to do,
//! and none about what is missing.

/// The first part with the feature `tokio`. Without it an error, and the second part.
#[cfg(feature = "tokio")]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_if_async {
    ($what:literal, $instead:literal, { $($with:tt)* } { $($without:tt)* }) => { $($with)* };
}

/// The first part with the feature `tokio`. Without it an error, and the second part.
#[cfg(not(feature = "tokio"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_if_async {
    ($what:literal, $instead:literal, { $($with:tt)* } { $($without:tt)* }) => {
        ::core::compile_error!(::core::concat!(
            $what,
            " needs an async runtime: give the dependency `rt0` its feature `tokio`, or ",
            $instead
        ));
        $($without)*
    };
}

/// The first part with the feature `tracing`. Without it an error, and the second part.
#[cfg(feature = "tracing")]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_if_tracing {
    ({ $($with:tt)* } { $($without:tt)* }) => { $($with)* };
}

/// The first part with the feature `tracing`. Without it an error, and the second part.
#[cfg(not(feature = "tracing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_if_tracing {
    ({ $($with:tt)* } { $($without:tt)* }) => {
        ::core::compile_error!(
            "the option `tracing` needs the feature `tracing` of the dependency `rt0`: add it, or remove the option"
        );
        $($without)*
    };
}

//! What ties async exports to the library's `#[rt0::init(async_exports)]`, and handles to async exports.

use std::ffi::c_void;

/// A value, with the address of what only such an init defines: the linker refuses a file without one.
#[repr(C)]
pub struct Expecting<T>(pub T, *const c_void);

// SAFETY: nobody follows the address.
unsafe impl<T: Sync> Sync for Expecting<T> {}

impl<T> Expecting<T> {
    /// The value, with this address.
    pub const fn new(value: T, init: *const c_void) -> Expecting<T> {
        Expecting(value, init)
    }
}

/// The module `__rt0_expecting`: its `INIT` is in a file only if an init with `async_exports` is. The symbol's name is
/// what the linker shows otherwise. The module is one unit for the compiler, so the assembly and the reference are in
/// one object.
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_expecting {
    () => {
        #[cfg(not(test))]
        mod __rt0_expecting {
            $crate::__private::rt0_core::expect_mark!(
                "an_async_export_needs_rt0_init_with_async_exports"
            );

            unsafe extern "C" {
                static an_async_export_needs_rt0_init_with_async_exports: ::core::ffi::c_void;
            }

            pub(super) static INIT: $crate::__private::Expecting<()> =
                $crate::__private::Expecting::new(
                    (),
                    &raw const an_async_export_needs_rt0_init_with_async_exports,
                );
        }

        #[cfg(test)]
        mod __rt0_expecting {
            pub(super) static INIT: () = ();
        }
    };
}

/// Lets async exports hold a handle of this type.
#[cfg(feature = "tokio")]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_keep_handle {
    ($handle:ty) => {
        // SAFETY: the handle is looked up, and the value behind it is held for the op.
        unsafe impl $crate::__private::ops::lent::Lent for $handle {
            type Kept = $crate::__private::ops::Kept<$handle>;

            unsafe fn keep(
                begin: &$crate::__private::ops::Begin,
                name: &'static str,
                at: *const ::core::ffi::c_void,
            ) -> ::core::result::Result<Self::Kept, $crate::__private::Failure> {
                $crate::__private::ops::lent::handle::<$handle>(begin, name, at)
            }
        }

        impl $crate::__private::ops::lent::LentAlone for $handle {
            type Kept = $crate::__private::ops::KeptAlone<$handle>;

            fn keep(
                begin: &$crate::__private::ops::Begin,
                name: &'static str,
                at: *mut ::core::ffi::c_void,
            ) -> ::core::result::Result<Self::Kept, $crate::__private::Failure> {
                $crate::__private::ops::lent::handle_alone::<$handle>(begin, name, at)
            }
        }
    };
}

/// Without a runtime there are no async exports.
#[cfg(not(feature = "tokio"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __rt0_keep_handle {
    ($handle:ty) => {};
}

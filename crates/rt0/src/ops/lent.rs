//! What an op keeps of the references that a host has passed, and lends to the author's future.

use std::ffi::c_void;
use std::ops::{Deref, DerefMut};

use super::{Begin, Kept, KeptAlone, kept, kept_alone};
use crate::call::types::{CType, Referent, checked};
use crate::failure::Failure;
use crate::generation::handles::Handle;

/// What `&T` in the signature of an async export leads to: plain data, which is copied, or a handle.
///
/// # Safety
/// As for [`Referent`].
#[diagnostic::on_unimplemented(
    message = "`&{Self}` can't be lent to an async export",
    label = "the op needs a copy of it, or a handle",
    note = "take plain data with `#[derive(rt0::CType)]`, or a `#[rt0::handle]`"
)]
pub unsafe trait Lent: Referent {
    /// What the op keeps.
    type Kept: Deref<Target = Self>;

    /// # Safety
    /// As for [`Referent::shared`].
    unsafe fn keep(
        begin: &Begin,
        name: &'static str,
        at: *const Self::C,
    ) -> Result<Self::Kept, Failure>;
}

/// What `&mut T` in the signature of an async export leads to: a handle.
#[diagnostic::on_unimplemented(
    message = "`&mut {Self}` can't be lent to an async export",
    label = "the host's memory may be gone when the future writes to it",
    note = "an async export goes on when the host's call has returned: take `&T`, which is copied, and return a \
            value, or make the type a `#[rt0::handle]`"
)]
pub trait LentAlone: Sized {
    /// What the op keeps.
    type Kept: DerefMut<Target = Self>;

    /// Holds it.
    fn keep(begin: &Begin, name: &'static str, at: *mut c_void) -> Result<Self::Kept, Failure>;
}

/// A copy of the host's plain data.
pub struct Copied<T>(T);

impl<T> Deref for Copied<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

// SAFETY: the host's value is checked before it is copied.
unsafe impl<T: CType> Lent for T {
    type Kept = Copied<T>;

    unsafe fn keep(_begin: &Begin, name: &'static str, at: *const T) -> Result<Copied<T>, Failure> {
        // SAFETY: passed on to our caller.
        unsafe { checked(name, at) }.map(|value| Copied(*value))
    }
}

/// What the op keeps of a shared reference.
///
/// # Safety
/// As for [`Referent::shared`].
pub unsafe fn shared<T: Lent>(
    begin: &Begin,
    name: &'static str,
    at: *const T::C,
) -> Result<T::Kept, Failure> {
    // SAFETY: passed on to our caller.
    unsafe { T::keep(begin, name, at) }
}

/// What the op keeps of an exclusive reference.
pub fn alone<T: LentAlone>(
    begin: &Begin,
    name: &'static str,
    at: *mut c_void,
) -> Result<T::Kept, Failure> {
    T::keep(begin, name, at)
}

/// For the impl of [`Lent`] that `#[rt0::handle]` makes.
pub fn handle<T: Handle>(
    begin: &Begin,
    name: &'static str,
    at: *const T::Opaque,
) -> Result<Kept<T>, Failure> {
    kept::<T>(begin.call(name)?, name, at)
}

/// For the impl of [`LentAlone`] that `#[rt0::handle]` makes.
pub fn handle_alone<T: Handle>(
    begin: &Begin,
    name: &'static str,
    at: *mut T::Opaque,
) -> Result<KeptAlone<T>, Failure> {
    kept_alone::<T>(begin.call(name)?, name, at)
}

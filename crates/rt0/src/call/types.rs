//! The types that can appear in an exported function's signature.

use std::ffi::c_void;
use std::mem::MaybeUninit;

use rt0_abi::TypeCode;
use rt0_core::{Status, sabotage};

use super::Call;
use crate::failure::Failure;

/// A type with a name in C.
///
/// # Safety
/// `TYPE` must describe exactly what C passes and receives. Hosts know nothing else about the type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no form in C",
    label = "not a type that an exported function can have",
    note = "exports take and give numbers, bool, &str, String, slices and Vec of plain types, raw pointers, extern \"C\" function pointers, and types with #[derive(rt0::CType)] or #[rt0::handle]"
)]
pub unsafe trait Type {
    /// The type's code in the library's description.
    const TYPE: TypeCode;
}

/// A type that a host can pass by value.
///
/// # Safety
/// Every value of the C type that a host can pass is a valid `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be passed from C by value",
    note = "pass a handle as `&T`, `&mut T` or `Box<T>`; give a struct or an enum `#[derive(rt0::CType)]`"
)]
pub unsafe trait FromC: Type + Sized {
    /// What the C function really takes: a type for which every value that a host can pass is valid.
    type C;

    /// Whether it has a pointer or a callback of the host's in it, which is lent for the call.
    const BORROWS: bool = false;

    /// The value, or `None` if what the host passed is not a valid one.
    fn from_c(value: Self::C) -> Option<Self>;
}

/// A type that can be given to a host by value.
///
/// # Safety
/// As for [`CType`]: `HAS_PADDING` is true if the type has padding, and `put` writes each field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be given to C by value",
    note = "give a handle as `Box<T>`; give a struct or an enum `#[derive(rt0::CType)]`"
)]
pub unsafe trait IntoC: Type + Copy {
    /// Whether some of its bytes belong to no field.
    const HAS_PADDING: bool = false;

    /// Writes the fields, and no byte between them.
    ///
    /// # Safety
    /// `at` is aligned and points to `size_of::<Self>()` bytes that can be written.
    #[inline(always)]
    unsafe fn put(self, at: *mut Self) {
        // SAFETY: passed on to our caller.
        unsafe { at.write(self) }
    }
}

/// A type that a host's function may return. Nothing checks the value that it returns.
///
/// # Safety
/// Every bit pattern is a valid value of the type.
#[diagnostic::on_unimplemented(
    message = "a host's function can't return `{Self}`: nobody would check that it is one",
    note = "let it return the integer, and check that; numbers, raw pointers and nothing at all are fine"
)]
pub unsafe trait Returned: Type {}

// SAFETY: the type has one value and no bits.
unsafe impl Returned for () {}

/// A struct or an enum with `#[derive(rt0::CType)]`, or a plain type. A host's bytes can be checked for
/// whether they are a valid value of it.
///
/// # Safety
/// `check` returns true only if the bytes are a valid value; `HAS_PADDING` is true if some byte belongs to no
/// field; `put` writes each field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not plain data that C and Rust share",
    label = "can't stand in a struct, a slice or behind a reference",
    note = "structs, slices and references hold numbers, bool, raw pointers, `Option`s of `extern \"C\"` functions, and types with #[derive(rt0::CType)]"
)]
pub unsafe trait CType: Type + Copy {
    /// Whether the bytes are a valid value.
    ///
    /// # Safety
    /// `at` is aligned and points to `size_of::<Self>()` bytes that can be read.
    unsafe fn check(at: *const Self) -> bool;

    /// Whether some of its bytes belong to no field.
    const HAS_PADDING: bool = false;

    /// As [`FromC::BORROWS`].
    const BORROWS: bool = false;

    /// Writes the fields, and no byte between them.
    ///
    /// # Safety
    /// `at` is aligned and points to `size_of::<Self>()` bytes that can be written.
    #[inline(always)]
    unsafe fn put(self, at: *mut Self) {
        // SAFETY: passed on to our caller.
        unsafe { at.write(self) }
    }
}

/// Checks at compile time that this type can be given to a host by value.
pub const fn given<T: IntoC>() {}

/// Writes a value into a host's memory, with zeros in a struct's padding. The value's own padding holds
/// whatever was in that memory before, which the host must not see.
///
/// # Safety
/// As for [`IntoC::put`].
#[inline(always)]
pub unsafe fn put<T: IntoC>(at: *mut T, value: T) {
    // SAFETY: passed on to our caller.
    unsafe {
        if T::HAS_PADDING && !sabotage::NO_PADDING_CLEARED {
            at.cast::<u8>().write_bytes(0, size_of::<T>());
            value.put(at);
        } else {
            at.write(value);
        }
    }
}

/// Checks one field, for the derive.
///
/// # Safety
/// As for [`CType::check`].
pub unsafe fn check_value<T: CType>(at: *const T) -> bool {
    // SAFETY: passed on to our caller.
    unsafe { T::check(at) }
}

/// What `&T` and `&mut T` in a signature point to: plain data in the host's memory, or a handle.
///
/// # Safety
/// A host can pass any pointer to `C`, so none may be trusted. `SIZE` is the number of bytes of the host's
/// memory that are lent, and `USES_GENERATION` is true if anything of the generation is lent.
#[diagnostic::on_unimplemented(
    message = "`&{Self}` has no form in C",
    note = "references lead to plain data with `#[derive(rt0::CType)]` or to a `#[rt0::handle]`"
)]
pub unsafe trait Referent: Type {
    /// What C's pointer points to.
    type C;
    /// Keeps a shared reference valid during the call.
    type Shared<'call>: std::ops::Deref<Target = Self>
    where
        Self: 'call;
    /// Keeps an exclusive reference valid during the call.
    type Exclusive<'call>: std::ops::DerefMut<Target = Self>
    where
        Self: 'call;
    /// Whether a call with such a parameter uses the generation.
    const USES_GENERATION: bool;
    /// How many bytes of the host's memory a value takes; 0 for a handle, which is a number.
    const SIZE: usize = 0;
    /// Whether some of these bytes belong to no field.
    const HAS_PADDING: bool = false;
    /// As [`FromC::BORROWS`].
    const BORROWS: bool = false;

    /// Writes zeros into the padding.
    ///
    /// # Safety
    /// `at` points to a valid value that nobody else uses meanwhile.
    unsafe fn tidy(_at: *mut Self::C) {}

    /// # Safety
    /// The C function's caller promises that `at` is null, or what the C header says.
    unsafe fn shared<'call>(
        call: &'call Call,
        name: &'static str,
        at: *const Self::C,
    ) -> Result<Self::Shared<'call>, Failure>;

    /// # Safety
    /// As for [`shared`](Referent::shared), and nobody else uses the value during the call.
    unsafe fn exclusive<'call>(
        call: &'call Call,
        name: &'static str,
        at: *mut Self::C,
    ) -> Result<Self::Exclusive<'call>, Failure>;
}

// SAFETY: the host passes a pointer to the C type of that name; the value is checked before it is lent.
unsafe impl<T: CType> Referent for T {
    type C = T;
    type Shared<'call>
        = &'call T
    where
        T: 'call;
    type Exclusive<'call>
        = &'call mut T
    where
        T: 'call;
    const USES_GENERATION: bool = false;
    const SIZE: usize = size_of::<T>();
    const HAS_PADDING: bool = <T as CType>::HAS_PADDING;
    const BORROWS: bool = <T as CType>::BORROWS;

    unsafe fn tidy(at: *mut T) {
        // SAFETY: passed on to our caller.
        unsafe {
            let value = at.read();
            at.cast::<u8>().write_bytes(0, size_of::<T>());
            value.put(at);
        }
    }

    unsafe fn shared<'call>(
        _call: &'call Call,
        name: &'static str,
        at: *const T,
    ) -> Result<&'call T, Failure> {
        // SAFETY: passed on to our caller.
        unsafe { checked(name, at) }
    }

    unsafe fn exclusive<'call>(
        _call: &'call Call,
        name: &'static str,
        at: *mut T,
    ) -> Result<&'call mut T, Failure> {
        // SAFETY: passed on to our caller; `check_pointer` has checked all that can be checked.
        unsafe {
            check_pointer(name, at)?;
            Ok(&mut *at)
        }
    }
}

/// Plain data of the host's, for as long as our caller wants: it promises that this is no longer than the host lends
/// it.
///
/// # Safety
/// As for [`Referent::shared`].
#[inline(always)]
pub(crate) unsafe fn checked<'a, T: CType>(
    name: &'static str,
    at: *const T,
) -> Result<&'a T, Failure> {
    // SAFETY: passed on to our caller; `check_pointer` has checked all that can be checked.
    unsafe {
        check_pointer(name, at)?;
        Ok(&*at)
    }
}

unsafe fn check_pointer<T: CType>(name: &'static str, at: *const T) -> Result<(), Failure> {
    let fail = |text| Err(Failure::new(name, Status::InvalidArgument, text));
    if at.is_null() {
        return fail("is null");
    }
    if !at.is_aligned() {
        return fail("is misaligned");
    }
    // SAFETY: passed on to our caller; aligned.
    if !unsafe { T::check(at) } {
        return fail("is not a valid value of its type");
    }
    Ok(())
}

macro_rules! plain {
    ($($type:ty = $code:literal;)+) => {
        $(
            // SAFETY: C has a type of the same size for each.
            unsafe impl Type for $type {
                const TYPE: TypeCode = TypeCode::leaf($code);
            }
            // SAFETY: every bit pattern is a value.
            unsafe impl FromC for $type {
                type C = $type;
                #[inline(always)]
                fn from_c(value: $type) -> Option<$type> {
                    Some(value)
                }
            }
            // SAFETY: it has no padding.
            unsafe impl IntoC for $type {}
            // SAFETY: every bit pattern is a value.
            unsafe impl Returned for $type {}
            // SAFETY: every bit pattern is a value.
            unsafe impl CType for $type {
                #[inline(always)]
                unsafe fn check(_at: *const $type) -> bool {
                    true
                }
            }
        )+
    };
}

plain! {
    i8 = b'a';
    i16 = b's';
    i32 = b'l';
    i64 = b'x';
    isize = b'I';
    u8 = b'h';
    u16 = b't';
    u32 = b'm';
    u64 = b'y';
    usize = b'Z';
    f32 = b'f';
    f64 = b'd';
}

// SAFETY: it is C's bool.
unsafe impl Type for bool {
    const TYPE: TypeCode = TypeCode::leaf(b'b');
}

// SAFETY: a bool is taken as the byte that it is in C.
unsafe impl FromC for bool {
    type C = u8;

    #[inline(always)]
    fn from_c(value: u8) -> Option<bool> {
        (value <= 1).then_some(value == 1)
    }
}

// SAFETY: it has no padding.
unsafe impl IntoC for bool {}

// SAFETY: the valid bytes are 0 and 1.
unsafe impl CType for bool {
    unsafe fn check(at: *const bool) -> bool {
        // SAFETY: passed on to our caller.
        unsafe { *at.cast::<u8>() <= 1 }
    }
}

// SAFETY: it is C's void.
unsafe impl Type for () {
    const TYPE: TypeCode = TypeCode::leaf(b'0');
}

// SAFETY: it is used only behind pointers, and is C's void there.
unsafe impl Type for c_void {
    const TYPE: TypeCode = TypeCode::leaf(b'v');
}

macro_rules! pointers {
    ($($pointer:ty = $code:literal;)+) => {
        $(
            // SAFETY: it is a pointer in C, to the C type of `T`.
            unsafe impl<T: Type> Type for $pointer {
                const TYPE: TypeCode = TypeCode::wrap($code, T::TYPE);
            }
            // SAFETY: every address is a valid raw pointer.
            unsafe impl<T: Type> FromC for $pointer {
                type C = $pointer;
                const BORROWS: bool = true;
                #[inline(always)]
                fn from_c(value: $pointer) -> Option<$pointer> {
                    Some(value)
                }
            }
            // SAFETY: it has no padding.
            unsafe impl<T: Type> IntoC for $pointer {}
            // SAFETY: every address is a valid raw pointer.
            unsafe impl<T: Type> Returned for $pointer {}
            // SAFETY: every address is a valid raw pointer.
            unsafe impl<T: Type> CType for $pointer {
                const BORROWS: bool = true;
                #[inline(always)]
                unsafe fn check(_at: *const $pointer) -> bool {
                    true
                }
            }
        )+
    };
}

pointers! {
    *const T = b'p';
    *mut T = b'P';
}

macro_rules! functions {
    ($($param:ident)*) => {
        functions!(@ [extern "C" fn($($param),*) -> R] $($param)*);
        functions!(@ [unsafe extern "C" fn($($param),*) -> R] $($param)*);
    };
    (@ [$function:ty] $($param:ident)*) => {
        // SAFETY: it is a pointer to a function in C.
        unsafe impl<$($param: Type,)* R: Returned> Type for $function {
            const TYPE: TypeCode = TypeCode::function(&[$($param::TYPE),*], R::TYPE);
        }
        // SAFETY: null is `None`; for any other address the host promises that it is such a function.
        unsafe impl<$($param: Type,)* R: Returned> FromC for $function {
            type C = Option<$function>;
            const BORROWS: bool = true;
            #[inline(always)]
            fn from_c(value: Option<$function>) -> Option<$function> {
                value
            }
        }
        // SAFETY: it has no padding.
        unsafe impl<$($param: Type,)* R: Returned> IntoC for $function {}
        // SAFETY: it is a pointer to a function in C; `None` is null.
        unsafe impl<$($param: Type,)* R: Returned> Type for Option<$function> {
            const TYPE: TypeCode = TypeCode::wrap(b'o', <$function>::TYPE);
        }
        // SAFETY: null is `None`; for any other address the host promises that it is such a function.
        unsafe impl<$($param: Type,)* R: Returned> FromC for Option<$function> {
            type C = Option<$function>;
            const BORROWS: bool = true;
            #[inline(always)]
            fn from_c(value: Option<$function>) -> Option<Option<$function>> {
                Some(value)
            }
        }
        // SAFETY: it has no padding.
        unsafe impl<$($param: Type,)* R: Returned> IntoC for Option<$function> {}
        // SAFETY: null is `None`; for any other address the host promises that it is such a function.
        unsafe impl<$($param: Type,)* R: Returned> CType for Option<$function> {
            const BORROWS: bool = true;
            #[inline(always)]
            unsafe fn check(_at: *const Option<$function>) -> bool {
                true
            }
        }
    };
}

functions!();
functions!(A);
functions!(A B);
functions!(A B C);
functions!(A B C D);
functions!(A B C D E);
functions!(A B C D E F);
functions!(A B C D E F G);
functions!(A B C D E F G H);
functions!(A B C D E F G H I);
functions!(A B C D E F G H I J);

/// Whether this type code describes a host's function, or an `Option` of one.
pub const fn is_callback(code: &TypeCode) -> bool {
    matches!(code.as_bytes(), [b'F', ..] | [b'o', b'F', ..])
}

/// A struct passed by value, for the derive. The C function takes it as `MaybeUninit`, so no bytes are
/// treated as a value before they are checked.
pub fn struct_by_value<T: CType>(value: MaybeUninit<T>) -> Option<T> {
    // SAFETY: `value` has the size and alignment of a `T`; `check` says whether its bytes are a valid value.
    unsafe { T::check(value.as_ptr()).then(|| value.assume_init()) }
}

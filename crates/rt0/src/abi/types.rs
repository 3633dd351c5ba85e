//! The types that can stand in an exported function's signature.

use std::ffi::c_void;
use std::mem::MaybeUninit;

use rt0_abi::TypeCode;
use rt0_core::Status;

use super::call::{Call, Failure};

/// A type with a name in C.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no form in C",
    label = "not a type that an exported function can have",
    note = "exports take and give numbers, bool, &str, String, slices and Vec of plain types, raw pointers, extern \"C\" function pointers, and types with #[derive(rt0::CType)] or #[rt0::handle]"
)]
pub trait Type {
    /// How the library's description writes it.
    const TYPE: TypeCode;
}

/// A type that a host can pass by value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be passed from C by value",
    note = "pass a handle as `&T`, `&mut T` or `Box<T>`; give a struct or an enum `#[derive(rt0::CType)]`"
)]
pub trait FromC: Type + Sized {
    /// What the C function really takes: something for which every value that a host can pass is
    /// valid.
    type C;

    /// The value, if it is one.
    fn from_c(value: Self::C) -> Option<Self>;
}

/// A type that a host can be given by value, and whose bytes can be copied.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be given to C by value",
    note = "give a handle as `Box<T>`; give a struct or an enum `#[derive(rt0::CType)]`"
)]
pub trait IntoC: Type + Copy {}

/// What a host's function may return: a type of which every bit pattern is a value, for nobody checks
/// it.
#[diagnostic::on_unimplemented(
    message = "a host's function can't return `{Self}`: nobody would check that it is one",
    note = "let it return the integer, and check that; numbers, raw pointers and nothing at all are fine"
)]
pub trait Returned: Type {}

impl Returned for () {}

/// A struct or an enum with `#[derive(rt0::CType)]`, or a plain type: one for which it can be checked
/// whether a host's bytes are a value.
///
/// # Safety
/// `check` returns true only if the bytes are a valid value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not plain data that C and Rust share",
    label = "can't stand in a struct, a slice or behind a reference",
    note = "structs, slices and references hold numbers, bool, raw pointers, `Option`s of `extern \"C\"` functions, and types with #[derive(rt0::CType)]"
)]
pub unsafe trait CType: Type + Copy {
    /// Whether the bytes are a valid value.
    ///
    /// # Safety
    /// `at` is aligned and leads to `size_of::<Self>()` bytes that can be read.
    unsafe fn check(at: *const Self) -> bool;
}

/// Checks one field, for the derive.
///
/// # Safety
/// As [`CType::check`].
pub unsafe fn check_value<T: CType>(at: *const T) -> bool {
    // SAFETY: passed on to our caller.
    unsafe { T::check(at) }
}

/// What `&T` and `&mut T` in a signature lead to: plain data in the host's memory, or a handle.
#[diagnostic::on_unimplemented(
    message = "`&{Self}` has no form in C",
    note = "references lead to plain data with `#[derive(rt0::CType)]` or to a `#[rt0::handle]`"
)]
pub trait Referent: Type {
    /// What C's pointer leads to.
    type C;
    /// What keeps a shared one valid during the call.
    type Shared<'call>: std::ops::Deref<Target = Self>
    where
        Self: 'call;
    /// What keeps an exclusive one valid during the call.
    type Exclusive<'call>: std::ops::DerefMut<Target = Self>
    where
        Self: 'call;
    /// Whether a call with one uses the generation.
    const USES_GENERATION: bool;

    /// # Safety
    /// As the C function's caller promises: null, or what the C header says.
    unsafe fn shared<'call>(
        call: &'call Call,
        name: &'static str,
        at: *const Self::C,
    ) -> Result<Self::Shared<'call>, Failure>;

    /// # Safety
    /// As above, and nobody else uses it during the call.
    unsafe fn exclusive<'call>(
        call: &'call Call,
        name: &'static str,
        at: *mut Self::C,
    ) -> Result<Self::Exclusive<'call>, Failure>;
}

impl<T: CType> Referent for T {
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

    unsafe fn shared<'call>(
        _call: &'call Call,
        name: &'static str,
        at: *const T,
    ) -> Result<&'call T, Failure> {
        // SAFETY: passed on to our caller; `check_pointer` has looked at what can be seen.
        unsafe {
            check_pointer(name, at)?;
            Ok(&*at)
        }
    }

    unsafe fn exclusive<'call>(
        _call: &'call Call,
        name: &'static str,
        at: *mut T,
    ) -> Result<&'call mut T, Failure> {
        // SAFETY: as above.
        unsafe {
            check_pointer(name, at)?;
            Ok(&mut *at)
        }
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
        return fail("holds a value that its type does not have");
    }
    Ok(())
}

macro_rules! plain {
    ($($type:ty = $code:literal;)+) => {
        $(
            impl Type for $type {
                const TYPE: TypeCode = TypeCode::leaf($code);
            }
            impl FromC for $type {
                type C = $type;
                #[inline(always)]
                fn from_c(value: $type) -> Option<$type> {
                    Some(value)
                }
            }
            impl IntoC for $type {}
            impl Returned for $type {}
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

impl Type for bool {
    const TYPE: TypeCode = TypeCode::leaf(b'b');
}

impl FromC for bool {
    type C = u8;

    #[inline(always)]
    fn from_c(value: u8) -> Option<bool> {
        (value <= 1).then_some(value == 1)
    }
}

impl IntoC for bool {}

// SAFETY: the valid bytes are 0 and 1.
unsafe impl CType for bool {
    unsafe fn check(at: *const bool) -> bool {
        // SAFETY: passed on to our caller.
        unsafe { *at.cast::<u8>() <= 1 }
    }
}

impl Type for () {
    const TYPE: TypeCode = TypeCode::leaf(b'0');
}

impl Type for c_void {
    const TYPE: TypeCode = TypeCode::leaf(b'v');
}

macro_rules! pointers {
    ($($pointer:ty = $code:literal;)+) => {
        $(
            impl<T: Type> Type for $pointer {
                const TYPE: TypeCode = TypeCode::wrap($code, T::TYPE);
            }
            impl<T: Type> FromC for $pointer {
                type C = $pointer;
                #[inline(always)]
                fn from_c(value: $pointer) -> Option<$pointer> {
                    Some(value)
                }
            }
            impl<T: Type> IntoC for $pointer {}
            impl<T: Type> Returned for $pointer {}
            // SAFETY: every address is a valid raw pointer.
            unsafe impl<T: Type> CType for $pointer {
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
        impl<$($param: Type,)* R: Returned> Type for $function {
            const TYPE: TypeCode = TypeCode::function(&[$($param::TYPE),*], R::TYPE);
        }
        impl<$($param: Type,)* R: Returned> FromC for $function {
            type C = Option<$function>;
            #[inline(always)]
            fn from_c(value: Option<$function>) -> Option<$function> {
                value
            }
        }
        impl<$($param: Type,)* R: Returned> IntoC for $function {}
        impl<$($param: Type,)* R: Returned> Type for Option<$function> {
            const TYPE: TypeCode = TypeCode::wrap(b'o', <$function>::TYPE);
        }
        impl<$($param: Type,)* R: Returned> FromC for Option<$function> {
            type C = Option<$function>;
            #[inline(always)]
            fn from_c(value: Option<$function>) -> Option<Option<$function>> {
                Some(value)
            }
        }
        impl<$($param: Type,)* R: Returned> IntoC for Option<$function> {}
        // SAFETY: null is `None`; any other address is the host's word for a function.
        unsafe impl<$($param: Type,)* R: Returned> CType for Option<$function> {
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

/// Whether it is a function of the host's, or an `Option` of one, by its description.
pub const fn is_callback(code: &TypeCode) -> bool {
    matches!(code.as_bytes(), [b'F', ..] | [b'o', b'F', ..])
}

/// A struct that came by value, for the derive. A C function takes it as `MaybeUninit`, so that no
/// bytes are taken for a value before they are checked.
pub fn struct_by_value<T: CType>(value: MaybeUninit<T>) -> Option<T> {
    // SAFETY: the place is a `T`'s; `check` says whether its bytes are a value.
    unsafe { T::check(value.as_ptr()).then(|| value.assume_init()) }
}

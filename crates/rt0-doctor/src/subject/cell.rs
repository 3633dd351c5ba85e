//! Arguments in the form in which C has them.

use std::ffi::{CString, c_void};

use libffi::middle::{Arg as FfiArg, Type};

use super::callback::called;
use crate::calls::{Arg, Ty};
use crate::verdict::Stop;

/// An argument in the form in which C has it.
#[derive(Clone, Copy)]
pub(super) enum Cell {
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    F32(f32),
    F64(f64),
    Pointer(*const c_void),
}

/// How many arguments a call may have.
pub(super) const MOST: usize = 32;

impl Cell {
    /// What libffi is given.
    pub(super) fn arg(&self) -> FfiArg<'_> {
        match self {
            Cell::U8(value) => FfiArg::new(value),
            Cell::U16(value) => FfiArg::new(value),
            Cell::U32(value) => FfiArg::new(value),
            Cell::U64(value) => FfiArg::new(value),
            Cell::F32(value) => FfiArg::new(value),
            Cell::F64(value) => FfiArg::new(value),
            Cell::Pointer(value) => FfiArg::new(value),
        }
    }

    fn integer(ty: Ty, value: i128) -> Cell {
        match ty {
            Ty::Bool | Ty::I8 | Ty::U8 => Cell::U8(value as u8),
            Ty::I16 | Ty::U16 => Cell::U16(value as u16),
            Ty::I32 | Ty::U32 => Cell::U32(value as u32),
            Ty::I64 | Ty::U64 => Cell::U64(value as u64),
            _ => Cell::Pointer(value as usize as *const c_void),
        }
    }
}

/// Texts and buffers are never freed: the library may keep them.
pub(super) fn push(arg: &Arg, values: &mut Vec<Cell>, types: &mut Vec<Type>) -> Result<(), Stop> {
    let pointer = |pointer: *const c_void| (Cell::Pointer(pointer), Type::pointer());
    let (value, ty) = match arg {
        Arg::Int(ty, value) => (Cell::integer(*ty, *value), ffi_type(*ty)),
        Arg::Float(Ty::F32, value) => (Cell::F32(*value as f32), Type::f32()),
        Arg::Float(_, value) => (Cell::F64(*value), Type::f64()),
        Arg::Str(text) => {
            let text = CString::new(text.as_str())
                .map_err(|_| Stop::could_not("a `str` of a call has a zero byte: use `text`"))?;
            pointer(text.into_raw().cast_const().cast())
        }
        Arg::Text(text) => {
            let text: &'static str = Box::leak(text.clone().into_boxed_str());
            values.push(Cell::Pointer(text.as_ptr().cast()));
            types.push(Type::pointer());
            (Cell::Pointer(text.len() as *const c_void), Type::usize())
        }
        Arg::Bytes { bytes, with_length } => {
            let mut ended = bytes.clone();
            ended.push(0);
            let text: &'static [u8] = ended.leak();
            if *with_length {
                values.push(Cell::Pointer(text.as_ptr().cast()));
                types.push(Type::pointer());
                (Cell::Pointer(bytes.len() as *const c_void), Type::usize())
            } else {
                pointer(text.as_ptr().cast())
            }
        }
        Arg::Buffer(size) => {
            // Aligned for whatever the function expects there.
            let buffer = vec![0u128; size.div_ceil(16).max(1)].into_boxed_slice();
            pointer(Box::leak(buffer).as_ptr().cast())
        }
        Arg::Null => pointer(std::ptr::null()),
        Arg::Callback => pointer(called as *const c_void),
    };
    values.push(value);
    types.push(ty);
    match values.len() <= MOST {
        true => Ok(()),
        false => Err(Stop::could_not(format!(
            "a call has more than {MOST} arguments"
        ))),
    }
}

/// The type as libffi has it.
pub(super) fn ffi_type(ty: Ty) -> Type {
    match ty {
        Ty::Void => Type::void(),
        Ty::Bool | Ty::U8 => Type::u8(),
        Ty::I8 => Type::i8(),
        Ty::I16 => Type::i16(),
        Ty::I32 => Type::i32(),
        Ty::I64 => Type::i64(),
        Ty::Isize => Type::isize(),
        Ty::U16 => Type::u16(),
        Ty::U32 => Type::u32(),
        Ty::U64 => Type::u64(),
        Ty::Usize => Type::usize(),
        Ty::F32 => Type::f32(),
        Ty::F64 => Type::f64(),
        Ty::Ptr | Ty::Str => Type::pointer(),
    }
}

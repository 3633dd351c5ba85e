//! A call by libffi.

use std::ffi::{CStr, CString, c_char, c_void};

use libffi::middle::{Arg as FfiArg, Cif, CodePtr, Type};

use super::Library;
use super::callback::called;
use crate::calls::{Arg, Call, Ty, Value};
use crate::verdict::Stop;

/// A call that is ready: neither the call nor a look at a number that it returns allocates anything.
pub struct Prepared {
    call: Call,
    function: CodePtr,
    cif: Cif,
    values: Vec<Cell>,
}

/// An argument in the form in which C has it.
#[derive(Clone, Copy)]
enum Cell {
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    F32(f32),
    F64(f64),
    Pointer(*const c_void),
}

// SAFETY: what is inside is only read. The pointers lead to memory that is never freed.
unsafe impl Send for Prepared {}
// SAFETY: as above; libffi's description of a call is not changed by calling.
unsafe impl Sync for Prepared {}

impl Prepared {
    pub(super) fn new(function: *mut c_void, call: &Call) -> Result<Prepared, Stop> {
        let mut values = Vec::new();
        let mut types = Vec::new();
        for arg in &call.args {
            push(arg, &mut values, &mut types)?;
        }
        Ok(Prepared {
            call: call.clone(),
            function: CodePtr::from_ptr(function),
            cif: Cif::new(types, ffi_type(call.result)),
            values,
        })
    }

    /// The same call, after the library was loaded again.
    ///
    /// # Errors
    /// There is no such function in it.
    pub fn look_up_again(&mut self, library: &Library) -> Result<(), Stop> {
        let symbol = &self.call.symbol;
        let gone = || Stop::fail(format!("loaded again, it has no function `{symbol}`"));
        self.function = CodePtr::from_ptr(library.symbol(symbol).ok_or_else(gone)?);
        Ok(())
    }

    /// The call as it was written.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Calls.
    pub fn invoke(&self) -> Value {
        // The list is on the stack: it must not need an allocation.
        let args: [FfiArg<'_>; MOST] = std::array::from_fn(|place| match self.values.get(place) {
            Some(cell) => cell.arg(),
            None => FfiArg::new(&()),
        });
        let args = &args[..self.values.len()];
        match self.call.result {
            Ty::Void => {
                let () = self.with(args);
                Value::Void
            }
            Ty::Bool => Value::Int((self.with::<u8>(args) != 0).into()),
            Ty::I8 => Value::Int(self.with::<i8>(args).into()),
            Ty::I16 => Value::Int(self.with::<i16>(args).into()),
            Ty::I32 => Value::Int(self.with::<i32>(args).into()),
            Ty::I64 => Value::Int(self.with::<i64>(args).into()),
            Ty::Isize => Value::Int(self.with::<isize>(args) as i128),
            Ty::U8 => Value::Int(self.with::<u8>(args).into()),
            Ty::U16 => Value::Int(self.with::<u16>(args).into()),
            Ty::U32 => Value::Int(self.with::<u32>(args).into()),
            Ty::U64 => Value::Int(self.with::<u64>(args).into()),
            Ty::Usize | Ty::Ptr => Value::Int(self.with::<usize>(args) as i128),
            Ty::F32 => Value::Float(self.with::<f32>(args).into()),
            Ty::F64 => Value::Float(self.with(args)),
            Ty::Str => text(self.with::<usize>(args) as *const c_char),
        }
    }

    /// Calls, and checks the answer.
    ///
    /// # Errors
    /// It is not what it should be.
    pub fn check(&self) -> Result<(), Stop> {
        let answer = self.invoke();
        self.call
            .objection(&answer)
            .map_or(Ok(()), |why| Err(Stop::fail(why)))
    }

    fn with<R>(&self, args: &[FfiArg<'_>]) -> R {
        // SAFETY: that the function is of this type is the word of whoever wrote the call. If it is wrong, this
        // process crashes, which exists for nothing else.
        unsafe { self.cif.call(self.function, args) }
    }
}

/// How many arguments a call may have.
const MOST: usize = 32;

impl Cell {
    fn arg(&self) -> FfiArg<'_> {
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
fn push(arg: &Arg, values: &mut Vec<Cell>, types: &mut Vec<Type>) -> Result<(), Stop> {
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

fn ffi_type(ty: Ty) -> Type {
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

fn text(pointer: *const c_char) -> Value {
    match pointer.is_null() {
        true => Value::Int(0),
        // SAFETY: that the function returns a C string is the word of whoever wrote the call.
        false => Value::Str(
            unsafe { CStr::from_ptr(pointer) }
                .to_string_lossy()
                .into_owned(),
        ),
    }
}

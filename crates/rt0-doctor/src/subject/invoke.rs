//! A call by libffi.

use std::ffi::{CStr, c_char, c_void};

use libffi::middle::{Arg as FfiArg, Cif, CodePtr};

use super::Library;
use super::cell::{Cell, MOST, ffi_type, push};
use super::later::{Steps, Taken};
use crate::calls::{Call, Ty, Value};
use crate::verdict::Stop;

/// A call that is ready: neither the call nor a look at a number that it returns allocates anything.
pub struct Prepared {
    call: Call,
    function: CodePtr,
    cif: Cif,
    values: Vec<Cell>,
    steps: Option<Steps>,
}

// SAFETY: what is inside is only read. The pointers lead to memory that is never freed.
unsafe impl Send for Prepared {}
// SAFETY: as above; libffi's description of a call is not changed by calling.
unsafe impl Sync for Prepared {}

impl Prepared {
    pub(super) fn new(
        find: impl Fn(&str) -> Result<*mut c_void, Stop>,
        call: &Call,
    ) -> Result<Prepared, Stop> {
        let mut values = Vec::new();
        let mut types = Vec::new();
        for arg in &call.args {
            push(arg, &mut values, &mut types)?;
        }
        let steps = match &call.later {
            Some(later) => Some(Steps::new(&find, call, later, &values, &types)?),
            None => None,
        };
        Ok(Prepared {
            call: call.clone(),
            function: CodePtr::from_ptr(find(&call.symbol)?),
            cif: Cif::new(types, ffi_type(call.result)),
            values,
            steps,
        })
    }

    /// The same call, after the library was loaded again.
    ///
    /// # Errors
    /// There is no such function in it.
    pub fn look_up_again(&mut self, library: &Library) -> Result<(), Stop> {
        let find = |symbol: &str| {
            let gone = || Stop::fail(format!("loaded again, it has no function `{symbol}`"));
            library.symbol(symbol).ok_or_else(gone)
        };
        self.function = CodePtr::from_ptr(find(&self.call.symbol)?);
        if let (Some(steps), Some(later)) = (&mut self.steps, &self.call.later) {
            steps.look_up(find, &self.call, later)?;
        }
        Ok(())
    }

    /// The call as it was written.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Calls. A call that gives its result later is made twice: step by step and, if it was done before it was given
    /// up, by its blocking twin.
    pub fn invoke(&self) -> Value {
        let Some(steps) = &self.steps else {
            return self.once();
        };
        match steps.taken(&self.values) {
            Taken::Done(status) if status >= 0 => self.once(),
            Taken::GivenUp => Value::Int(0),
            Taken::Done(status) => Value::Int(status.into()),
        }
    }

    fn once(&self) -> Value {
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

//! A call whose result comes later: begun, waited for, ended.

use std::ffi::c_void;
use std::ptr::null;

use libffi::middle::{Arg as FfiArg, Cif, CodePtr, Type};

use super::cell::{Cell, MOST};
use crate::calls::{Call, Later};
use crate::verdict::Stop;

/// The functions of such a call. Like the call itself, they need no allocation.
pub(super) struct Steps {
    functions: [CodePtr; 4],
    /// How each is called, in the same order.
    cifs: [Cif; 4],
    timeout_ms: i32,
    /// How many of the call's arguments are not for its result.
    own: usize,
}

/// What came of it.
pub(super) enum Taken {
    /// This status: of the call, or of the step that did not work.
    Done(i32),
    /// It was not done in the time that it was given, and the library has said so by ending it.
    GivenUp,
}

/// What the call that begins has besides the call's own arguments.
const MORE: usize = 5;

impl Steps {
    pub(super) fn new(
        find: impl Fn(&str) -> Result<*mut c_void, Stop>,
        call: &Call,
        later: &Later,
        values: &[Cell],
        types: &[Type],
    ) -> Result<Steps, Stop> {
        let own = values.len() - later.outs;
        if values.len() + MORE > MOST {
            return Err(Stop::could_not(format!(
                "{call} has more than {MOST} arguments"
            )));
        }
        let pointer = Type::pointer;
        let more = [Type::i32(), pointer(), Type::u64(), pointer(), pointer()];
        let begin = [&types[..own], &more].concat();
        let end = [&[pointer()], &types[own..]].concat();
        let mut steps = Steps {
            functions: [CodePtr(std::ptr::null_mut()); 4],
            cifs: [
                Cif::new(begin, Type::i32()),
                Cif::new([pointer(), Type::i32()], Type::i32()),
                Cif::new(end, Type::i32()),
                Cif::new([pointer()], Type::i32()),
            ],
            timeout_ms: later.timeout_ms,
            own,
        };
        steps.look_up(find, call, later)?;
        Ok(steps)
    }

    /// The functions, once more.
    ///
    /// # Errors
    /// What `find` says.
    pub(super) fn look_up(
        &mut self,
        find: impl Fn(&str) -> Result<*mut c_void, Stop>,
        call: &Call,
        later: &Later,
    ) -> Result<(), Stop> {
        for (function, symbol) in self.functions.iter_mut().zip(later.symbols(&call.symbol)) {
            *function = CodePtr::from_ptr(find(&symbol)?);
        }
        Ok(())
    }

    /// Takes the steps. The last of the values is the place for an error's text.
    pub(super) fn taken(&self, values: &[Cell]) -> Taken {
        const TIMED_OUT: i32 = rt0_abi::Status::TimedOut.code();
        let mut op: *const c_void = null();
        let (queue, tag, place): (*const c_void, u64, _) = (null(), 1, &raw mut op);
        let more = [
            FfiArg::new(&self.timeout_ms),
            FfiArg::new(&queue),
            FfiArg::new(&tag),
            FfiArg::new(&place),
        ];
        // The lists are on the stack: they must not need an allocation.
        let mut args: [FfiArg<'_>; MOST] = std::array::from_fn(|_| FfiArg::new(&()));
        let own = values[..self.own].iter().map(Cell::arg);
        let error = values.last().map(Cell::arg);
        let begin = fill(&mut args, own.chain(more).chain(error));
        match self.step(0, begin) {
            0 => {}
            status => return Taken::Done(status),
        }
        match self.step(1, &[FfiArg::new(&op), FfiArg::new(&Later::PATIENCE)]) {
            0 => {}
            status => {
                self.step(3, &[FfiArg::new(&op)]);
                return Taken::Done(status);
            }
        }
        let mut args: [FfiArg<'_>; MOST] = std::array::from_fn(|_| FfiArg::new(&()));
        let outs = values[self.own..].iter().map(Cell::arg);
        let end = fill(&mut args, std::iter::once(FfiArg::new(&op)).chain(outs));
        match self.step(2, end) {
            TIMED_OUT => Taken::GivenUp,
            status => Taken::Done(status),
        }
    }

    fn step(&self, which: usize, args: &[FfiArg<'_>]) -> i32 {
        // SAFETY: that these functions are of these types is the word of the library's own description. If it is
        // wrong, this process crashes, which exists for nothing else.
        unsafe { self.cifs[which].call(self.functions[which], args) }
    }
}

/// Puts these into the list, and gives the part that is filled.
fn fill<'l, 'a>(
    list: &'l mut [FfiArg<'a>; MOST],
    with: impl Iterator<Item = FfiArg<'a>>,
) -> &'l [FfiArg<'a>] {
    let mut count = 0;
    for arg in with {
        list[count] = arg;
        count += 1;
    }
    &list[..count]
}

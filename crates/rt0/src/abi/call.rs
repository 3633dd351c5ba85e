//! One call from a host: past the gate, into the author's function, back with a value or an error.

use std::ffi::c_char;
use std::fmt::Display;
use std::io::Write;
use std::ptr::null_mut;

use rt0_core::{Library, Status, fork, generation, sabotage};

use crate::abi::buffer;
use crate::abi::types::IntoC;
use crate::generation::Generation;
use crate::inflight::Inside;
use crate::lifecycle::{last_error_text, set_last_error};
use crate::panic::Caught;
use crate::state::{IsState, SharedState, State};
use crate::{Error, forked, locals, panic, ready, runtime};

/// Why a call has no value for its caller.
#[derive(Debug)]
pub struct Failure(Reason);

/// The texts of what can be wrong with an argument are made only when somebody is told: until then a
/// failure is a few constants, so that the hot half of a call needs no stack for it.
#[derive(Debug)]
enum Reason {
    /// Of rt0's own.
    Fixed {
        subject: &'static str,
        status: Status,
        text: &'static str,
    },
    /// The same, with the index of what is wrong in the middle of the text.
    Index {
        subject: &'static str,
        status: Status,
        before: &'static str,
        index: usize,
        after: &'static str,
    },
    /// The words of the status, about the library of this name.
    Refused {
        library: &'static str,
        status: Status,
    },
    /// Anything else.
    Told { code: i32, text: String },
}

impl Failure {
    /// rt0's own. The subject is a call, or a call and one of its parameters: `search_count: word`.
    #[inline(always)]
    pub(crate) const fn new(subject: &'static str, status: Status, text: &'static str) -> Failure {
        Failure(Reason::Fixed {
            subject,
            status,
            text,
        })
    }

    /// The same, about the element with this index.
    #[inline(always)]
    pub(crate) const fn at(
        subject: &'static str,
        status: Status,
        (before, index, after): (&'static str, usize, &'static str),
    ) -> Failure {
        Failure(Reason::Index {
            subject,
            status,
            before,
            index,
            after,
        })
    }

    pub(crate) fn told(code: i32, text: String) -> Failure {
        Failure(Reason::Told { code, text })
    }

    /// rt0's own, about one of the lifecycle calls.
    pub(crate) fn of_lifecycle(call: &str, status: Status, text: &str) -> Failure {
        let name = rt0_core::this_library().map_or("rt0", |library| library.name());
        Failure::told(status.code(), format!("{name}_{call}: {text}"))
    }

    pub(crate) fn author(code: i32, text: String) -> Failure {
        Failure::told(code.max(1), text)
    }

    /// The same for a caller in Rust. Only for rt0's own.
    pub(crate) fn into_error(self) -> Error {
        let (code, text) = self.tell();
        Error::new(Status::from_code(code).unwrap_or(Status::EndedBadly), text)
    }

    /// The code and the text for the host.
    fn tell(self) -> (i32, String) {
        match self.0 {
            Reason::Fixed {
                subject,
                status,
                text,
            } => (status.code(), format!("{subject} {text}")),
            Reason::Index {
                subject,
                status,
                before,
                index,
                after,
            } => (status.code(), format!("{subject} {before} {index}{after}")),
            Reason::Refused { library, status } => (status.code(), format!("{library}: {status}")),
            Reason::Told { code, text } => (code, text),
        }
    }

    /// The code alone.
    fn code(&self) -> i32 {
        match &self.0 {
            Reason::Fixed { status, .. }
            | Reason::Index { status, .. }
            | Reason::Refused { status, .. } => status.code(),
            Reason::Told { code, .. } => *code,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let status = error.status();
        match error.into_told() {
            Ok(text) => Failure::told(status.code(), text),
            Err(library) => Failure(Reason::Refused { library, status }),
        }
    }
}

/// The text of an author's error. The alternate form makes error types that know their causes print
/// them all.
pub fn shown<E: Display>(error: &E) -> String {
    format!("{error:#}")
}

/// The author's error, with its number.
#[cold]
pub fn author_failure<E: Display>(code: i32, error: E) -> Failure {
    Failure::author(code, shown(&error))
}

/// The body of an export that can report: 0, or the code of what went wrong. The symbol is for the
/// text of a panic.
///
/// # Safety
/// `err` is null or a place for a pointer.
#[inline(always)]
pub unsafe fn run(
    symbol: &'static str,
    err: *mut *mut c_char,
    body: impl FnOnce() -> Result<(), Failure>,
) -> i32 {
    match panic::caught_call(body) {
        Ok(Ok(())) => 0,
        // In registers, where they are few: the hot half then needs no stack.
        Ok(Err(Failure(Reason::Fixed {
            subject,
            status,
            text,
            // SAFETY: passed on to our caller.
        }))) => unsafe { fail_fixed(err, subject, status, text) },
        // SAFETY: passed on to our caller.
        Ok(Err(failure)) => unsafe { fail(err, failure) },
        // SAFETY: passed on to our caller.
        Err(caught) => unsafe { fail(err, panicked(symbol, caught)) },
    }
}

/// The body of an export that can't report: its value, or what its author has said it gives instead.
#[inline(always)]
pub fn run_or<T>(
    symbol: &'static str,
    body: impl FnOnce() -> Result<T, Failure>,
    or: impl FnOnce() -> T,
) -> T {
    match panic::caught_call(body) {
        Ok(Ok(value)) => return value,
        Ok(Err(Failure(Reason::Fixed { subject, text, .. }))) => keep_fixed(subject, text),
        Ok(Err(failure)) => keep(failure),
        Err(caught) => keep(panicked(symbol, caught)),
    }
    panic::caught(or).unwrap_or_else(|text| or_panicked(symbol, &text))
}

/// There is no value to go on with: ends the process, and says why.
#[cold]
#[inline(never)]
fn or_panicked(symbol: &str, text: &str) -> ! {
    let text = format!(
        "{symbol}: the call failed ({}), and so did what its author has it return then: `or` {text}. \
         There is no value to return: the process ends.\n",
        last_error_text(),
    );
    let _ = std::io::stderr().write_all(text.as_bytes());
    std::process::abort()
}

/// Says at compile time whether a host can be given this type by value.
pub const fn given<T: IntoC>() {}

/// What `or = abort` does.
#[cold]
pub fn abort() -> ! {
    std::process::abort()
}

#[cold]
fn panicked(symbol: &str, caught: Caught) -> Failure {
    match caught {
        Caught::Refused(error) => error.into(),
        // Tokio's driver, or whoever could not do without it.
        Caught::Panicked(text) if runtime::is_lost() => {
            let status = Status::RuntimeLost;
            Failure::told(status.code(), format!("{symbol} {text}; {status}"))
        }
        Caught::Panicked(text) => {
            Failure::told(Status::Panicked.code(), format!("{symbol} {text}"))
        }
    }
}

/// As [`keep`], with arguments in registers; see [`fail_fixed`].
#[cold]
#[inline(never)]
#[expect(improper_ctypes_definitions, reason = "both ends are Rust")]
extern "C" fn keep_fixed(subject: &'static str, text: &'static str) {
    keep(Failure::new(subject, Status::InvalidArgument, text));
}

#[cold]
#[inline(never)]
fn keep(failure: Failure) {
    if forked::text().is_none() && locals::are_at_hand() {
        set_last_error(&failure.tell().1);
    }
}

/// As [`fail`]. It never unwinds, and says so by its calling convention: its caller can end with it.
#[cold]
#[inline(never)]
#[expect(improper_ctypes_definitions, reason = "both ends are Rust")]
unsafe extern "C" fn fail_fixed(
    err: *mut *mut c_char,
    subject: &'static str,
    status: Status,
    text: &'static str,
) -> i32 {
    // SAFETY: passed on to our caller.
    unsafe { fail(err, Failure::new(subject, status, text)) }
}

#[cold]
#[inline(never)]
unsafe fn fail(err: *mut *mut c_char, failure: Failure) -> i32 {
    let is_place = !err.is_null() && err.is_aligned();
    if let Some(text) = forked::text() {
        if is_place {
            // SAFETY: `run`'s caller says that it is a place for a pointer. The host may read the
            // text, and give it back.
            unsafe { err.write(text.as_ptr().cast_mut()) };
        }
        return failure.code();
    }
    if !locals::are_at_hand() {
        if is_place {
            // SAFETY: as above. There is no memory for a text either.
            unsafe { err.write(null_mut()) };
        }
        return failure.code();
    }
    let (code, text) = failure.tell();
    set_last_error(&text);
    if is_place {
        // SAFETY: `run`'s caller says that it is a place for a pointer. Without memory for the text
        // the code must do.
        unsafe {
            err.write(null_mut());
            let _ = buffer::give_string(err, null_mut(), text);
        }
    }
    code
}

const FORKED_INSIDE: &str = "the process was forked inside this call, and this is the child: what the call had entered \
     belongs to the parent, and gives out no handle here; call again";

/// A call that has passed the gate.
pub struct Call {
    inside: Option<Inside>,
}

impl Call {
    /// Passes the gate if it is open: for calls that use no generation, one load and one compare.
    /// With `uses_generation` a shutdown waits for the end of the call. `None`: see [`Call::wait`].
    ///
    /// # Safety
    /// It is true if the call goes on to use the state, the runtime or a handle.
    #[inline(always)]
    pub unsafe fn hot(uses_generation: bool) -> Option<Call> {
        if uses_generation {
            Inside::enter_at_once(generation::is_ready).map(Call::inside)
        } else if generation::is_ready() {
            Some(Call { inside: None })
        } else {
            None
        }
    }

    /// The cold half of the gate. After it the hot half can be tried again.
    #[inline(always)]
    pub fn wait(uses_generation: bool) -> Result<(), Failure> {
        let library = rt0_core::library::certainly_this_library();
        wait(library)?;
        // After the gate: where that gives an error, there may be no memory to be had.
        if uses_generation {
            prepare_thread(library)?;
        }
        Ok(())
    }

    /// A call that has announced itself already.
    #[inline(always)]
    pub(crate) fn inside(inside: Inside) -> Call {
        Call {
            inside: Some(inside),
        }
    }

    /// The state, borrowed for this call.
    #[inline(always)]
    pub fn state<T: IsState>(&self) -> State<'_, T> {
        self.generation().state()
    }

    /// The state, counted.
    pub fn shared_state<T: IsState>(&self) -> SharedState<T> {
        self.generation().shared_state()
    }

    /// Makes the library's runtime the one that tokio's free functions find, until dropped.
    pub fn enter_runtime(&self) -> impl Sized + '_ {
        self.generation().runtime.enter()
    }

    /// The generation that the call has entered. For what comes before the author's function: that may fork,
    /// and the child, where the call goes on as well, has another or none.
    #[inline(always)]
    pub(crate) fn generation(&self) -> &Generation {
        debug_assert!(
            self.inside.is_some(),
            "the expansion asked for a generation"
        );
        // SAFETY: `inside` holds a shutdown off.
        unsafe { Generation::present() }.expect("a gate that is open has a generation")
    }

    /// The same for what comes after it. The subject is the call.
    pub(crate) fn still(&self, subject: &'static str) -> Result<&Generation, Failure> {
        let here = self.inside.as_ref().is_some_and(Inside::is_of_the_present);
        if here || sabotage::NO_KEPT_ENTRY {
            return Ok(self.generation());
        }
        // The parent's generation has ended here, as if by a shutdown, and the next call boots. Unless it is a
        // child in which nothing can be started.
        let status = fork::check().err().unwrap_or(Status::Stopped);
        Err(Failure::new(subject, status, FORKED_INSIDE))
    }
}

#[cold]
#[inline(never)]
fn prepare_thread(library: &Library) -> Result<(), Failure> {
    locals::check(library)?;
    Inside::prepare_thread();
    Ok(())
}

#[cold]
#[inline(never)]
fn wait(library: &'static Library) -> Result<(), Failure> {
    ready::pass(library, None).map_err(Failure::from)
}

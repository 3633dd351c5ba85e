//! One call from a host: past the gate, into the author's function, back with a value or an error.

use std::ffi::c_char;
use std::fmt::Display;
use std::ptr::null_mut;

use rt0_core::{Library, Status, generation};

use crate::abi::buffer;
use crate::abi::types::IntoC;
use crate::generation::Generation;
use crate::inflight::Inside;
use crate::lifecycle::set_last_error;
use crate::state::{IsState, SharedState, State};
use crate::{Error, panic, ready};

/// Why a call has no value for its caller.
#[derive(Debug)]
pub struct Failure {
    code: i32,
    text: String,
}

impl Failure {
    /// rt0's own. The subject is a call, or a call and one of its parameters: `search_count: word`.
    pub(crate) fn new(subject: &str, status: Status, text: &str) -> Failure {
        Failure {
            code: status.code(),
            text: format!("{subject} {text}"),
        }
    }

    /// rt0's own, about one of the lifecycle calls.
    pub(crate) fn of_lifecycle(call: &str, status: Status, text: &str) -> Failure {
        let name = rt0_core::this_library().map_or("rt0", |library| library.name);
        Failure::new(&format!("{name}_{call}:"), status, text)
    }

    pub(crate) fn author(code: i32, text: String) -> Failure {
        Failure {
            code: code.max(1),
            text,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure {
            code: error.status().code(),
            text: error.into_text(),
        }
    }
}

/// The author's error, with its number.
#[cold]
pub fn author_failure(code: i32, error: impl Display) -> Failure {
    // The alternate form makes error types that know their causes print them all.
    Failure::author(code, format!("{error:#}"))
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
    match panic::caught(body) {
        Ok(Ok(())) => 0,
        // SAFETY: passed on to our caller.
        Ok(Err(failure)) => unsafe { fail(err, failure) },
        // SAFETY: passed on to our caller.
        Err(text) => unsafe { fail(err, panicked(symbol, text)) },
    }
}

/// The body of an export that can't report: its value, or what its author has said it gives instead.
#[inline(always)]
pub fn run_or<T>(
    symbol: &'static str,
    body: impl FnOnce() -> Result<T, Failure>,
    or: impl FnOnce() -> T,
) -> T {
    match panic::caught(body) {
        Ok(Ok(value)) => return value,
        Ok(Err(failure)) => keep(&failure),
        Err(text) => keep(&panicked(symbol, text)),
    }
    or()
}

/// Says at compile time whether a host can be given this type by value.
pub const fn given<T: IntoC>() {}

/// What `or = abort` does.
#[cold]
pub fn abort() -> ! {
    std::process::abort()
}

#[cold]
fn panicked(symbol: &str, text: String) -> Failure {
    Failure::new(symbol, Status::Panicked, &text)
}

#[cold]
fn keep(failure: &Failure) {
    set_last_error(&failure.text);
}

#[cold]
unsafe fn fail(err: *mut *mut c_char, failure: Failure) -> i32 {
    keep(&failure);
    if !err.is_null() {
        // SAFETY: `run`'s caller says that it is a place for a pointer. Without memory for the text
        // the code must do.
        unsafe {
            err.write(null_mut());
            let _ = buffer::give_string(err, null_mut(), failure.text);
        }
    }
    failure.code
}

/// A call that has passed the gate.
pub struct Call {
    inside: Option<Inside>,
}

impl Call {
    /// Whether the call can go on at once: for those that use no generation, one load and one
    /// compare. The others look after they have announced themselves.
    #[inline(always)]
    pub fn is_hot(uses_generation: bool) -> bool {
        uses_generation || generation::is_ready()
    }

    /// Passes the gate. With `uses_generation` a shutdown waits for the end of this call. Without, the
    /// caller has passed it: by [`Call::is_hot`], or in [`Call::wait`].
    #[inline(always)]
    pub fn enter(uses_generation: bool) -> Result<Call, Failure> {
        if !uses_generation {
            return Ok(Call { inside: None });
        }
        loop {
            if let Some(inside) = Inside::enter(generation::is_ready) {
                return Ok(Call::inside(inside));
            }
            Call::wait()?;
        }
    }

    /// The cold half of the gate.
    #[inline(always)]
    pub fn wait() -> Result<(), Failure> {
        wait(rt0_core::library::certainly_this_library())
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

    #[inline(always)]
    pub(crate) fn generation(&self) -> &Generation {
        debug_assert!(
            self.inside.is_some(),
            "the expansion asked for a generation"
        );
        // SAFETY: `inside` holds a shutdown off.
        unsafe { Generation::present() }.expect("a gate that is open has a generation")
    }
}

#[cold]
#[inline(never)]
fn wait(library: &'static Library) -> Result<(), Failure> {
    ready::pass(library, None).map_err(Failure::from)
}

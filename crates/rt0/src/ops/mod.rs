//! Async exports: what the expansion of `#[rt0::export] async fn` calls, and the calls for ops and queues.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use rt0_core::sync::Deadline;

use crate::call::Call;
use crate::failure::Failure;
use crate::generation::handles::Handle;
use crate::parts::Part;

pub mod exports;
pub mod lent;

/// An op, as C sees it.
pub enum Op {}

/// A queue of tags, as C sees it.
pub enum Queue {}

/// One async export. There is one `static` of it for each; its address is the export's identity.
pub struct Kind {
    _symbol: &'static str,
    _timeout_ms: Option<u32>,
    _of_generation: bool,
}

impl Kind {
    /// `symbol` is the export's name in C, without `_begin`; `of_generation`: the result is a handle.
    pub const fn new(symbol: &'static str, timeout_ms: Option<u32>, of_generation: bool) -> Kind {
        Kind {
            _symbol: symbol,
            _timeout_ms: timeout_ms,
            _of_generation: of_generation,
        }
    }
}

/// How a future is told that nobody wants its result any more.
#[derive(Clone, Debug)]
pub struct Cancel(());

impl Cancel {
    pub fn is_cancelled(&self) -> bool {
        todo!()
    }

    pub async fn cancelled(&self) {
        todo!()
    }
}

/// An op that is about to begin.
pub struct Begin {
    _private: (),
}

impl Begin {
    /// # Safety
    /// `op` is null or a place for a pointer.
    pub unsafe fn check(
        _kind: &'static Kind,
        _timeout_ms: i32,
        _queue: *mut Queue,
        _tag: u64,
        _op: *mut *mut Op,
    ) -> Result<Begin, Failure> {
        todo!()
    }

    pub fn call(&self, _name: &'static str) -> Result<&Call, Failure> {
        todo!()
    }

    pub fn start<T, F, M>(self, _make: M) -> Result<(), Failure>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Failure>> + Send + 'static,
        M: FnOnce(&Call, Cancel) -> F + Send + 'static,
    {
        todo!()
    }
}

pub struct Kept<T: Handle>(PhantomData<T>);
pub struct KeptAlone<T: Handle>(PhantomData<T>);

impl<T: Handle> Deref for Kept<T> {
    type Target = T;
    fn deref(&self) -> &T {
        todo!()
    }
}

impl<T: Handle> Deref for KeptAlone<T> {
    type Target = T;
    fn deref(&self) -> &T {
        todo!()
    }
}

impl<T: Handle> DerefMut for KeptAlone<T> {
    fn deref_mut(&mut self) -> &mut T {
        todo!()
    }
}

pub fn kept<T: Handle>(
    _call: &Call,
    _name: &'static str,
    _at: *const T::Opaque,
) -> Result<Kept<T>, Failure> {
    todo!()
}

pub fn kept_alone<T: Handle>(
    _call: &Call,
    _name: &'static str,
    _at: *mut T::Opaque,
) -> Result<KeptAlone<T>, Failure> {
    todo!()
}

/// # Safety
/// `T` is the type that the export with this kind returns.
pub unsafe fn end<T: Send + 'static>(
    _kind: &'static Kind,
    _op: *mut Op,
    _put: impl FnOnce(&Call, T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    todo!()
}

pub fn block_on<T, F: Future<Output = Result<T, Failure>>>(
    _call: &Call,
    _kind: &'static Kind,
    _make: impl FnOnce(&Call, Cancel) -> F,
) -> Result<T, Failure> {
    todo!()
}

struct Ops;

impl Part for Ops {
    fn closed(&self, _deadline: Deadline) {}
    fn ended(&self, _deadline: Deadline) {}
    fn refuse(&self) {}
    fn lost(&self) {}
}

/// What the library's ends do for ops.
pub static PART: &dyn Part = &Ops;

//! Callbacks into Python on the library's threads.

use pyo3::Python;

use crate::counting::counted;
use crate::end;

/// Attaches this thread to the interpreter and runs `f`, as [`Python::attach`] does: for callbacks on the library's
/// threads. `None`: the interpreter ends, is gone, or was never there; then `f` does not run.
///
/// CPython before 3.14 kills a thread that wants the GIL while the interpreter ends, which ends the process if that
/// thread is inside Rust. So the end of the interpreter waits for callbacks that have begun, and no other begins.
pub fn attach<R>(f: impl for<'py> FnOnce(Python<'py>) -> R) -> Option<R> {
    // That can only fail when the interpreter is about to be gone.
    let run = |py: Python<'_>| end::prepare(py).ok().map(|()| f(py));
    counted(|| Python::try_attach(run)).flatten().flatten()
}

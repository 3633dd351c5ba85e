//! The end of the interpreter, which comes before that of the process.

use std::time::Duration;

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyCFunction, PyDict, PyTuple};

use crate::{counting, sabotage};

/// How long the end of the interpreter waits for callbacks that have begun. Python waits without a limit for threads
/// that are no daemons; but a callback may wait for a lock that its main thread holds.
const CALLBACKS: Duration = Duration::from_secs(10);

/// The module `sys` of the interpreter that has imported the library: each interpreter has its own.
static IMPORTED: PyOnceLock<Py<PyModule>> = PyOnceLock::new();

/// The function is registered.
static REGISTERED: PyOnceLock<()> = PyOnceLock::new();

/// Has the library end when the interpreter ends: one line in `#[pymodule]`.
///
/// It registers a function with Python's `atexit`, which runs while the interpreter is alive, after the threads that
/// are not daemons have ended. The function releases the GIL, waits for callbacks that have begun
/// ([`attach`](crate::attach())), at most ten seconds, and calls [`rt0::end`]: from then on no thread of the library's
/// needs the interpreter. Later calls, of daemon threads or from `atexit` functions that were registered before the
/// import, raise `RuntimeError`. Usually that takes some milliseconds. `rt0::end` takes no longer than the exit of the
/// process may (`exit_timeout` of `#[rt0::init]`, by default a second); the exit itself then waits for nothing.
///
/// If this line is missing, the first [`attach`](crate::attach()), `future_into_py` or `block_on` registers the
/// function. But then a second interpreter is not refused, and a library that uses none of these goes on until the
/// process ends.
///
/// # Errors
/// `ImportError`: another interpreter of this process has imported the library. PyO3's objects belong to one
/// interpreter, and the end of the other one must not end the library. Before Python 3.12 nobody else refuses.
pub fn setup(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let sys = py.import("sys")?;
    let imported = IMPORTED.get_or_init(py, || sys.clone().unbind());
    if !imported.bind(py).is(&sys) {
        let text = format!(
            "{} does not support subinterpreters: another interpreter of this process has imported it",
            module.name()?
        );
        return Err(PyImportError::new_err(text));
    }
    register(py)
}

/// Has the library end with the interpreter, if the author has forgotten [`setup`]: for what needs that. An init may come
/// here before `setup`, which runs at the end of the import.
pub(crate) fn prepare(py: Python<'_>) -> PyResult<()> {
    match sabotage::NO_FORGOTTEN_SETUP {
        false => register(py),
        true => Ok(()),
    }
}

fn register(py: Python<'_>) -> PyResult<()> {
    let register = || {
        if sabotage::NO_END {
            return Ok(());
        }
        let end = PyCFunction::new_closure(py, None, None, end)?;
        py.import("atexit")?.call_method1("register", (end,))?;
        Ok(())
    };
    REGISTERED.get_or_try_init(py, register).copied()
}

fn end(args: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>) {
    // Threads that are still inside are stopped by the interpreter, when they want the GIL. Nobody can be told.
    let _ = args.py().detach(|| {
        counting::end(CALLBACKS);
        rt0::end(None)
    });
}

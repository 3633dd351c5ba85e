//! Between Rust's futures and asyncio's, on the library's runtime.

use std::future::Future;

use pyo3::prelude::*;
use pyo3_async_runtimes::generic;

use crate::error::{Error, exception};
use crate::runtime::Runtime;
use crate::starting;
use crate::{counting, end};

/// Makes an asyncio future of a Rust future, which runs on the library's runtime.
///
/// Nothing blocks the event loop: if the library is not ready yet, the future begins when it is. If it can't be ready,
/// awaiting raises rt0's error as a `RuntimeError`. Cancelling in Python drops the Rust future.
///
/// The future is a task of the library's runtime. A shutdown drops it, and does not wait for it: take what it needs of
/// the state by an `Arc`. `rt0::ready` is open in it.
///
/// ```ignore
/// #[pyfunction]
/// fn wait_for(py: Python<'_>, key: String) -> PyResult<Bound<'_, PyAny>> {
///     rt0_pyo3::future_into_py(py, async move { Ok(engine()?.wait_for(&key).await) })
/// }
/// ```
///
/// # Errors
/// No event loop runs on this thread.
pub fn future_into_py<F, T>(py: Python<'_>, future: F) -> PyResult<Bound<'_, PyAny>>
where
    F: Future<Output = Result<T, Error>> + Send + 'static,
    T: for<'any> IntoPyObject<'any> + Send + 'static,
{
    end::prepare(py)?;
    let task = async move {
        if let Some(error) = starting::refused() {
            return Err(exception(error));
        }
        future.await.map_err(PyErr::from)
    };
    // If the library has ended, the task is over in here.
    counting::attached(py, || generic::future_into_py::<Runtime, _, T>(py, task))
}

/// Makes a Rust future of a Python awaitable, which runs in the event loop that the present task came from.
///
/// # Errors
/// There is no event loop: neither does one run on this thread, nor does the task come from one.
pub fn into_future(
    awaitable: Bound<'_, PyAny>,
) -> PyResult<impl Future<Output = PyResult<Py<PyAny>>> + Send + use<>> {
    generic::into_future::<Runtime>(awaitable)
}

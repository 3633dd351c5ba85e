//! A Python module with pyo3-async-runtimes. The C functions do the same without Python, on the module's own runtime.

use std::time::Duration;

use pyo3::prelude::*;
use pyo3_async_runtimes::tokio::{future_into_py, get_runtime};

async fn slept(a: i32, b: i32) -> i32 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    a.wrapping_add(b)
}

/// The sum.
#[pyfunction]
fn add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// The sum, after a millisecond on the runtime's clock.
#[pyfunction]
fn sleep_and_add(py: Python<'_>, a: i32, b: i32) -> PyResult<Bound<'_, PyAny>> {
    future_into_py(py, async move { Ok(slept(a, b).await) })
}

/// The module.
#[pymodule]
pub fn compare_pyo3(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(add, module)?)?;
    module.add_function(wrap_pyfunction!(sleep_and_add, module)?)
}

/// The sum.
#[unsafe(no_mangle)]
pub extern "C" fn peer_add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// The sum, after a millisecond on the runtime's clock.
#[unsafe(no_mangle)]
pub extern "C" fn peer_sleep_and_add(a: i32, b: i32) -> i32 {
    get_runtime().block_on(slept(a, b))
}

/// Calls this function on one of the runtime's threads: 0, or -1 if that is not possible.
#[unsafe(no_mangle)]
pub extern "C" fn peer_tell(back: extern "C" fn()) -> i32 {
    let task = get_runtime().spawn(async move { back() });
    get_runtime().block_on(task).map_or(-1, |()| 0)
}

//! The module in a program in Rust, which starts the interpreter.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;
use pyo3::types::PyDict;
use shop::shop;

static HAS_RUN: AtomicBool = AtomicBool::new(false);

/// Would panic without a runtime.
#[pyfunction]
fn late(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    rt0_pyo3::future_into_py(py, async {
        HAS_RUN.store(true, Ordering::Relaxed);
        rt0::handle();
        Ok(())
    })
}

#[pyfunction]
fn panics(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    rt0_pyo3::future_into_py::<_, ()>(py, async { panic!("told to panic") })
}

#[test]
fn python_calls_it() {
    pyo3::append_to_inittab!(shop);
    Python::initialize();
    // Nothing loads the library here, so nothing boots it but a call.
    Python::attach(|py| {
        let names = PyDict::new(py);
        let code = c"
import asyncio, atexit, shop
async def waits():
    waiting = asyncio.ensure_future(shop.wait_for('b'))
    await asyncio.sleep(0)
    shop.put('b', 'two')
    return await waiting
result = (shop.put('a', 'one'), shop.get('a'), asyncio.run(waits()))
async def waits_for_a_panic():
    # If nobody tells asyncio, the wait has no end.
    await asyncio.wait_for(panics(), 60)
try:
    asyncio.run(waits_for_a_panic())
except Exception as error:
    panicked = str(error)
atexit._run_exitfuncs()
try:
    shop.put('a', 'one')
except RuntimeError as error:
    refused = str(error)
async def waits_late():
    await late()
try:
    asyncio.run(waits_late())
except RuntimeError as error:
    refused_late = str(error)
";
        for function in [wrap_pyfunction!(late, py), wrap_pyfunction!(panics, py)] {
            let function = function.unwrap();
            names
                .set_item(function.getattr("__name__").unwrap(), function)
                .unwrap();
        }
        py.run(code, Some(&names), None).unwrap();
        let get = |name| names.get_item(name).unwrap().expect("it was set");
        let result: (usize, String, String) = get("result").extract().unwrap();
        assert_eq!(result, (1, "one".to_owned(), "two".to_owned()));
        // pyo3-async-runtimes 0.30 loses the text.
        assert!(
            get("panicked")
                .to_string()
                .starts_with("rust future panicked")
        );
        assert!(get("refused").to_string().contains("stopped"));
        assert!(get("refused_late").to_string().contains("stopped"));
        assert!(!HAS_RUN.load(Ordering::Relaxed), "there is no runtime");
    });
}

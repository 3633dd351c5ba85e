//! A store of texts as a Python module. It boots when Python imports it: no function here makes a runtime.

use std::sync::Arc;
use std::time::Duration;

use engine::{Engine, Event};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rt0_pyo3::Error;

struct Shop {
    engine: Arc<Engine>,
}

/// Opens the store. `ENGINE_LONGEST_MS` says after how long a text is forgotten; `ENGINE_VM` names a Python module that
/// must be there.
#[rt0::init]
async fn init(args: rt0::Args) -> Result<Shop, String> {
    let var = |name: &str| args.var(name).and_then(|text| text.to_str());
    // An init may use Python: callers wait without the GIL.
    if let Some(name) = var("ENGINE_VM") {
        Python::attach(|py| py.import(name).map(drop)).map_err(|error| error.to_string())?;
    }
    let longest = match var("ENGINE_LONGEST_MS").unwrap_or("60000") {
        "panic" => panic!("told to panic"),
        text => text
            .parse()
            .map_err(|_| format!("ENGINE_LONGEST_MS: {text:?} is no number"))?,
    };
    let opened = Engine::open(Duration::from_millis(longest)).await;
    let engine = Arc::new(opened.map_err(|error| error.to_string())?);
    Ok(Shop { engine })
}

/// The engine, for as long as the caller likes: a task that has it does not hold up the library's end.
fn engine() -> Result<Arc<Engine>, rt0::Error> {
    let here = rt0::ready(None)?;
    Ok(Arc::clone(&here.state::<Shop>().engine))
}

/// Puts a text into the store, and says how many there are.
#[pyfunction]
#[rt0::gated(wait = rt0_pyo3::detach)]
fn put(key: &str, text: &str) -> Result<usize, Error> {
    let count = engine()?.put(key, text);
    Ok(count.map_err(|error| PyValueError::new_err(error.to_string()))?)
}

/// The text with this key, or None.
#[pyfunction]
#[rt0::gated(wait = rt0_pyo3::detach)]
fn get(key: &str) -> Result<Option<String>, Error> {
    Ok(engine()?.get(key))
}

/// Waits until there is a text with this key: `await wait_for("key")`.
#[pyfunction]
fn wait_for(py: Python<'_>, key: String) -> PyResult<Bound<'_, PyAny>> {
    rt0_pyo3::future_into_py(py, async move { Ok(engine()?.wait_for(&key).await) })
}

/// Waits until there is a text with this key, on this thread. Ctrl-C ends it.
#[pyfunction]
#[rt0::gated(wait = rt0_pyo3::detach)]
fn wait_for_sync(py: Python<'_>, key: &str) -> Result<String, Error> {
    let engine = engine()?;
    rt0_pyo3::block_on(py, engine.wait_for(key))
}

/// Calls `watcher(key, what)` for every event from now on, on a thread of the library's.
#[pyfunction]
#[rt0::gated(wait = rt0_pyo3::detach)]
fn watch(watcher: Py<PyAny>) -> Result<(), Error> {
    engine()?.watch(Box::new(move |key, event| {
        let what = match event {
            Event::Put => "put",
            Event::Expired => "expired",
        };
        rt0_pyo3::attach(|py| {
            if let Err(error) = watcher.call1(py, (key, what)) {
                error.write_unraisable(py, None);
            }
        });
    }));
    Ok(())
}

/// The module `shop`.
#[pymodule]
pub fn shop(module: &Bound<'_, PyModule>) -> PyResult<()> {
    rt0_pyo3::setup(module)?;
    module.add_function(wrap_pyfunction!(put, module)?)?;
    module.add_function(wrap_pyfunction!(get, module)?)?;
    module.add_function(wrap_pyfunction!(wait_for, module)?)?;
    module.add_function(wrap_pyfunction!(wait_for_sync, module)?)?;
    module.add_function(wrap_pyfunction!(watch, module)?)
}

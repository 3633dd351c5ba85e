//! A program in which nobody has called `rt0_pyo3::setup`, as if an author had forgotten it.

use std::env;
use std::process::Command;

use pyo3::prelude::*;
use pyo3::types::PyDict;
// The library, with its init.
use shop as _;

#[pyfunction]
fn later(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    rt0_pyo3::future_into_py(py, async { Ok(()) })
}

fn awaits() {
    Python::attach(|py| {
        let names = PyDict::new(py);
        let later = wrap_pyfunction!(later, py).unwrap();
        names.set_item("later", later).unwrap();
        let code = c"
import asyncio
async def awaits():
    await later()
asyncio.run(awaits())
";
        py.run(code, Some(&names), None).unwrap();
    });
}

fn waits() {
    Python::attach(|py| rt0_pyo3::block_on(py, async {}).unwrap());
}

fn calls_back() {
    rt0_pyo3::attach(|_| ()).unwrap();
}

const USES: [(&str, fn()); 3] = [
    ("awaits", awaits),
    ("waits", waits),
    ("calls back", calls_back),
];

/// The end is for good: each use has a process of its own.
#[test]
fn each_use_has_the_library_end_with_the_interpreter() {
    let name = "each_use_has_the_library_end_with_the_interpreter";
    let Some(chosen) = env::var_os("RT0_USE") else {
        for (use_, _) in USES {
            let mut again = Command::new(env::current_exe().unwrap());
            let output = again.args(["--exact", name]).env("RT0_USE", use_).output();
            let output = output.unwrap();
            assert!(output.status.success(), "{use_}: {output:?}");
        }
        return;
    };
    Python::initialize();
    let (_, use_) = USES.iter().find(|(name, _)| chosen == *name).unwrap();
    use_();
    Python::attach(|py| {
        py.run(c"import atexit; atexit._run_exitfuncs()", None, None)
            .unwrap();
    });
    assert!(
        rt0_pyo3::attach(|_| ()).is_none(),
        "the interpreter has ended"
    );
    let refused = rt0::ready(None).map(drop).unwrap_err();
    assert!(refused.to_string().contains("stopped"), "{refused}");
}

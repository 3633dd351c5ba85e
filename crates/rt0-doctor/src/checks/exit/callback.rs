//! A virtual machine ends before its process: a thread of the library's that calls back then calls into nothing.

use super::python::{self, Python};
use crate::calls::Kind;
use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Rounds, Subject};

/// The check.
pub const CHECK: Check = Check {
    id: "exit-callback",
    severity: Severity::Error,
    hazard: "U8",
    title: "a Python host whose interpreter ends before the library's threads keeps its exit code",
    page: page!("exit-callback"),
    needs: Needs::Call,
    runs: 1,
    how: How::Dynamic(run),
};

/// How many interpreters end so.
const TIMES: u32 = 8;

/// What a callback on another thread has done, as the script says it.
const CALLED_BACK: &str = "called back on another thread";

fn run(subject: &Subject) -> Verdict {
    if !subject
        .plan
        .calls
        .iter()
        .any(|call| call.kind == Kind::CallsBack)
    {
        return Err(Stop::skip(
            "no call calls back: give one with `callback`, which is called on a thread of the library's",
        ));
    }
    let Some(python) = Python::find() else {
        return Err(Stop::skip("there is no CPython here: no python3"));
    };
    let script = python::script(&subject.plan, CALLED_BACK);
    for time in Rounds::of(TIMES, TIMES) {
        subject.step("waiting for a Python program to end");
        let ended = python.run(&script).map_err(Stop::could_not)?;
        if ended.code == Some(python::NO_CTYPES) {
            return Err(Stop::skip("this CPython has no ctypes"));
        }
        if ended.code != Some(python::CODE) {
            let how = ended.how;
            return Err(Stop::fail(format!(
                "a Python program that ends with exit code {} {how} (program {} of {TIMES})",
                python::CODE,
                time + 1
            ))
            .with(ended.printed));
        }
        if !ended.printed.contains(CALLED_BACK) {
            return Err(Stop::skip(
                "no thread that the library has made has called back in the Python program",
            ));
        }
    }
    let how = match subject.plan.shutdown {
        Some(_) => "the shutdown registered with atexit",
        None => "nothing registered with atexit",
    };
    Ok(format!(
        "{TIMES} programs under {} kept their exit codes, with {how}",
        python.version
    ))
}

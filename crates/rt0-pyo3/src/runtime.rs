//! The library's runtime, as pyo3-async-runtimes wants one.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::time::Duration;

use pyo3_async_runtimes::{TaskLocals, generic};

use crate::counting::counted_elsewhere;
use crate::joining::{JoinError, JoinHandle};
use crate::starting;

/// The library's runtime, for the functions of `pyo3_async_runtimes::generic`.
///
/// A task that is spawned before the boot is done is kept until then, and blocks nobody. If the boot fails, the task is
/// dropped, unless it ends at once.
pub struct Runtime;

impl generic::Runtime for Runtime {
    type JoinError = JoinError;
    type JoinHandle = JoinHandle;

    fn spawn<F>(future: F) -> JoinHandle
    where
        F: Future<Output = ()> + Send + 'static,
    {
        match rt0::ready(Some(Duration::ZERO)) {
            Ok(_here) => JoinHandle::task(rt0::spawn(future)),
            Err(_) => starting::spawn(future),
        }
    }

    fn spawn_blocking<F>(f: F) -> JoinHandle
    where
        F: FnOnce() + Send + 'static,
    {
        // pyo3-async-runtimes does in these what needs the interpreter.
        let f = || counted_elsewhere(f);
        match rt0::ready(Some(Duration::ZERO)) {
            Ok(_here) => {
                let task = rt0::handle().spawn_blocking(|| f().unwrap_or(()));
                JoinHandle::task(task)
            }
            Err(_) => JoinHandle::over(catch_unwind(AssertUnwindSafe(f))),
        }
    }
}

tokio::task_local! {
    static LOCALS: TaskLocals;
}

impl generic::ContextExt for Runtime {
    fn scope<F, R>(locals: TaskLocals, future: F) -> Pin<Box<dyn Future<Output = R> + Send>>
    where
        F: Future<Output = R> + Send + 'static,
    {
        Box::pin(LOCALS.scope(locals, future))
    }

    fn get_task_locals() -> Option<TaskLocals> {
        LOCALS.try_with(TaskLocals::clone).ok()
    }
}

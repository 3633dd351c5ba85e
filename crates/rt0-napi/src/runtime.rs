//! rt0's tokio runtime as that of napi-rs: it runs the async functions, and its end is that of the library.
//!
//! napi-rs counts node's environments. With the first it calls `start`; when the last one is cleaned up, on node's
//! thread, it calls `shutdown`. `process.exit` on the main thread cleans nothing up: node calls C's `exit`, and that
//! ends the library, as in any host. See docs/decisions/071-napi-runs-on-our-runtime.md.

use std::collections::BTreeMap;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

use napi::bindgen_prelude::{
    AsyncRuntime, AsyncRuntimeRejection, AsyncRuntimeTask, register_async_runtime,
};
use rt0::{SharedReady, WhenReady};
use tokio::task::JoinSet;

use crate::sabotage;

/// How long the end of the last environment may take. Only a call or a task that does not return takes so long.
const LONGEST: Duration = Duration::from_secs(2);

struct Rt0;

static TASKS: Mutex<Tasks> = Mutex::new(Tasks {
    ended: false,
    waiting: BTreeMap::new(),
    next: 0,
    running: None,
});

struct Tasks {
    /// Whether node's last environment has ended, or the process ends.
    ended: bool,
    /// Those that wait for the boot, by numbers in their order.
    waiting: BTreeMap<u64, Waiting>,
    next: u64,
    /// Those on the library's runtime.
    running: Option<JoinSet<()>>,
}

struct Waiting {
    task: AsyncRuntimeTask,
    /// `None` for a moment.
    wait: Option<WhenReady>,
}

impl Tasks {
    fn lock() -> MutexGuard<'static, Tasks> {
        // Nothing panics while it is held but tokio, if it can't spawn; then nothing has changed.
        TASKS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives it back if it is too late for it.
    fn add(&mut self, task: AsyncRuntimeTask) -> Result<u64, AsyncRuntimeTask> {
        if self.ended {
            return Err(task);
        }
        self.next += 1;
        self.waiting.insert(self.next, Waiting { task, wait: None });
        Ok(self.next)
    }
}

/// Gives up all tasks: each of them holds the library, or would boot it again, and no promise is fulfilled any more.
fn give_up() {
    let mut tasks = Tasks::lock();
    tasks.ended = true;
    let waiting = mem::take(&mut tasks.waiting);
    let running = tasks.running.take();
    drop(tasks);
    // Not with the lock: what the tasks own is the author's.
    for Waiting { task, wait } in waiting.into_values() {
        let _ = wait.map(WhenReady::give_up);
        drop(task);
    }
    // It aborts them.
    drop(running);
}

/// Runs it on the library's runtime as soon as the library is ready.
///
/// # Errors
/// It is too late for it.
fn begin(task: AsyncRuntimeTask) -> Result<(), AsyncRuntimeTask> {
    if sabotage::NO_WAIT_ASIDE {
        let _ = rt0::ready(None);
    }
    let key = Tasks::lock().add(task)?;
    let wait = rt0::when_ready(move |here| {
        let waiting = Tasks::lock().waiting.remove(&key);
        // If it was given up meanwhile, there is none.
        match (here, waiting) {
            (Ok(here), Some(Waiting { task, .. })) => run(here, task),
            (Err(_), Some(Waiting { task, .. })) => refuse(task),
            (_, None) => {}
        }
    });
    let mut tasks = Tasks::lock();
    match tasks.waiting.get_mut(&key) {
        Some(waiting) => waiting.wait = Some(wait),
        None => {
            drop(tasks);
            // It is over, or was given up meanwhile.
            wait.give_up();
        }
    }
    Ok(())
}

fn run(here: SharedReady, task: AsyncRuntimeTask) {
    // Not with the lock: it may have to wait.
    let runtime = rt0::handle();
    let mut tasks = Tasks::lock();
    if tasks.ended {
        drop(tasks);
        // Its promise is rejected.
        drop(task);
        return;
    }
    let running = tasks.running.get_or_insert_default();
    while running.try_join_next().is_some() {}
    running.spawn_on(task, &runtime);
    drop(tasks);
    drop(here);
}

/// Without a runtime the task comes to its own gate, and has the error at once: it is final, or this is the library's
/// thread, on which no gate waits. If the task waits for anything else, its promise is rejected.
fn refuse(mut task: AsyncRuntimeTask) {
    if sabotage::NO_REFUSED_TASK {
        return;
    }
    let _ = Pin::new(&mut task).poll(&mut Context::from_waker(Waker::noop()));
}

// SAFETY: the trait asks that nothing of ours runs code of this file, or looks at its data, when `shutdown` has
// returned and node has unloaded the file. Node can't: napi-rs keeps it loaded from the registration on, and rt0
// pins it as well.
unsafe impl AsyncRuntime for Rt0 {
    fn spawn(&self, task: AsyncRuntimeTask) -> Result<(), AsyncRuntimeRejection<AsyncRuntimeTask>> {
        begin(task).map_err(|task| {
            let error =
                napi::Error::new(napi::Status::Closing, "node's last environment has ended");
            AsyncRuntimeRejection::new(task, error)
        })
    }

    fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) -> napi::Result<()> {
        let _here = rt0::ready(None).map_err(crate::to_napi)?;
        rt0::block_on(future);
        Ok(())
    }

    fn start(&self) -> napi::Result<()> {
        Tasks::lock().ended = false;
        Ok(())
    }

    fn shutdown(&self) -> napi::Result<()> {
        if sabotage::NO_END {
            return Ok(());
        }
        give_up();
        rt0::shutdown(Some(LONGEST)).map_err(crate::to_napi)
    }

    fn spawn_blocking(
        &self,
        work: Box<dyn FnOnce() + Send>,
    ) -> Result<(), AsyncRuntimeRejection<Box<dyn FnOnce() + Send>>> {
        match rt0::ready(None) {
            Ok(_here) => {
                rt0::handle().spawn_blocking(work);
                Ok(())
            }
            Err(error) => Err(AsyncRuntimeRejection::new(work, crate::to_napi(error))),
        }
    }
}

#[napi_derive::module_init]
fn register() {
    if !sabotage::NO_WORD_OF_EXIT {
        rt0::on_exit(give_up);
    }
    register_async_runtime(Rt0);
}

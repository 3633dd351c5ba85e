//! rt0's tokio runtime as that of napi-rs: it runs the async functions, and its end is that of the library.
//!
//! napi-rs counts node's environments. With the first it calls `start`; when the last one is cleaned up, on node's
//! thread, it calls `shutdown`. `process.exit` on the main thread cleans nothing up: node calls C's `exit`, and that
//! ends the library, as in any host. See docs/decisions/071-napi-runs-on-our-runtime.md.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use napi::bindgen_prelude::{
    AsyncRuntime, AsyncRuntimeRejection, AsyncRuntimeTask, register_async_runtime,
};
use tokio::task::JoinSet;

use crate::job::Job;

/// How long the end of the last environment may take. Only a call or a task that does not return takes so long.
const LONGEST: Duration = Duration::from_secs(2);

struct Rt0;

static TASKS: Mutex<Tasks> = Mutex::new(Tasks {
    ended: false,
    waiting: Vec::new(),
    running: None,
});

struct Tasks {
    /// Whether node's last environment has ended, or the process ends.
    ended: bool,
    /// Those that wait for the boot.
    waiting: Vec<Weak<Job>>,
    /// Those on the library's runtime.
    running: Option<JoinSet<()>>,
}

impl Tasks {
    fn lock() -> MutexGuard<'static, Tasks> {
        // Nothing panics while it is held but tokio, if it can't spawn; then nothing has changed.
        TASKS.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives up all tasks: each of them holds the library, or would boot it again, and no promise is fulfilled any more.
fn give_up() {
    let mut tasks = Tasks::lock();
    tasks.ended = true;
    let waiting = std::mem::take(&mut tasks.waiting);
    let running = tasks.running.take();
    drop(tasks);
    let waiting = waiting.iter().filter_map(Weak::upgrade);
    waiting.for_each(|job| job.give_up());
    // It aborts them.
    drop(running);
}

/// Runs it on the library's runtime as soon as the library is ready. If that fails, the task runs here: it comes
/// to its own gate, and has the error.
async fn run(task: AsyncRuntimeTask) {
    let Ok(here) = rt0::ready_async().await else {
        return task.await;
    };
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

// SAFETY: the trait asks that nothing of ours runs code of this file, or looks at its data, when `shutdown` has
// returned and node has unloaded the file. Node can't: napi-rs keeps it loaded from the registration on, and rt0
// pins it as well.
unsafe impl AsyncRuntime for Rt0 {
    fn spawn(&self, task: AsyncRuntimeTask) -> Result<(), AsyncRuntimeRejection<AsyncRuntimeTask>> {
        if Tasks::lock().ended {
            let error =
                napi::Error::new(napi::Status::Closing, "node's last environment has ended");
            return Err(AsyncRuntimeRejection::new(task, error));
        }
        let job = Job::begin(run(task));
        let mut tasks = Tasks::lock();
        tasks.waiting.retain(|job| job.strong_count() > 0);
        tasks.waiting.push(Arc::downgrade(&job));
        Ok(())
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
    rt0::on_exit(give_up);
    register_async_runtime(Rt0);
}

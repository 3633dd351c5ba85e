//! A task on the library's runtime, and how it ended.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pyo3_async_runtimes::generic;
use tokio::sync::oneshot;
use tokio::task;

use crate::sabotage;

/// A task on the library's runtime.
pub struct JoinHandle(Joining);

enum Joining {
    Task(task::JoinHandle<()>),
    /// It waits for the boot.
    Starting(oneshot::Receiver<JoinHandle>),
    /// There was no runtime for it.
    Over(Option<Result<(), JoinError>>),
}

/// Why a task has no result.
#[derive(Debug)]
pub struct JoinError {
    /// `None`: it was dropped.
    panic: Option<Box<dyn Any + Send>>,
}

impl JoinHandle {
    pub(crate) fn starting(joined: oneshot::Receiver<JoinHandle>) -> JoinHandle {
        JoinHandle(Joining::Starting(joined))
    }

    /// What was run to its end. `None`: it is not at its end, and was dropped.
    pub(crate) fn over(ended: std::thread::Result<Option<()>>) -> JoinHandle {
        let result = match ended {
            Ok(Some(())) => Ok(()),
            Ok(None) => Err(JoinError { panic: None }),
            Err(panic) => Err(JoinError { panic: Some(panic) }),
        };
        JoinHandle(Joining::Over(Some(result)))
    }

    pub(crate) fn task(task: task::JoinHandle<()>) -> JoinHandle {
        JoinHandle(Joining::Task(task))
    }
}

impl Future for JoinHandle {
    type Output = Result<(), JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let next = match &mut self.0 {
                Joining::Task(task) => {
                    let result = ready!(Pin::new(task).poll(context));
                    return Poll::Ready(result.map_err(|error| JoinError {
                        panic: error.try_into_panic().ok(),
                    }));
                }
                Joining::Starting(joined) => ready!(Pin::new(joined).poll(context)),
                Joining::Over(result) => {
                    return Poll::Ready(result.take().unwrap_or(Err(JoinError { panic: None })));
                }
            };
            *self = next.unwrap_or_else(|_| JoinHandle::over(Ok(None)));
        }
    }
}

impl generic::JoinError for JoinError {
    fn is_panic(&self) -> bool {
        self.panic.is_some() && !sabotage::NO_PANIC
    }

    fn into_panic(self) -> Box<dyn Any + Send + 'static> {
        self.panic
            .unwrap_or_else(|| Box::new("the task was dropped"))
    }
}

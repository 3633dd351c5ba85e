//! Runs the author's init: what the expansion of `#[rt0::init]` calls.

use std::any::Any;
use std::future::Future;
use std::sync::Arc;

use super::AnyState;
use crate::args::Args;
use crate::runtime::Runtime;

/// Passed to the expansion of `#[rt0::init]`, which runs the author's function with it.
pub struct Booting<'a> {
    runtime: &'a Runtime,
}

impl<'a> Booting<'a> {
    pub(crate) fn on(runtime: &'a Runtime) -> Booting<'a> {
        Booting { runtime }
    }

    /// The argument of the author's init.
    pub fn args(&self) -> Args {
        Args::now()
    }

    /// Runs an async init.
    pub fn block_on<F: Future>(&self, init: F) -> F::Output {
        self.runtime.wait_for(init)
    }

    /// The state from an init that can't fail.
    pub fn state<T: Any + Send + Sync>(&self, state: T) -> Result<AnyState, String> {
        Ok(Arc::new(state))
    }

    /// The state from an init that can fail.
    pub fn fallible<T: Any + Send + Sync>(
        &self,
        result: Result<T, String>,
    ) -> Result<AnyState, String> {
        self.state(result?)
    }
}

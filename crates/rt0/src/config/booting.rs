//! How the author's init is run: what the expansion of `#[rt0::init]` calls.

use std::any::Any;
use std::future::Future;
use std::sync::Arc;

use super::AnyState;
use crate::args::Args;
use crate::runtime::Runtime;

/// What the expansion of `#[rt0::init]` gets to run the author's function with.
pub struct Booting<'a> {
    runtime: &'a Runtime,
}

impl<'a> Booting<'a> {
    pub(crate) fn on(runtime: &'a Runtime) -> Booting<'a> {
        Booting { runtime }
    }

    /// What the author's init is given.
    pub fn args(&self) -> Args {
        Args::now()
    }

    /// Runs an async init.
    pub fn block_on<F: Future>(&self, init: F) -> F::Output {
        self.runtime.wait_for(init)
    }

    /// An init that can't fail.
    pub fn state<T: Any + Send + Sync>(&self, state: T) -> Result<AnyState, String> {
        Ok(Arc::new(state))
    }

    /// An init that can.
    pub fn fallible<T: Any + Send + Sync>(
        &self,
        result: Result<T, String>,
    ) -> Result<AnyState, String> {
        self.state(result?)
    }
}

//! The settings of a runtime: the options of the attribute, overridden by the host's environment.
//! `config/read.rs` fills them in once per boot.

use crate::parts::Parts;

/// Which async runtime a library has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuntimeKind {
    /// tokio with worker threads.
    MultiThread,
    /// tokio on the boot thread alone.
    CurrentThread,
    /// None.
    None,
}

impl RuntimeKind {
    /// The runtime of a library whose author did not choose one.
    #[cfg(feature = "tokio")]
    pub const DEFAULT: RuntimeKind = RuntimeKind::MultiThread;
    /// The runtime of a library whose author did not choose one.
    #[cfg(not(feature = "tokio"))]
    pub const DEFAULT: RuntimeKind = RuntimeKind::None;

    /// Returns this kind, if it was built in.
    ///
    /// # Panics
    /// At compile time, if it was not built in.
    pub const fn possible(self) -> RuntimeKind {
        assert!(
            cfg!(feature = "tokio") || matches!(self, RuntimeKind::None),
            "this runtime needs the feature `tokio` of the dependency `rt0`"
        );
        self
    }

    /// The name in attributes and reports.
    pub const fn name(self) -> &'static str {
        match self {
            RuntimeKind::MultiThread => "multi_thread",
            RuntimeKind::CurrentThread => "current_thread",
            RuntimeKind::None => "none",
        }
    }
}

/// The configuration with the environment's overrides.
#[cfg_attr(
    not(feature = "tokio"),
    expect(dead_code, reason = "checked all the same")
)]
pub(crate) struct Settings {
    pub runtime: RuntimeKind,
    pub workers: Option<usize>,
    pub thread_name: String,
    /// The stack size of the runtime's threads. Always set, because std would read its default from the
    /// environment.
    pub stack_size: usize,
    pub print_panics: bool,
    /// The library must make no thread.
    pub quiet: bool,
    /// What the author does first on each thread of the runtime.
    pub on_thread_start: Option<fn()>,
    /// And last.
    pub on_thread_stop: Option<fn()>,
    /// Who is told when the runtime is lost.
    pub parts: Parts,
}

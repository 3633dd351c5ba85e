//! What a runtime is built from: the options of the attribute, after the host's environment had its say.
//! `config/read.rs` fills this in, once in a boot.

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
    /// What a library has whose author did not choose.
    #[cfg(feature = "tokio")]
    pub const DEFAULT: RuntimeKind = RuntimeKind::MultiThread;
    /// What a library has whose author did not choose.
    #[cfg(not(feature = "tokio"))]
    pub const DEFAULT: RuntimeKind = RuntimeKind::None;

    /// This kind, if it was built in.
    ///
    /// # Panics
    /// At compile time, when it was not.
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

/// The configuration after the environment had its say.
#[cfg_attr(
    not(feature = "tokio"),
    expect(dead_code, reason = "checked all the same")
)]
pub(crate) struct Settings {
    pub runtime: RuntimeKind,
    pub workers: Option<usize>,
    pub thread_name: String,
    /// Of the runtime's threads. Never left to std, which would ask the environment.
    pub stack_size: usize,
    pub print_panics: bool,
    /// No thread is to be made.
    pub quiet: bool,
}

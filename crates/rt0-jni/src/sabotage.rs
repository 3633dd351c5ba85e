//! Switches that each remove one protection, as those of rt0-core do. All are off in every normal build.
//! `cargo xtask sabotage` turns on one at a time, and checks that a test fails.

/// The library's threads are attached to Java as threads that its end waits for.
pub(crate) const NO_DAEMONS: bool = cfg!(rt0_sabotage = "jni-no-daemons");
/// No shutdown hook ends the library.
pub(crate) const NO_HOOK: bool = cfg!(rt0_sabotage = "jni-no-hook");
/// A `CompletableFuture` whose work is dropped is never completed.
#[cfg(feature = "tokio")]
pub(crate) const NO_DROPPED_WORK: bool = cfg!(rt0_sabotage = "jni-no-dropped-work");
/// An init that runs on the boot's own stack may call Java.
pub(crate) const NO_STACK_CHECK: bool = cfg!(rt0_sabotage = "jni-no-stack-check");

//! What the author does first and last on each thread of the runtime.

use super::this_thread::runtime_here;
use crate::runtime::panic;

/// Runs the author's function for this option. A panic is kept for the report.
pub fn on_thread(option: &str, run: impl FnOnce()) {
    let Err(text) = panic::caught(run) else {
        return;
    };
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("the boot thread");
    if let Some(watch) = runtime_here() {
        let _ = watch
            .thread_failure
            .set(format!("{option} on {name} {text}"));
    }
}

//! `dlclose`, and whether it has taken the code away.

use std::time::Duration;

use crate::check::Stop;
use crate::subject::{Library, Subject, threads, wait_until};

/// What is left after `dlclose`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The code: nothing can happen to anybody who runs it.
    Mapped,
    /// So many threads that run, or will run, code that is gone.
    Threads(usize),
}

/// How long a thread that was told to end may take.
const PATIENCE: Duration = Duration::from_millis(200);

/// Closes the library. It is the only one that makes threads in this process, apart from those that are there now.
///
/// # Errors
/// The loader refuses.
pub fn close(subject: &Subject, library: Library) -> Result<Left, Stop> {
    let path = &subject.plan.library;
    subject.step("closing the library");
    library
        .close()
        .map_err(|why| Stop::fail(format!("it can't be closed: {why}")))?;
    if is_mapped(path) {
        return Ok(Left::Mapped);
    }
    subject.step("waiting for the threads of the closed library to end");
    let mut left = 0;
    wait_until(PATIENCE, || {
        left = threads().len() - 1;
        left == 0
    });
    Ok(Left::Threads(left))
}

/// Whether anything of the file is in this process's memory.
fn is_mapped(path: &std::path::Path) -> bool {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let path = path.to_string_lossy();
    maps.lines().any(|line| line.ends_with(&*path))
}

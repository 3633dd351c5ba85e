//! Children that a check makes.

use crate::board::Board;
use crate::verdict::{Stop, Verdict};

use super::{doing, exit_now, signal_name};

/// A child of a check's process.
pub struct Child {
    id: i32,
    board: Board,
    what: String,
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// With this code.
    Exit(i32),
    /// By this signal.
    Signal(i32),
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Status::Exit(code) => write!(f, "ended with exit code {code}"),
            Status::Signal(signal) => write!(f, "was killed by {}", signal_name(*signal)),
        }
    }
}

/// Forks by `how` (`libc::fork`, unless a check is about another way), and runs this in the child, which then ends
/// by `_exit`. `what` names the child in evidence: "the fork's child".
///
/// # Errors
/// The system makes no child.
///
/// # Safety
/// `how` returns as fork(2) does. What `run` does must be allowed in such a child: after `libc::fork` with glibc
/// that is anything but taking locks that another thread may have held.
pub unsafe fn fork_by(
    how: impl FnOnce() -> i32,
    what: &str,
    run: impl FnOnce() -> Verdict,
) -> Result<Child, Stop> {
    let board = Board::private().map_err(|e| Stop::could_not(format!("no shared memory: {e}")))?;
    match how() {
        0 => {
            let verdict = run();
            board.set_verdict(&serde_json::to_string(&verdict).unwrap_or_default());
            exit_now(0)
        }
        id if id > 0 => Ok(Child {
            id,
            board,
            what: what.to_owned(),
        }),
        _ => Err(Stop::could_not(format!(
            "no process can be made: {}",
            std::io::Error::last_os_error()
        ))),
    }
}

/// [`fork_by`] with fork(2).
///
/// # Errors
/// The system makes no child.
pub fn fork(what: &str, run: impl FnOnce() -> Verdict) -> Result<Child, Stop> {
    // SAFETY: only threads of the library's may hold a lock at the fork. glibc brings its own locks in order for the
    // child, and std's and serde's code in `run` takes no other that such a thread could have.
    unsafe { fork_by(|| libc::fork(), what, run) }
}

impl Child {
    /// Its number.
    pub fn id(&self) -> i32 {
        self.id
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// It can't be waited for.
    pub fn status(&self) -> Result<Status, Stop> {
        let mut status = 0;
        // SAFETY: waitpid(2) writes the status.
        while unsafe { libc::waitpid(self.id, &raw mut status, 0) } != self.id {
            let error = std::io::Error::last_os_error();
            if error.kind() != std::io::ErrorKind::Interrupted {
                return Err(Stop::could_not(format!(
                    "{} can't be waited for: {error}",
                    self.what
                )));
            }
        }
        Ok(match libc::WIFSIGNALED(status) {
            true => Status::Signal(libc::WTERMSIG(status)),
            false => Status::Exit(libc::WEXITSTATUS(status)),
        })
    }

    /// Waits for the end of a child that ends in its own way, by `exit` for example, and gives how. If it has found
    /// something before that, it is this.
    ///
    /// # Errors
    /// As said.
    pub fn end(&self) -> Result<Status, Stop> {
        let status = self.status()?;
        match self.found() {
            Some(Err(stop)) => Err(self.named(stop)),
            _ => Ok(status),
        }
    }

    fn found(&self) -> Option<Verdict> {
        serde_json::from_str(&self.board.verdict()?).ok()
    }

    fn named(&self, stop: Stop) -> Stop {
        Stop {
            evidence: format!("in {}: {}", self.what, stop.evidence),
            ..stop
        }
    }

    /// Waits for its end, and gives what it has found. A child that ends in any other way is a failure of the
    /// library's.
    ///
    /// # Errors
    /// Its verdict is none; it crashed, or ended early.
    pub fn verdict(&self) -> Verdict {
        let status = self.status()?;
        match (status, self.found()) {
            (Status::Exit(0), Some(verdict)) => verdict.map_err(|stop| self.named(stop)),
            (status, _) => Err(Stop::fail(format!("{} {status}{}", self.what, doing()))),
        }
    }
}

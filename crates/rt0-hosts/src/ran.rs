//! What a process printed, and how it ended.

use std::fmt;
use std::process::ExitStatus;

use crate::processes;

/// A process that has ended.
pub struct Ran {
    /// Its command line.
    pub(crate) command: String,
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed to stdout.
    pub stdout: Vec<u8>,
    /// What it printed to stderr.
    pub stderr: Vec<u8>,
}

impl Ran {
    /// Its stdout, if it succeeded and was silent on stderr.
    ///
    /// # Panics
    /// It did not.
    #[track_caller]
    pub fn ok(&self) -> String {
        self.exits(0)
    }

    /// Checks that it succeeded, whatever it printed: for compilers, which may warn.
    ///
    /// # Panics
    /// It did not.
    #[track_caller]
    pub fn succeeds(&self) {
        assert!(self.status.success(), "should have succeeded\n{self}");
    }

    /// Its stdout, if it ended with this exit code and was silent on stderr.
    ///
    /// # Panics
    /// It ended otherwise, or was not silent on stderr.
    #[track_caller]
    pub fn exits(&self, code: i32) -> String {
        assert!(
            self.status.code() == Some(code) && self.stderr.is_empty(),
            "should have exited with {code} and nothing on stderr\n{self}"
        );
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// The signal that ended it.
    pub fn signal(&self) -> Option<i32> {
        processes::signal(self.status)
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        writeln!(f, "{}\n{}", self.command, self.status)?;
        writeln!(f, "--- stdout\n{}", text(&self.stdout))?;
        write!(f, "--- stderr\n{}", text(&self.stderr))
    }
}

//! Wine: how hosts in it write a path of this machine, and three faults of its own (8.0), which say nothing about the host
//! that runs in it.
//!
//! - In about one of a thousand starts it finds no room for the page that all processes share, and exits with
//!   1.
//! - When a process ends, wine closes the connection to its server while other threads may still use it: one
//!   of them then prints that the server is gone.
//! - Its server kills a process that still exists some milliseconds later, as on a busy machine: the host's
//!   exit code is then lost.

use std::path::Path;

use crate::ran::Ran;
use crate::target::is_under_wine;

/// SIGKILL.
const KILLED: i32 = 9;

/// A path of this machine, as hosts for the target write it.
pub fn path_there(path: impl AsRef<Path>) -> String {
    match is_under_wine() {
        true => on_a_drive(path.as_ref()),
        false => path.as_ref().display().to_string(),
    }
}

fn on_a_drive(of: &Path) -> String {
    format!("Z:{}", of.display()).replace('/', "\\")
}

/// Whether this run means nothing and must be repeated: the host was not started (no host of ours exits with
/// 1 and prints nothing), or it was killed, but not by the watchdog, which reports that itself.
pub fn has_failed(ran: &Ran) -> bool {
    let silent = ran.stdout.is_empty() && ran.stderr.is_empty();
    (ran.status.code() == Some(1) && silent) || ran.signal() == Some(KILLED)
}

/// What the host itself printed.
pub fn without_its_words(stderr: &[u8]) -> Vec<u8> {
    stderr
        .split_inclusive(|&byte| byte == b'\n')
        .filter(|line| !line.starts_with(b"wine client error:"))
        .collect::<Vec<_>>()
        .concat()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{on_a_drive, without_its_words};

    #[test]
    fn this_machines_files_are_on_a_drive() {
        assert_eq!(on_a_drive(Path::new("/a b/c.dll")), r"Z:\a b\c.dll");
    }

    #[test]
    fn what_the_host_prints_stays() {
        let host = b"host: no symbol\nwine client error\n";
        assert_eq!(without_its_words(host), host);
        let both = b"a\nwine client error:4c: sendmsg: no socket\nb";
        assert_eq!(without_its_words(both), b"a\nb");
        assert_eq!(without_its_words(b"wine client error:4c: "), b"");
    }
}

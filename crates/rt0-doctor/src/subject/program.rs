//! A program that a check runs, and what it prints.

use std::io::{self, Read};
use std::process::{Command, Output, Stdio};
use std::thread;

/// More than any of the programs prints that checks run, in bytes.
const MOST: u64 = 1 << 20;

/// A program that has ended.
pub struct Ended {
    /// How, and what it printed, up to a limit for each stream.
    pub output: Output,
    /// It printed more than that, and was killed.
    pub has_flooded: bool,
}

/// Runs a program to its end. The library may have got into it, so it may print without end: that ends it.
///
/// # Errors
/// It can't be started.
pub fn run(command: &mut Command) -> io::Result<Ended> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let id = child.id() as libc::pid_t;
    let (stdout, stderr) = thread::scope(|scope| {
        let other = scope.spawn(|| read(stderr, id));
        let stdout = read(stdout, id);
        (stdout, other.join().unwrap_or_default())
    });
    let status = child.wait()?;
    Ok(Ended {
        has_flooded: [&stdout, &stderr].iter().any(|it| is_flood(it)),
        output: Output {
            status,
            stdout,
            stderr,
        },
    })
}

fn read(pipe: Option<impl Read>, process: libc::pid_t) -> Vec<u8> {
    let mut printed = Vec::new();
    if let Some(pipe) = pipe {
        let _ = pipe.take(MOST).read_to_end(&mut printed);
    }
    if is_flood(&printed) {
        // SAFETY: it only sends a signal. The process is a child that nobody has waited for yet.
        unsafe { libc::kill(process, libc::SIGKILL) };
    }
    printed
}

fn is_flood(printed: &[u8]) -> bool {
    printed.len() as u64 == MOST
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{MOST, run};

    #[test]
    fn a_program_that_prints_without_end_is_ended() {
        for script in ["exec yes", "exec yes >&2"] {
            let ended = run(Command::new("sh").args(["-c", script])).unwrap();
            assert!(ended.has_flooded && ended.output.status.code().is_none());
            let printed = ended.output.stdout.len() + ended.output.stderr.len();
            assert_eq!(printed as u64, MOST);
        }
    }

    #[test]
    fn what_another_prints_is_kept() {
        let ended = run(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).unwrap();
        assert!(!ended.has_flooded);
        assert_eq!(ended.output.status.code(), Some(3));
        assert_eq!(ended.output.stdout, b"out\n");
        assert_eq!(ended.output.stderr, b"err\n");
    }
}

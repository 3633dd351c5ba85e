//! A library that prints while it is loaded breaks every host whose output is read by a program.

use std::fs::File;
use std::io::Read;
use std::os::fd::FromRawFd;
use std::time::Duration;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::pages::page;
use crate::subject::{Subject, give};

/// The check.
pub const CHECK: Check = Check {
    id: "load-output",
    severity: Severity::Error,
    hazard: "G5",
    title: "loading the library prints nothing",
    page: page!("load-output"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Dynamic(run),
};

fn run(subject: &Subject) -> Verdict {
    let mut streams = [capture(1)?, capture(2)?];
    subject.load()?;
    subject.step("waiting for what the library's threads print");
    // Whatever its threads print, they do so soon; the next call would come as soon.
    give(Duration::from_millis(300));
    subject.step("writing out what the library has left in C's buffers");
    // What goes to a pipe stays there otherwise, until a buffer is full or the host ends.
    // SAFETY: fflush(3) writes out all streams; only the library has used them.
    unsafe { libc::fflush(std::ptr::null_mut()) };
    for (stream, name) in streams
        .iter_mut()
        .zip(["standard output", "standard error"])
    {
        let mut bytes = [0; 256];
        let count = stream.read(&mut bytes).unwrap_or(0);
        if count > 0 {
            let text = String::from_utf8_lossy(&bytes[..count]);
            let line = text.lines().next().unwrap_or_default();
            return Err(Stop::fail(format!("loading it prints to {name}: {line:?}")));
        }
    }
    Ok("nothing on standard output or standard error".to_owned())
}

/// Puts a pipe in a stream's place, whose other end never waits.
fn capture(stream: i32) -> Result<File, Stop> {
    let mut ends = [0; 2];
    // SAFETY: pipe2(2) writes two descriptors, which are ours; dup2(2) puts one in the place of a stream that nothing
    // in this process writes to but the library.
    unsafe {
        if libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) != 0 || libc::dup2(ends[1], stream) < 0 {
            return Err(Stop::could_not("no pipe can be made"));
        }
        libc::close(ends[1]);
        libc::fcntl(ends[0], libc::F_SETFL, libc::O_NONBLOCK);
        Ok(File::from_raw_fd(ends[0]))
    }
}

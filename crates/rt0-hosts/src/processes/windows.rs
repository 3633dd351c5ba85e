//! Windows itself. Nothing has run this yet: the tests for Windows run on Linux, under wine.

use std::fs::Permissions;
use std::process::{Child, Command, ExitStatus};

/// Sockets and random numbers need the first of these besides, compilers the next, and cargo the last.
pub const NEEDED: &[&str] = &["PATH", "SystemRoot", "TEMP", "TMP", "USERPROFILE"];

/// A process gets only the handles that are meant for it.
pub fn prepare(_command: &mut Command) {}

pub fn as_user(_command: &mut Command, _id: u32) {
    panic!("users have no numbers on Windows");
}

/// Its handle keeps its number.
pub fn has_ended(child: &mut Child) -> bool {
    child.try_wait().is_ok_and(|status| status.is_some())
}

/// Hosts for Windows start no processes.
pub fn kill_all(child: &mut Child) {
    // It may have ended.
    let _ = child.kill();
}

pub fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

pub fn is_root() -> bool {
    false
}

pub fn readable() -> Permissions {
    panic!("files have other rights on Windows");
}

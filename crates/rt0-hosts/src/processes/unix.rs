//! Unix.

use std::fs::Permissions;
use std::mem::MaybeUninit;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus};

use super::descriptors::keep_no_others;

pub const NEEDED: &[&str] = &["PATH"];

pub fn prepare(command: &mut Command) {
    // SAFETY: a plain system call, which a fork's child may make.
    unsafe { command.pre_exec(keep_no_others) };
    command.process_group(0);
}

pub fn as_user(command: &mut Command, id: u32) {
    command.uid(id).gid(id);
}

/// Without reaping it, so that its group can still be named by its number.
pub fn has_ended(child: &mut Child) -> bool {
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
    // SAFETY: waitid(2) fills in `info`, or leaves it all zeros.
    unsafe {
        libc::waitid(
            libc::P_PID,
            child.id() as libc::id_t,
            info.as_mut_ptr(),
            flags,
        ) == 0
            && info.assume_init().si_pid() != 0
    }
}

pub fn kill_all(child: &mut Child) {
    // SAFETY: kill(2) of the child's own group; the child has not been reaped, so its number is still its own.
    unsafe { libc::kill(-(child.id() as i32), libc::SIGKILL) };
}

pub fn signal(status: ExitStatus) -> Option<i32> {
    status.signal()
}

pub fn is_root() -> bool {
    // SAFETY: geteuid(2) has no preconditions.
    unsafe { libc::geteuid() == 0 }
}

pub fn readable() -> Permissions {
    Permissions::from_mode(0o755)
}

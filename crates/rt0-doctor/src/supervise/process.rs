//! What a keeper asks of the system for itself and for its subject.

use std::io;
use std::mem::MaybeUninit;
use std::path::PathBuf;
use std::time::Duration;

use super::End;

/// This program's file. If it has been replaced since it was started, as a build does, the kernel still has the old
/// one.
pub fn own_program() -> PathBuf {
    let own = std::env::current_exe();
    own.ok()
        .filter(|path| path.exists())
        .unwrap_or_else(|| "/proc/self/exe".into())
}

/// From now on this process is the parent of all processes below it whose parent has ended.
pub fn be_subreaper() {
    // SAFETY: the option takes a number and changes nothing in memory.
    unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) };
}

/// From now on, and on threads made later, the end of a child is noticed by [`wait_for_a_child`] only. The programs that
/// this process starts inherit that, and call [`let_child_signals_through`].
pub fn hold_back_child_signals() {
    change_mask(libc::SIG_BLOCK);
}

/// Undoes it, between fork and exec: a debugger waits for the signal, and a library may.
pub fn let_child_signals_through() {
    change_mask(libc::SIG_UNBLOCK);
}

fn change_mask(how: i32) {
    let set = child_signal();
    // SAFETY: the set is initialised; the old mask is not wanted.
    unsafe { libc::pthread_sigmask(how, &raw const set, std::ptr::null_mut()) };
}

/// Waits until a child has ended, or until the time is over.
pub fn wait_for_a_child(time: Duration) {
    let set = child_signal();
    let time = libc::timespec {
        tv_sec: time.as_secs() as libc::time_t,
        tv_nsec: time.subsec_nanos() as _,
    };
    // SAFETY: the set and the time are initialised; the signal's details are not wanted.
    unsafe { libc::sigtimedwait(&raw const set, std::ptr::null_mut(), &raw const time) };
}

fn child_signal() -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: sigemptyset(3) initialises the set, sigaddset(3) then changes it.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        libc::sigaddset(set.as_mut_ptr(), libc::SIGCHLD);
        set.assume_init()
    }
}

/// How the subject ended, if it has. All other children that have ended are reaped.
pub fn ended(subject: u32) -> Option<End> {
    loop {
        let mut status = 0;
        // SAFETY: waitpid(2) writes the status.
        let id = unsafe { libc::waitpid(-1, &raw mut status, libc::WNOHANG) };
        if id <= 0 {
            return None;
        }
        if id as u32 == subject {
            return Some(end(status));
        }
    }
}

fn end(status: i32) -> End {
    match libc::WIFSIGNALED(status) {
        true => End::Signal(libc::WTERMSIG(status)),
        false => End::Exit(libc::WEXITSTATUS(status)),
    }
}

/// Makes the calling process the leader of a new session, so of a new process group, without a terminal; if its
/// parent dies, it dies as well.
///
/// # Errors
/// The system refuses.
pub fn lead_a_session() -> io::Result<()> {
    // SAFETY: neither call touches memory.
    unsafe {
        if libc::setsid() < 0 {
            return Err(io::Error::last_os_error());
        }
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL, 0, 0, 0);
    }
    Ok(())
}

/// Gives this descriptor that number, open across exec, and closes all with higher numbers at exec.
///
/// # Errors
/// The system refuses.
pub fn keep_only(descriptor: i32, number: i32) -> io::Result<()> {
    const CLOSE_RANGE_CLOEXEC: u32 = 4;
    // SAFETY: the descriptor is the caller's; whoever has `number` in this fork's child no longer needs it. Kernels
    // before 5.11 do not know the flag: then descriptors that the tool has inherited stay open.
    unsafe {
        if descriptor == number {
            libc::fcntl(descriptor, libc::F_SETFD, 0);
        } else if libc::dup2(descriptor, number) < 0 {
            return Err(io::Error::last_os_error());
        }
        libc::syscall(
            libc::SYS_close_range,
            number as u32 + 1,
            u32::MAX,
            CLOSE_RANGE_CLOEXEC,
        );
    }
    Ok(())
}

/// Closes all descriptors but the first three at exec.
pub fn keep_none() {
    const CLOSE_RANGE_CLOEXEC: u32 = 4;
    // SAFETY: as in `keep_only`.
    unsafe { libc::syscall(libc::SYS_close_range, 3, u32::MAX, CLOSE_RANGE_CLOEXEC) };
}

/// How nice this process is to others: -20 to 19.
pub fn niceness() -> i32 {
    // SAFETY: getpriority(2) only asks.
    unsafe { libc::getpriority(libc::PRIO_PROCESS, 0) }
}

/// Makes this process a little quicker than others, if it may: root's processes can't be stopped from forking, so
/// their keeper must not be one of thousands.
pub fn be_quicker() {
    be_as_quick_as(niceness() - 5);
}

/// Makes this process as nice as that, if it may.
pub fn be_as_quick_as(niceness: i32) {
    // SAFETY: setpriority(2) touches no memory.
    unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, niceness) };
}

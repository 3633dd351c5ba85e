//! Signals: their names, and how a process handles them.

use std::mem::MaybeUninit;

use crate::verdict::Stop;

/// The name of a signal.
pub fn name(signal: i32) -> String {
    let name = match signal {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGALRM => "SIGALRM",
        libc::SIGTERM => "SIGTERM",
        libc::SIGCHLD => "SIGCHLD",
        libc::SIGCONT => "SIGCONT",
        libc::SIGSTOP => "SIGSTOP",
        libc::SIGTSTP => "SIGTSTP",
        libc::SIGTTIN => "SIGTTIN",
        libc::SIGTTOU => "SIGTTOU",
        libc::SIGURG => "SIGURG",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        libc::SIGVTALRM => "SIGVTALRM",
        libc::SIGPROF => "SIGPROF",
        libc::SIGWINCH => "SIGWINCH",
        libc::SIGIO => "SIGIO",
        libc::SIGPWR => "SIGPWR",
        libc::SIGSYS => "SIGSYS",
        other => return format!("signal {other}"),
    };
    name.to_owned()
}

/// How this process handles signals.
pub struct State {
    handlers: Vec<(i32, Handler)>,
    mask: Vec<i32>,
    pending: Vec<i32>,
    stack: (usize, usize, i32),
}

/// What happens on a signal: the handler, its flags, what it blocks.
#[derive(Clone, PartialEq, Eq)]
struct Handler {
    address: usize,
    flags: i32,
    blocked: Vec<i32>,
}

/// All signals but those that nobody can handle, and those that the C library keeps for itself.
fn all() -> impl Iterator<Item = i32> {
    (1..=64).filter(|signal| ![libc::SIGKILL, libc::SIGSTOP, 32, 33, 34].contains(signal))
}

impl State {
    /// As it is now, on this thread.
    pub fn now() -> State {
        State {
            handlers: all()
                .filter_map(|signal| Some((signal, handler(signal)?)))
                .collect(),
            mask: mask(),
            pending: pending(),
            stack: stack(),
        }
    }

    /// Whether it is still so after `what`.
    ///
    /// # Errors
    /// It is not: which signal is handled in another way, or what else has changed.
    pub fn compare(&self, what: &str) -> Result<(), Stop> {
        let now = State::now();
        for ((signal, before), (_, after)) in self.handlers.iter().zip(&now.handlers) {
            let how = match (before.address == after.address, after.address) {
                (true, _) if before == after => continue,
                (true, _) => "has changed the flags of the host's handler",
                (false, libc::SIG_IGN) => "ignores the signal for the whole process",
                (false, libc::SIG_DFL) => "has removed the host's handler",
                (false, _) if before.address == libc::SIG_DFL => {
                    "has installed a handler of its own"
                }
                (false, _) => "has replaced the host's handler",
            };
            return Err(Stop::fail(format!("{what} {how}: {}", name(*signal))));
        }
        if self.mask != now.mask {
            let (before, after) = (names(&self.mask), names(&now.mask));
            return Err(Stop::fail(format!(
                "{what} has changed the thread's signal mask from {before} to {after}"
            )));
        }
        if self.pending != now.pending {
            let (before, after) = (names(&self.pending), names(&now.pending));
            return Err(Stop::fail(format!(
                "{what} has changed which signals are pending from {before} to {after}"
            )));
        }
        if self.stack != now.stack {
            return Err(Stop::fail(format!(
                "{what} has changed the thread's alternative signal stack"
            )));
        }
        Ok(())
    }
}

fn names(signals: &[i32]) -> String {
    match signals.is_empty() {
        true => "none".to_owned(),
        false => signals
            .iter()
            .map(|signal| name(*signal))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

fn handler(signal: i32) -> Option<Handler> {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: sigaction(2) only asks, and writes the structure if it succeeds.
    let action = unsafe {
        match libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) {
            0 => action.assume_init(),
            _ => return None,
        }
    };
    Some(Handler {
        address: action.sa_sigaction,
        flags: action.sa_flags,
        blocked: members(&action.sa_mask),
    })
}

fn members(set: &libc::sigset_t) -> Vec<i32> {
    // SAFETY: sigismember(3) only reads the set.
    all()
        .filter(|signal| unsafe { libc::sigismember(set, *signal) } == 1)
        .collect()
}

/// The signals that this thread blocks.
pub fn mask() -> Vec<i32> {
    let mut set = MaybeUninit::zeroed();
    // SAFETY: without a new mask, pthread_sigmask(3) writes the old one.
    unsafe {
        libc::pthread_sigmask(libc::SIG_BLOCK, std::ptr::null(), set.as_mut_ptr());
        members(&set.assume_init())
    }
}

fn pending() -> Vec<i32> {
    let mut set = MaybeUninit::zeroed();
    // SAFETY: sigpending(2) writes the set.
    unsafe {
        libc::sigpending(set.as_mut_ptr());
        members(&set.assume_init())
    }
}

fn stack() -> (usize, usize, i32) {
    let mut stack = MaybeUninit::<libc::stack_t>::zeroed();
    // SAFETY: sigaltstack(2) only asks, and writes the structure.
    let stack = unsafe {
        libc::sigaltstack(std::ptr::null(), stack.as_mut_ptr());
        stack.assume_init()
    };
    (stack.ss_sp as usize, stack.ss_size, stack.ss_flags)
}

/// Installs a handler, which must do nothing but what a handler may.
pub fn handle(signal: i32, handler: extern "C" fn(i32)) {
    // SAFETY: the handler lives as long as the process.
    unsafe { libc::signal(signal, handler as *const () as usize) };
}

/// Blocks these signals on this thread.
pub fn block(signals: &[i32]) {
    let mut set = MaybeUninit::uninit();
    // SAFETY: sigemptyset(3) initialises the set; the old mask is not wanted.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        for signal in signals {
            libc::sigaddset(set.as_mut_ptr(), *signal);
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, set.as_ptr(), std::ptr::null_mut());
    }
}

/// Sends a signal to this process.
pub fn raise(signal: i32) {
    // SAFETY: kill(2) has no preconditions.
    unsafe { libc::kill(libc::getpid(), signal) };
}

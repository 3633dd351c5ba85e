//! Which signals the library's threads leave to the host.

#[cfg(windows)]
mod none;
#[cfg(not(windows))]
mod unix;

cfg_select! {
    windows => { use self::none as system; }
    _ => { use self::unix as system; }
}

contract! { pub use system:
    /// The thread of the host's that begins a boot, or for which a thread of ours begins it: what it blocks.
    pub type Asker;
    /// This thread, as one of the host's.
    pub fn asker() -> Asker;
    /// While this guard lives, the thread blocks more signals than before.
    pub type Blocked;
    /// Blocks the asynchronous signals on this thread.
    pub fn block() -> Blocked;
    /// The same for a boot on this thread, which is the host's. The signals that may reach the library's
    /// threads may reach this one.
    pub fn block_for_boot(asked_for: CollectorSignals, asker: Asker) -> Blocked;
    /// Blocks the asynchronous signals, and unblocks those that the host needs. Each of the library's own
    /// threads calls it first, and again whenever [`changes`] has changed. Only for threads that the C
    /// library knows of.
    pub fn settle();
    /// A counter. When it changes, the library's threads must [`settle`] again.
    pub fn changes() -> u32;
    /// Notes for whom the boot is. The thread that has the boot thread made calls this.
    pub fn note_loader(asker: Asker);
    /// Finds out which signals may reach the library's threads. The boot thread calls this.
    pub fn look(asked_for: CollectorSignals);
    /// The same on the host's thread that makes the first call: the host may have installed handlers since.
    /// If this returns true, the library's threads must [`settle`] again.
    pub fn look_again(asked_for: CollectorSignals) -> bool;
}

/// Signals by which a host's garbage collector may stop the library's threads. They stay blocked unless the
/// host has a handler for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectorSignals {
    /// None.
    None,
    /// SIGPWR, SIGXCPU and the real-time signals.
    Usual,
    /// The same, with SIGUSR1 and SIGUSR2.
    Usr,
}

impl CollectorSignals {
    /// The names, in the order of the numbers.
    pub(crate) const NAMES: &str = "none\nusual\nusr";

    /// The choice with this number.
    pub(crate) fn from_number(number: u32) -> CollectorSignals {
        match number.min(2) {
            0 => CollectorSignals::None,
            1 => CollectorSignals::Usual,
            _ => CollectorSignals::Usr,
        }
    }
}

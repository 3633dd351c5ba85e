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
    /// For as long as this lives the thread's mask has more signals than before.
    pub type Blocked;
    /// Blocks the asynchronous signals on this thread.
    pub fn block() -> Blocked;
    /// The same for a boot on this thread, which is the host's: what may come to the library's threads may come
    /// to this one.
    pub fn block_for_boot(asked_for: CollectorSignals) -> Blocked;
    /// What each of the library's own threads does first, and whenever [`changes`] has changed: blocks the
    /// asynchronous signals, and opens what the host makes an exception of. Only for threads that the C
    /// library knows of.
    pub fn settle();
    /// Another number each time that the library's threads are to [`settle`] again.
    pub fn changes() -> u32;
    /// This thread has the boot thread made.
    pub fn note_loader();
    /// Finds out what may come to the library's threads: on the boot thread.
    pub fn look(asked_for: CollectorSignals);
    /// The same on a thread of the host's that calls for the first time: it may have installed its handlers since.
    /// If this returns true, the library's threads must [`settle`] again.
    pub fn look_again(asked_for: CollectorSignals) -> bool;
}

/// Which signals may stop the library's threads that would be blocked otherwise; and only where the host
/// has a handler for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectorSignals {
    /// None.
    None,
    /// SIGPWR, SIGXCPU and the real-time signals.
    Usual,
    /// Those, SIGUSR1 and SIGUSR2.
    Usr,
}

impl CollectorSignals {
    /// Every choice, at its number's place.
    pub(crate) const ALL: [CollectorSignals; 3] = [
        CollectorSignals::None,
        CollectorSignals::Usual,
        CollectorSignals::Usr,
    ];

    /// Those of this name: `none`, `usual`, `usr`.
    pub fn from_name(name: &[u8]) -> Option<CollectorSignals> {
        match name {
            b"none" => Some(CollectorSignals::None),
            b"usual" => Some(CollectorSignals::Usual),
            b"usr" => Some(CollectorSignals::Usr),
            _ => None,
        }
    }
}

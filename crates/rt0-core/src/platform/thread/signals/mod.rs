//! Which signals the library's threads leave to the host.

#[cfg(windows)]
mod none;
#[cfg(not(windows))]
mod unix;

#[cfg(windows)]
pub use self::none::*;
#[cfg(not(windows))]
pub use self::unix::*;

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

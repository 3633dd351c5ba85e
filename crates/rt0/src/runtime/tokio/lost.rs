//! Detects that a runtime is lost.
//!
//! A host can close the runtime's descriptors, as daemons do with every descriptor they find open, and then
//! open its own files under the same numbers. The thread that sleeps in the runtime's `epoll` is then never
//! woken, and a thread that waits for a task waits forever. So each thread that waits checks that the
//! descriptors are still the runtime's ([`Descriptors`]), before it waits and again while it waits. In a
//! library that `cargo rt0 build` did not link, the descriptors are not known. There we rely on tokio's
//! driver, which panics when it finds them closed.
//!
//! A lost runtime is left as it is: never woken, never dropped. Its descriptors' numbers may be the host's by
//! now, and so may those of the sockets in its tasks and in the library's state.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use rt0_core::generation::page;
use rt0_core::protocol::gate::State;
use rt0_core::{Status, sabotage, this_library};

use crate::error::Error;
use crate::in_flight::{Inside, travelling};
use crate::interpose::descriptors::Descriptors;
use crate::parts::Parts;

/// Watches over one runtime.
pub(crate) struct Watch {
    /// The number of the runtime's generation.
    pub number: u32,
    descriptors: OnceLock<Descriptors>,
    lost: AtomicBool,
    /// How the author's function for each thread failed.
    pub thread_failure: OnceLock<String>,
    /// Whether the boot thread drives the runtime.
    pub driven: AtomicBool,
    /// Who else is told of the loss.
    parts: Parts,
}

impl Watch {
    pub fn new(number: u32, parts: Parts) -> Watch {
        Watch {
            number,
            parts,
            descriptors: OnceLock::new(),
            lost: AtomicBool::new(false),
            thread_failure: OnceLock::new(),
            driven: AtomicBool::new(false),
        }
    }

    /// Sets the runtime's descriptors.
    pub fn watch(&self, descriptors: Option<Descriptors>) {
        if let Some(descriptors) = descriptors {
            let _ = self.descriptors.set(descriptors);
        }
    }

    /// Whether the runtime is lost, or is about to be marked as lost.
    pub fn looks_lost(&self) -> bool {
        // Relaxed: only the value matters; it publishes no other data.
        self.lost.load(Ordering::Relaxed)
            || self.descriptors.get().is_some_and(|all| !all.are_there())
    }

    /// Whether somebody has noticed that the runtime is lost. Asks nobody else.
    pub fn is_marked_lost(&self) -> bool {
        // Acquire pairs with the Release in `lose`.
        self.lost.load(Ordering::Acquire)
    }

    /// Whether the runtime is lost. The first thread that notices marks it as lost for all.
    pub fn is_lost(&self) -> bool {
        let lost = self.looks_lost();
        if lost {
            self.lose();
        }
        lost
    }

    fn lose(&self) {
        // Release pairs with the Acquire in `is_marked_lost`: who does not see the mark is seen by the parts.
        let first = !self.lost.swap(true, Ordering::AcqRel);
        if first {
            if let Some(all) = self.descriptors.get() {
                all.avoid();
            }
        }
        // Do this every time: the first time, the gate may have been closed, by the boot or by a shutdown
        // that was called off. Announce this thread for it, even one of the runtime's own: otherwise a slow
        // thread could mark the next generation as lost.
        if let Some(_inside) = Inside::enter(|| page().gate.state().reported() == State::Ready) {
            if page().lose(self.number, Status::RuntimeLost) {
                travelling::release();
            }
        }
        if first {
            if sabotage::NO_LOST_NUMBER {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            self.parts.iter().for_each(|part| part.lost(self.number));
        }
    }

    /// Called when tokio's driver has panicked, on one of this runtime's threads or in a call that waits for
    /// it.
    pub fn driver_panicked(&self) {
        match self.descriptors.get() {
            Some(_) => {
                self.is_lost();
            }
            // Without descriptors to check, the panic is the only evidence.
            None if !sabotage::NO_LOST_CHECK => self.lose(),
            None => {}
        }
    }

    /// Called when the runtime has ended.
    pub fn ended(&self) {
        if let Some(all) = self.descriptors.get() {
            all.forget();
        }
    }

    /// # Errors
    /// The runtime is lost.
    pub fn check(&self) -> Result<(), Error> {
        if self.is_lost() { Err(error()) } else { Ok(()) }
    }
}

pub(super) fn error() -> Error {
    let name = this_library().map_or("rt0", |library| library.name());
    Error::of(name, Status::RuntimeLost)
}

/// Whether this is the source file in which tokio waits in `epoll`.
pub(crate) fn is_driver(file: &str) -> bool {
    const END: &[u8] = b"/runtime/io/driver.rs";
    // On Windows a path can have both kinds of separators.
    let same = |(a, b): (&u8, &u8)| a == b || (*a == b'\\' && *b == b'/');
    let file = file.as_bytes();
    let from = file.len().saturating_sub(END.len());
    file.len() >= END.len()
        && file[from..].iter().zip(END).all(same)
        && file.windows(5).any(|part| part == b"tokio")
}

#[cfg(test)]
mod tests {
    use super::is_driver;

    #[test]
    fn tokios_driver_is_known_by_its_file() {
        assert!(is_driver("/c/tokio-1.54.1/src/runtime/io/driver.rs"));
        assert!(is_driver(
            "C:\\c\\tokio-1.54.1\\src\\runtime\\io\\driver.rs"
        ));
        assert!(is_driver("C:\\c\\tokio-1.54.1\\src\\runtime/io/driver.rs"));
        assert!(!is_driver("/c/tokio-1.54.1/src/runtime/time/mod.rs"));
        assert!(!is_driver("/c/other-1.54.1/src/runtime/io/driver.rs"));
        assert!(!is_driver("src/driver.rs"));
    }
}

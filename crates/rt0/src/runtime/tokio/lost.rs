//! Whether a runtime is still there.
//!
//! A host can close the runtime's descriptors, as daemons do with all that they find open, and open files of
//! its own under their numbers. Then the thread that sleeps in the runtime's `epoll` is never woken, and
//! whoever waits for a task waits for ever. So whoever begins to wait looks whether the descriptors are what
//! they were ([`Descriptors`]), and looks again while it waits. In a library that `cargo rt0 build` has not linked
//! they are not known: there the panic of tokio's driver, which comes upon the numbers closed, has to do.
//!
//! What is lost is left as it is: never woken, never dropped. Its numbers may be the host's by now, and so may
//! those of the sockets in its tasks and in the library's state.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use rt0_core::generation::page;
use rt0_core::protocol::gate::State;
use rt0_core::{Status, sabotage, this_library};

use crate::error::Error;
use crate::in_flight::Inside;
use crate::interpose::descriptors::Descriptors;

/// Watches over one runtime.
#[derive(Debug)]
pub(crate) struct Watch {
    /// Of which generation it is.
    pub number: u32,
    descriptors: OnceLock<Descriptors>,
    lost: AtomicBool,
    /// Whether the boot thread drives it.
    pub driven: AtomicBool,
}

impl Watch {
    pub fn new(number: u32) -> Watch {
        Watch {
            number,
            descriptors: OnceLock::new(),
            lost: AtomicBool::new(false),
            driven: AtomicBool::new(false),
        }
    }

    /// These are its descriptors.
    pub fn watch(&self, descriptors: Option<Descriptors>) {
        if let Some(descriptors) = descriptors {
            let _ = self.descriptors.set(descriptors);
        }
    }

    /// Looks whether it is lost; who notices first says so to all.
    pub fn is_lost(&self) -> bool {
        // Relaxed: it says something by its value alone.
        let lost = self.lost.load(Ordering::Relaxed)
            || self.descriptors.get().is_some_and(|all| !all.are_there());
        if lost {
            self.lose();
        }
        lost
    }

    fn lose(&self) {
        if !self.lost.swap(true, Ordering::Relaxed)
            && let Some(all) = self.descriptors.get()
        {
            all.avoid();
        }
        // Again and again: the first time the gate may have been closed, by the boot or by a shutdown that was
        // called off. From inside, also on a thread of the runtime's: one that is late would otherwise take the
        // next generation for lost.
        if let Some(_inside) = Inside::enter(|| page().gate.state().reported() == State::Ready) {
            page().lose(self.number, Status::RuntimeLost);
        }
    }

    /// Tokio's driver has panicked, on a thread of this runtime's or in a call that waits for it.
    pub fn driver_panicked(&self) {
        match self.descriptors.get() {
            Some(_) => {
                self.is_lost();
            }
            // There is no other evidence.
            None if !sabotage::NO_LOST_CHECK => self.lose(),
            None => {}
        }
    }

    /// The runtime has ended.
    pub fn ended(&self) {
        if let Some(all) = self.descriptors.get() {
            all.forget();
        }
    }

    /// # Errors
    /// It is lost.
    pub fn check(&self) -> Result<(), Error> {
        if self.is_lost() { Err(error()) } else { Ok(()) }
    }
}

pub(super) fn error() -> Error {
    let name = this_library().map_or("rt0", |library| library.name());
    Error::of(name, Status::RuntimeLost)
}

/// Whether this file is the one in which tokio waits in its `epoll`.
pub(crate) fn is_driver(file: &str) -> bool {
    const PLACE: [&str; 3] = ["driver.rs", "io", "runtime"];
    let mut parts = file.rsplit(['/', '\\']);
    PLACE.iter().all(|part| parts.next() == Some(part)) && file.contains("tokio")
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
        assert!(!is_driver("/c/tokio-1.54.1/src/runtime/time/mod.rs"));
        assert!(!is_driver("src/driver.rs"));
    }
}

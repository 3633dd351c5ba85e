//! Whether a runtime is still there.
//!
//! A host can close the runtime's descriptors, as daemons do with all that they find open, and open files of
//! its own under their numbers. Then the thread that sleeps in the runtime's `epoll` is never woken, and
//! whoever waits for a task waits for ever. So whoever begins to wait looks whether the descriptors are what
//! they were ([`Known`]), and looks again while it waits. In a library that `cargo rt0 build` has not linked
//! they are not known: there the panic of tokio's driver, which comes upon the numbers closed, has to do.
//!
//! What is lost is left as it is: never woken, never dropped. Its numbers may be the host's by now, and so may
//! those of the sockets in its tasks and in the library's state.

use std::panic::PanicHookInfo;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use rt0_core::generation::page;
use rt0_core::protocol::gate::State;
use rt0_core::{Status, sabotage, this_library};

use crate::Error;
use crate::descriptors::Known;
use crate::inflight::Inside;

/// Watches over one runtime.
#[derive(Debug)]
pub(super) struct Watch {
    /// Of which generation it is.
    pub number: u32,
    known: OnceLock<Known>,
    lost: AtomicBool,
    /// Whether the boot thread drives it.
    pub driven: AtomicBool,
}

impl Watch {
    pub fn new(number: u32) -> Watch {
        Watch {
            number,
            known: OnceLock::new(),
            lost: AtomicBool::new(false),
            driven: AtomicBool::new(false),
        }
    }

    /// These are its descriptors.
    pub fn know(&self, known: Option<Known>) {
        if let Some(known) = known {
            let _ = self.known.set(known);
        }
    }

    /// Looks whether it is lost; who notices first says so to all.
    pub fn is_lost(&self) -> bool {
        // Relaxed: it says something by its value alone.
        let lost = self.lost.load(Ordering::Relaxed)
            || self.known.get().is_some_and(|known| !known.are_there());
        if lost {
            self.lose();
        }
        lost
    }

    fn lose(&self) {
        if !self.lost.swap(true, Ordering::Relaxed)
            && let Some(known) = self.known.get()
        {
            known.avoid();
        }
        // Again and again: the first time the gate may have been closed, by the boot or by a shutdown that was
        // called off. From inside, also on a thread of the runtime's: one that is late would otherwise take the
        // next generation for lost.
        if let Some(_inside) = Inside::enter(|| page().gate.state().reported() == State::Ready) {
            page().lose(self.number, Status::RuntimeLost);
        }
    }

    /// Tokio's driver has panicked, on a thread of this runtime's or in a call that waits for it.
    fn driver_panicked(&self) {
        match self.known.get() {
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
        if let Some(known) = self.known.get() {
            known.forget();
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

/// Some thread panics: if that is tokio's driver, on a thread that is the runtime's or waits for it, the
/// runtime may be lost.
///
/// One of the runtime's own threads then stays here. Were it to go on, tokio would end the process. std keeps a
/// lock meanwhile, and nobody can change the library's panic hook any more; rt0 does so once, before.
pub(super) fn panicking(info: &PanicHookInfo<'_>) {
    let in_driver = info.location().is_some_and(|place| is_driver(place.file()));
    if !in_driver {
        return;
    }
    if let Some(watch) = super::chosen::watched_here() {
        watch.driver_panicked();
        if watch.is_lost() && super::chosen::is_runtimes_thread() {
            sleep();
        }
    }
}

/// One of the runtime's own threads has found its descriptors gone. It does not come back.
#[cfg_attr(windows, allow(dead_code))]
pub(crate) fn sleep_in_lost() {
    if let Some(watch) = super::chosen::watched_here() {
        watch.is_lost();
    }
    sleep();
}

fn sleep() -> ! {
    loop {
        std::thread::park();
    }
}

fn is_driver(file: &str) -> bool {
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

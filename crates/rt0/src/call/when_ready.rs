//! The gate for code that has neither a thread nor an executor: a closure is called when the library is ready.

use std::panic::Location;

use rt0_core::platform::thread::signals;
use rt0_core::{Status, generation, sabotage};

use super::look::look;
use super::ready::{Ready, library};
use super::shared_ready::SharedReady;
use super::waiters::Left;
use crate::error::Error;
use crate::in_flight::Inside;
use crate::in_flight::travelling::Place;
use crate::runtime::panic;

/// Calls `f` when the library is ready, with a guard that can travel, or with the reason why it is not ready.
/// Nobody waits: `when_ready` returns at once.
///
/// `f` is called once. If the library is ready already, or can't become ready, that happens before
/// `when_ready` returns, on this thread. Otherwise `f` waits in the same list as the futures of
/// [`ready_async`](crate::ready_async()), for as long as the library's own setting says: 30 seconds unless its
/// author chose otherwise. If the boot has not begun, it begins, on another thread.
///
/// rt0 makes one thread while there is anybody in that list, and that thread calls the closures. It is one of
/// the library's own threads: `f` may call whatever they may, but it must not wait for the library, and while
/// it blocks, the others wait, beyond their deadlines. A panic in `f` is caught, on either thread, and nobody
/// is told; a closure that must tell somebody catches it itself.
///
/// Under the start policy `quiet`, which makes no threads, it waits as [`ready`](crate::ready()) does and
/// blocks the thread: there the first call boots on its own thread.
///
/// What it returns can be dropped; or kept, to give the wait up ([`WhenReady::give_up`]).
///
/// A shutdown waits until all closures in the list have been called, and returned. While the process exits,
/// none is called or dropped any more. The same holds in a fork's child for the closures of its parent.
///
/// ```no_run
/// # fn answer(_: Result<(), rt0::Error>) {}
/// fn begin() {
///     rt0::when_ready(|here| match here {
///         // The runtime and the state are there until `here` is dropped.
///         Ok(here) => drop(here),
///         Err(error) => answer(Err(error)),
///     });
/// }
/// ```
///
/// # Errors
/// `f` gets those of [`ready_async`](crate::ready_async()). If a shutdown or the [`end`](crate::end()) begins
/// meanwhile, that is [`Stopped`](rt0_core::Status::Stopped).
#[track_caller]
pub fn when_ready(f: impl FnOnce(Result<SharedReady, Error>) + Send + 'static) -> WhenReady {
    let place = Location::caller();
    match Inside::enter(generation::is_ready) {
        Some(inside) => {
            call(f, Ok(Ready::new(inside).share_at(place)));
            WhenReady { left: None }
        }
        None => {
            let later = Later {
                call: Box::new(f),
                place,
                left: None,
            };
            let left = later.look();
            WhenReady { left }
        }
    }
}

/// A closure of [`when_ready`] that may still wait. It is called also if this is dropped.
pub struct WhenReady {
    left: Option<Left>,
}

impl WhenReady {
    /// Drops the closure, which is then never called. If it waits alone, no boot begins for it any more. False: it was
    /// called already, or is being called; or it waits in the parent of this fork's child.
    pub fn give_up(self) -> bool {
        self.left.is_some_and(Left::give_up)
    }
}

struct Later {
    call: Box<dyn FnOnce(Result<SharedReady, Error>) + Send>,
    place: Place,
    /// Its place in the list, once it has waited.
    left: Option<Left>,
}

impl Later {
    /// Its place in the list, if it has to wait.
    #[cold]
    fn look(mut self) -> Option<Left> {
        let looked = library().and_then(|library| match (look(library), self.left) {
            (Ok(Some(inside)), _) => Ok(Ok(inside)),
            (Ok(None), Some(left)) => Ok(Err(left)),
            (Ok(None), None) => Left::new(library, signals::asker()).map(Err),
            // The next boot has begun since the list was told of the last. This thread is one of the library's own,
            // for which that boot may wait; but those in the list are not.
            (Err(error), Some(left)) if is_from_boot(&error) => Ok(Err(left)),
            (Err(error), _) => Err(error),
        });
        match looked {
            Ok(Ok(inside)) => {
                let here = Ready::new(inside).share_at(self.place);
                self.finish(Ok(here));
            }
            Ok(Err(left)) => {
                self.left = Some(left);
                left.wait(Box::new(|answer| match answer {
                    Ok(()) => drop(self.look()),
                    Err(error) => self.finish(Err(error)),
                }));
                return Some(left);
            }
            Err(error) => self.finish(Err(error)),
        }
        None
    }

    fn finish(self, here: Result<SharedReady, Error>) {
        match self.left {
            // The boot has forked, and this is the child.
            Some(left) if !left.is_of_this_process() => std::mem::forget(self),
            // It was given up.
            Some(left) if !left.take() => {}
            _ => call(self.call, here),
        }
    }
}

fn is_from_boot(error: &Error) -> bool {
    error.status() == Status::CalledFromBoot && !sabotage::NO_NEXT_BOOT
}

fn call(f: impl FnOnce(Result<SharedReady, Error>), here: Result<SharedReady, Error>) {
    let _ = panic::caught(|| f(here));
}

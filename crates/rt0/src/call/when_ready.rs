//! The gate for code that has neither a thread nor an executor: a closure is called when the library is ready.

use std::panic::Location;

use rt0_core::generation;
use rt0_core::platform::thread::signals::{self, Asker};

use super::look::look;
use super::ready::{Ready, library};
use super::shared_ready::SharedReady;
use super::waiters;
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
pub fn when_ready(f: impl FnOnce(Result<SharedReady, Error>) + Send + 'static) {
    let place = Location::caller();
    match Inside::enter(generation::is_ready) {
        Some(inside) => call(f, Ok(Ready::new(inside).share_at(place))),
        None => {
            let call = Box::new(f);
            let by = signals::asker();
            Later { call, place, by }.look();
        }
    }
}

struct Later {
    call: Box<dyn FnOnce(Result<SharedReady, Error>) + Send>,
    place: Place,
    /// Whose signals a boot is to leave alone.
    by: Asker,
}

impl Later {
    #[cold]
    fn look(self) {
        let looked = library().and_then(|library| Ok((library, look(library)?)));
        match looked {
            Ok((_, Some(inside))) => {
                let here = Ready::new(inside).share_at(self.place);
                call(self.call, Ok(here));
            }
            Ok((library, None)) => {
                let by = self.by;
                let then = Box::new(|answer| match answer {
                    Ok(()) => self.look(),
                    Err(error) => call(self.call, Err(error)),
                });
                waiters::leave(library, by, then);
            }
            Err(error) => call(self.call, Err(error)),
        }
    }
}

fn call(f: impl FnOnce(Result<SharedReady, Error>), here: Result<SharedReady, Error>) {
    let _ = panic::caught(|| f(here));
}

//! A thread of the library's, held in a callback.

use std::cell::Cell;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::calls::Kind;
use crate::check::Stop;
use crate::subject::{Library, Subject, on_callback, tid, wait_until};

/// A thread that is in a callback until it is released.
pub struct Held {
    /// Its number.
    pub thread: i32,
    /// Its name.
    pub name: String,
}

type Job = Box<dyn FnOnce() -> Result<(), Stop> + Send>;

/// What the threads tell each other. A check's process has one check, so one of these.
struct Room {
    is_wanted: bool,
    thread: i32,
    job: Option<Job>,
    done: Option<Result<(), Stop>>,
    is_released: bool,
    has_left: bool,
}

static ROOM: Mutex<Room> = Mutex::new(Room {
    is_wanted: false,
    thread: 0,
    job: None,
    done: None,
    is_released: false,
    has_left: false,
});
static CHANGED: Condvar = Condvar::new();

thread_local! {
    /// Whether the host has made this thread.
    static IS_HOSTS: Cell<bool> = const { Cell::new(false) };
}

/// How long after its calls a library may take to call back.
const PATIENCE: Duration = Duration::from_millis(500);

fn room() -> MutexGuard<'static, Room> {
    ROOM.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs in every callback.
fn visit() {
    let mut room = room();
    if IS_HOSTS.get() || !room.is_wanted {
        return;
    }
    room.is_wanted = false;
    room.thread = tid();
    CHANGED.notify_all();
    while !room.is_released {
        if let Some(job) = room.job.take() {
            drop(room);
            let done = job();
            room = self::room();
            room.done = Some(done);
            CHANGED.notify_all();
        } else {
            room = CHANGED.wait(room).unwrap_or_else(PoisonError::into_inner);
        }
    }
    room.has_left = true;
    CHANGED.notify_all();
}

/// What a check says if there is no such thread.
pub fn nobody() -> Stop {
    Stop::skip("no thread that the library has made has called back: give a call with `callback`")
}

impl Held {
    /// Makes the calls that call back, and holds the first thread that comes and is none of the host's. `None` if
    /// none comes.
    ///
    /// # Errors
    /// A call is not answered as it should be.
    pub fn next(subject: &Subject, library: &Library) -> Result<Option<Held>, Stop> {
        let calling = subject
            .plan
            .calls
            .iter()
            .filter(|call| call.kind == Kind::CallsBack);
        let calls: Vec<_> = calling
            .map(|call| library.prepare(call))
            .collect::<Result<_, _>>()?;
        if calls.is_empty() {
            return Ok(None);
        }
        IS_HOSTS.set(true);
        on_callback(visit);
        let mut now = room();
        (now.is_released, now.has_left) = (false, false);
        (now.is_wanted, now.thread) = (true, 0);
        drop(now);
        subject.step("waiting for the library to call back");
        // Not here: the call may wait for the thread that is held.
        let caller = std::thread::spawn(move || {
            IS_HOSTS.set(true);
            calls.iter().try_for_each(|call| call.check())
        });
        let mut now = room();
        while now.thread == 0 && !caller.is_finished() {
            now = CHANGED
                .wait_timeout(now, Duration::from_millis(5))
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        drop(now);
        wait_until(PATIENCE, || room().thread != 0);
        let mut now = room();
        now.is_wanted = false;
        let thread = now.thread;
        drop(now);
        if thread == 0 {
            let answer = caller.join();
            return answer.map_or(Ok(None), |answer| answer.map(|()| None));
        }
        let name = std::fs::read_to_string(format!("/proc/self/task/{thread}/comm"));
        Ok(Some(Held {
            thread,
            name: name.unwrap_or_default().trim().to_owned(),
        }))
    }

    /// Runs this on the thread, in the callback.
    ///
    /// # Errors
    /// What it says.
    pub fn run(&self, job: impl FnOnce() -> Result<(), Stop> + Send + 'static) -> Result<(), Stop> {
        let mut now = room();
        now.job = Some(Box::new(job));
        CHANGED.notify_all();
        loop {
            if let Some(done) = now.done.take() {
                return done;
            }
            now = CHANGED.wait(now).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets it return from the callback.
    pub fn release(&self) {
        let mut now = room();
        now.is_released = true;
        CHANGED.notify_all();
        while !now.has_left {
            now = CHANGED.wait(now).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

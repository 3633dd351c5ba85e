//! The two words of an op, which is one call of an async export: who completes it, and whose turn it is to run its
//! future.
//!
//! ```text
//!   Completion   OPEN ──claim──► CLAIMED ──publish──► DONE       the outcome is a value, which lies beside the word
//!                OPEN ──────────complete─────────────► DONE       the outcome is a status, which lies in the word
//!
//!   Turn         NONE ──start──► SCHEDULED ──begin──► RUNNING ──rest──► IDLE      (or SCHEDULED, if woken meanwhile)
//!                                    ▲                   │ gone           │ │
//!                                    │                   ▼                │ │
//!                                    │                 GONE ◄──(steal)────┼─┘
//!                                    └────────────────wake────────────────┘
//! ```
//!
//! A call that has a future announces it first: NONE ──announce──► COMING ──start──► SCHEDULED. Only while there is none
//! in sight does whoever asks something complete the op himself.
//!
//! What is asked of an open op (cancel it, its time is over, stop it), that its handle was closed, and that somebody
//! waits, are bits of the first word. Whoever wins the step out of OPEN completes the op; nobody else does. Whoever
//! wins the closing disposes of the outcome: the host that takes it, the host that frees a completed op, or, if the
//! handle was closed before, whoever completes.
//!
//! Whoever has the turn has the future: the one who has scheduled it, until it passes the turn on by having it run;
//! then the one who runs it.

use core::sync::atomic::Ordering;

use rt0_abi::Status;

use crate::sabotage;
use crate::sync::{Deadline, Waited, Word, constructor, fences};

const STAGE: u32 = 0b11;
const OPEN: u32 = 0;
const CLAIMED: u32 = 1;
const DONE: u32 = 2;

const CANCELLED: u32 = 1 << 2;
const EXPIRED: u32 = 1 << 3;
const STOPPED: u32 = 1 << 4;
const CLOSED: u32 = 1 << 5;
const WAITED: u32 = 1 << 6;

/// Where the status of an outcome without a value lies: its code without the sign. 0: there is a value.
const STATUS: u32 = 8;

/// What is asked of an open op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The host wants no result any more.
    Cancel,
    /// Its time is over.
    Expire,
    /// The generation ends.
    Stop,
}

impl Ask {
    const fn bit(self) -> u32 {
        match self {
            Ask::Cancel => CANCELLED,
            Ask::Expire => EXPIRED,
            Ask::Stop => STOPPED,
        }
    }

    /// The outcome of an op that ends because of this.
    pub const fn status(self) -> Status {
        match self {
            Ask::Cancel => Status::Cancelled,
            Ask::Expire => Status::TimedOut,
            Ask::Stop => Status::Stopped,
        }
    }
}

/// Why there is no outcome to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// The op is not done.
    NotDone,
    /// Its handle was closed before.
    Closed,
}

/// What the one who has closed a handle must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Nothing: the op is open, and whoever completes it disposes of the outcome.
    Open,
    /// Dispose of the outcome; `true`: it is a value.
    Done(bool),
    /// Nothing: it was closed before.
    Before,
}

/// What the one who has completed an op found in the word.
#[derive(Clone, Copy, Debug)]
#[must_use = "those who wait must be woken"]
pub struct Published(u32);

impl Published {
    /// Whether the handle was closed before.
    pub fn was_closed(self) -> bool {
        self.0 & CLOSED != 0
    }
}

/// The word by which an op is completed once.
#[repr(transparent)]
pub struct Completion(Word);

/// One consistent look at a [`Completion`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look(u32);

impl Look {
    /// Whether nobody has claimed the completion.
    pub fn is_open(self) -> bool {
        self.0 & STAGE == OPEN
    }

    /// Whether the outcome is there.
    pub fn is_done(self) -> bool {
        self.0 & STAGE == DONE
    }

    /// Whether the handle was closed.
    pub fn is_closed(self) -> bool {
        self.0 & CLOSED != 0
    }

    /// Whether this was asked of the op.
    pub fn is_asked(self, ask: Ask) -> bool {
        self.0 & ask.bit() != 0
    }

    /// The status, if the outcome is there and is no value.
    pub fn status(self) -> Option<Status> {
        match self.0 >> STATUS {
            0 => None,
            code => Status::from_code(-(code as i32)),
        }
    }
}

impl Default for Completion {
    fn default() -> Completion {
        Completion::new()
    }
}

impl Completion {
    constructor! {
        /// That of an open op.
        pub fn new() -> Completion {
            Completion(Word::new(OPEN))
        }
    }

    /// Looks at it.
    pub fn look(&self) -> Look {
        // Acquire pairs with the Release of `publish`: who sees DONE sees the outcome.
        Look(self.0.load(Ordering::Acquire))
    }

    /// Changes it by `step`, which gives the new value, or nothing to leave it as it is. The value before, which
    /// `step` has accepted or not.
    fn change(&self, step: impl Fn(u32) -> Option<u32>) -> Result<u32, u32> {
        loop {
            let seen = self.look().0;
            match step(seen) {
                None => return Err(seen),
                // Release and Acquire, as `Word::change` says: the steps of an op are in one order for all.
                Some(next) if self.0.change(seen, next) => return Ok(seen),
                Some(_) => {}
            }
        }
    }

    /// Asks something of an open op: then look whether its function is to be told, and wake its future. False if it is
    /// done, or about to be.
    pub fn ask(&self, ask: Ask) -> bool {
        let asked = self.change(|seen| (seen & STAGE == OPEN).then_some(seen | ask.bit()));
        // Pairs with the one in `is_to_be_told`, see there.
        fences::full();
        asked.is_ok()
    }

    /// From now on who asks something is to tell the op's function. By the one who starts its future, when he has
    /// stored how: either who asks sees that, or every later look sees what was asked.
    pub fn is_to_be_told(&self) {
        // Pairs with the one in `ask`.
        fences::full();
    }

    /// OPEN → CLAIMED. If this returns true, the caller must store a value, and publish it.
    pub fn claim(&self) -> bool {
        self.change(|seen| (seen & STAGE == OPEN).then_some(seen | CLAIMED))
            .is_ok()
            || sabotage::NO_ONE_COMPLETION
    }

    /// CLAIMED → DONE. If the handle was closed before, the caller disposes of the value.
    pub fn publish(&self) -> Published {
        let former = self.change(|seen| Some(seen & !(STAGE | WAITED) | DONE));
        Published(former.unwrap_or_default())
    }

    /// OPEN → DONE, with a status as the outcome. `None`: another completes the op.
    pub fn complete(&self, status: Status) -> Option<Published> {
        let status = status.code().unsigned_abs() << STATUS;
        let former = self.change(|seen| {
            let open = seen & STAGE == OPEN || sabotage::NO_ONE_COMPLETION;
            open.then_some(seen & !(STAGE | WAITED) | DONE | status)
        });
        former.ok().map(Published)
    }

    /// Wakes those who wait, by the one who has completed the op: when everything is done that they may look for.
    pub fn wake_waiters(&self, published: Published) {
        if published.0 & WAITED != 0 {
            self.0.wake_all();
        }
    }

    /// Puts a status in the place of a value that nobody has taken. If this returns true, the caller disposes of the
    /// value.
    pub fn revoke(&self, status: Status) -> bool {
        let code = status.code().unsigned_abs() << STATUS;
        let has_value = |seen| seen & (STAGE | CLOSED) == DONE && seen >> STATUS == 0;
        self.change(|seen| has_value(seen).then_some(seen | code))
            .is_ok()
    }

    /// Closes the handle of a completed op, for the one who takes its outcome: a status, or if there is none a value.
    ///
    /// # Errors
    /// There is nothing to take.
    pub fn take(&self) -> Result<Option<Status>, NotTaken> {
        self.change(|seen| (seen & (STAGE | CLOSED) == DONE).then_some(seen | CLOSED))
            .map(|seen| Look(seen).status())
            .map_err(|seen| match seen & CLOSED {
                0 => NotTaken::NotDone,
                _ => NotTaken::Closed,
            })
    }

    /// Closes the handle, whether the op is done or not.
    pub fn close(&self) -> Closed {
        match self.change(|seen| (seen & CLOSED == 0).then_some(seen | CLOSED)) {
            Ok(seen) if seen & STAGE == DONE => Closed::Done(seen >> STATUS == 0),
            Ok(_) => Closed::Open,
            Err(_) => Closed::Before,
        }
    }

    /// Waits until the op is done, at most until the deadline. It can return before either.
    pub fn wait(&self, deadline: Deadline) -> Waited {
        let noted = self.change(|seen| (seen & STAGE != DONE).then_some(seen | WAITED));
        match noted {
            Ok(seen) => self.0.wait(seen | WAITED, deadline),
            Err(_) => Waited::LookAgain,
        }
    }

    /// Wakes those who wait, to look again.
    pub fn wake(&self) {
        // It changes, so one who has noted that he waits and is about to sleep notices. One who notes it only now looks
        // again at his next interval.
        let _ = self.change(|seen| Some(seen & !WAITED));
        self.0.wake_all();
    }
}

/// There is no future yet: the op waits for the boot.
const NONE: u32 = 0;
/// The future is to be run, and whoever has scheduled it has the turn until it is.
const SCHEDULED: u32 = 1;
/// A thread runs the future.
const RUNNING: u32 = 2;
/// A thread runs the future, and it was woken meanwhile.
const AGAIN: u32 = 3;
/// The future waits to be woken.
const IDLE: u32 = 4;
/// The future was dropped.
const GONE: u32 = 5;
/// The future is about to be stored, by a call that is under way.
const COMING: u32 = 6;

/// What a wake-up has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The caller has the turn, and must have the future run.
    Yours,
    /// Another has the turn, and will see what was written before the wake-up.
    Theirs,
    /// There is no future yet.
    NoFuture,
    /// There is no future any more.
    Gone,
}

/// Whose turn it is to run an op's future.
#[repr(transparent)]
pub struct Turn(Word);

impl Default for Turn {
    fn default() -> Turn {
        Turn::new()
    }
}

impl Turn {
    constructor! {
        /// That of an op without a future.
        pub fn new() -> Turn {
            Turn(Word::new(NONE))
        }
    }

    /// NONE → COMING: the caller has a future, and will store it in a moment. From now on a wake-up is his: he looks, when
    /// he has started it, what was asked meanwhile. Only one calls this.
    pub fn announce(&self) {
        self.step(NONE, COMING);
    }

    /// COMING or NONE → SCHEDULED: the caller has stored the future, and must have it run. Only one calls this.
    pub fn start(&self) {
        if !self.step(COMING, SCHEDULED) {
            self.step(NONE, SCHEDULED);
        }
    }

    /// SCHEDULED → RUNNING, by the one to whom the turn was passed. False: there is nothing to run.
    pub fn begin(&self) -> bool {
        self.step(SCHEDULED, RUNNING)
    }

    /// IDLE → RUNNING. True: the caller has the turn.
    pub fn steal(&self) -> bool {
        self.step(IDLE, RUNNING)
    }

    /// RUNNING → IDLE. False if it was woken meanwhile: AGAIN → SCHEDULED, and the caller must have it run again.
    pub fn rest(&self) -> bool {
        let rests = self.step(RUNNING, IDLE);
        if !rests {
            self.step(AGAIN, SCHEDULED);
        }
        rests
    }

    /// RUNNING or AGAIN → GONE: the one who had the turn has dropped the future.
    pub fn gone(&self) {
        while !self.step(RUNNING, GONE) && !self.step(AGAIN, GONE) {}
    }

    /// Whether the future was dropped, or has never been there.
    pub fn has_none(&self) -> bool {
        // Acquire pairs with the Release of `gone`.
        matches!(self.0.load(Ordering::Acquire), NONE | COMING | GONE)
    }

    /// Whether somebody has the turn.
    pub fn is_somebodys(&self) -> bool {
        // Acquire pairs with the Release of `gone`: who sees that the future was dropped sees what that has done.
        matches!(self.0.load(Ordering::Acquire), SCHEDULED | RUNNING | AGAIN)
    }

    /// Has the future run, now or once more.
    pub fn wake(&self) -> Woken {
        loop {
            // Relaxed would do: each answer below comes from a change, or from a state that never changes again.
            let seen = self.0.load(Ordering::Acquire);
            let (next, answer) = match seen {
                IDLE => (SCHEDULED, Woken::Yours),
                RUNNING => (AGAIN, Woken::Theirs),
                NONE => (NONE, Woken::NoFuture),
                GONE => return Woken::Gone,
                // Written once more: this Release pairs with the Acquire of the one who runs it next, who then sees
                // what the caller has written before.
                same => (same, Woken::Theirs),
            };
            if self.step(seen, next) {
                return answer;
            }
        }
    }

    fn step(&self, from: u32, to: u32) -> bool {
        // Release and Acquire, as `Word::change` says: whoever gets the turn sees the future as the last one left it.
        self.0.change(from, to)
    }
}

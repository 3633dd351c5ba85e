//! The gate: the state machine that decides who boots and who waits.
//!
//! `README.md` beside this file draws the states and says who makes each transition. Each method below that
//! changes the word is one transition, under the same name. [`Gate::pass`] is the way of a call through all
//! of them.
//!
//! The word is all that threads share here. Each change is a compare-and-swap with Release, and each look is
//! an Acquire: a thread that sees READY sees everything that the boot wrote.

use core::sync::atomic::Ordering;

use rt0_abi::{Status, line};

use crate::sabotage;
use crate::sync::{Deadline, IS_MODEL, Waited, Word, constructor, for_the_model};

/// The state of the generation. Hosts are told all of them but the last: they see UNCALLED as READY.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum State {
    /// No boot has begun in this process, or the last generation has ended.
    Cold = 0,
    /// A boot thread is being made or is on its way. The boot has not been claimed.
    Scheduled = 1,
    /// A thread runs the boot function.
    Booting = 2,
    /// The boot is done; calls go through.
    Ready = 3,
    /// The boot ended with an error, which every call gets; or what the boot had made is lost.
    Failed = 4,
    /// The generation is being ended.
    Stopping = 5,
    /// A caller clears away a failed generation and boots the next.
    Retrying = 6,
    /// The boot is done, and no call has come yet.
    Uncalled = 7,
}

impl State {
    /// Every state, in the order of its number.
    pub const ALL: [State; 8] = [
        State::Cold,
        State::Scheduled,
        State::Booting,
        State::Ready,
        State::Failed,
        State::Stopping,
        State::Retrying,
        State::Uncalled,
    ];

    /// The state with this number.
    fn from_number(number: u32) -> State {
        match number % 8 {
            0 => State::Cold,
            1 => State::Scheduled,
            2 => State::Booting,
            3 => State::Ready,
            4 => State::Failed,
            5 => State::Stopping,
            6 => State::Retrying,
            _ => State::Uncalled,
        }
    }

    /// The state that a host is told.
    pub const fn reported(self) -> State {
        match self {
            State::Uncalled => State::Ready,
            other => other,
        }
    }

    /// The name in the C header and in the report.
    pub const fn name(self) -> &'static str {
        const NAMES: &str = "COLD\nSCHEDULED\nBOOTING\nREADY\nFAILED\nSTOPPING\nRETRYING\nUNCALLED";
        line(NAMES, self as usize)
    }
}

/// What the gate needs to know about the process around it, and asks it to do.
///
/// The shipped implementation is in `call/caller.rs`; the model checker brings its own.
pub trait Process {
    /// Whether a boot may begin now; the error says why not. For example, the start policy is `manual`.
    fn may_start(&self) -> Result<(), Status>;
    /// Makes a thread that will call [`Gate::claim`]. False: the system gave none.
    fn make_thread(&self) -> bool;
    /// Runs the boot on the calling thread, which has claimed it, or has another thread run it. Ends with
    /// [`Gate::finish`] or [`Gate::give_up`].
    fn boot_here(&self) -> Result<(), Status>;
    /// Whether the boot may be waiting for the calling thread.
    fn on_own_thread(&self) -> bool;
    /// How long to wait for the boot thread to claim the boot before the caller claims it in its place.
    /// `Some` only while a `dlopen` of this thread or of another may hold up the boot thread.
    fn grace(&self) -> Option<Deadline>;
    /// The error that calls get in a FAILED generation.
    fn failure(&self) -> Status;
    /// Whether a generation that no call has reached may be called. It may not if the end of the library
    /// began while it booted, and has not waited for that boot.
    fn may_open(&self) -> Result<(), Status> {
        Ok(())
    }
    /// What must be done before the first call of a generation goes through, on that call's thread. If
    /// several calls come at once, each of them may do it.
    fn first_call(&self) {}
    /// Whether this call may end the FAILED generation and boot the next: the policy lets calls retry, the
    /// pause since the failure is over, and nothing of the generation may be waiting for this thread.
    fn may_retry(&self) -> bool;
    /// Clears a failed generation away. The gate is RETRYING. False: the deadline came first.
    fn end_failed(&self, deadline: Deadline) -> bool;
    /// Whether this call waits until a shutdown that is under way is over, and then boots afresh.
    fn waits_for_shutdown(&self) -> bool;
}

/// The gate of one library in one process.
#[repr(transparent)]
pub struct Gate {
    word: Word,
}

impl Gate {
    constructor! {
        /// A cold gate.
        pub fn new() -> Gate {
            Gate { word: Word::new(0) }
        }
    }

    /// The hot path: one load, one compare; the branch is the caller's.
    #[inline(always)]
    pub fn is_ready(&self) -> bool {
        // Acquire pairs with the Release of `open`, which has seen the Release of `finish`: after this,
        // everything that the boot wrote is visible.
        self.word.load(Ordering::Acquire) == State::Ready as u32
    }

    /// The state of the generation now.
    pub fn state(&self) -> State {
        // Acquire pairs with the Release of the transition that wrote the state.
        State::from_number(self.word.load(Ordering::Acquire))
    }

    /// COLD → SCHEDULED. If this returns true, the caller must make a thread, call `unschedule`, or claim the
    /// boot.
    pub fn schedule(&self) -> bool {
        self.step(State::Cold, State::Scheduled)
    }

    /// SCHEDULED → COLD: no thread could be made. The next caller tries again.
    pub fn unschedule(&self) -> bool {
        self.step_and_wake(State::Scheduled, State::Cold)
    }

    /// SCHEDULED → BOOTING. If this returns true, the caller runs the boot.
    pub fn claim(&self) -> bool {
        self.step(State::Scheduled, State::Booting)
    }

    /// BOOTING → UNCALLED or FAILED; wakes all who wait. False: no boot was under way.
    pub fn finish(&self, ready: bool) -> bool {
        let end = if ready {
            State::Uncalled
        } else {
            State::Failed
        };
        self.step_and_wake(State::Booting, end)
    }

    /// UNCALLED → READY: from now on calls go through at once.
    pub fn open(&self) -> bool {
        self.step(State::Uncalled, State::Ready)
    }

    /// BOOTING → SCHEDULED or COLD: the boot function was not called. If a boot thread is on its way it tries
    /// again, otherwise the next caller does.
    pub fn give_up(&self, to_boot_thread: bool) -> bool {
        let next = if to_boot_thread {
            State::Scheduled
        } else {
            State::Cold
        };
        self.step_and_wake(State::Booting, next)
    }

    /// READY, UNCALLED or FAILED → STOPPING. If this returns a state, which is the former one, the caller
    /// ends the generation.
    pub fn begin_stop(&self) -> Option<State> {
        // UNCALLED first: it can become READY meanwhile, but READY never becomes UNCALLED.
        // Nobody waits in these states, so nobody is woken: `finish` has woken all who waited for the boot.
        [State::Uncalled, State::Ready, State::Failed]
            .into_iter()
            .find(|former| self.step(*former, State::Stopping))
    }

    /// READY or UNCALLED → FAILED: what the boot made can't be used any more. True for the first caller.
    pub fn lose(&self) -> bool {
        // The order matters as in `begin_stop`, and nobody waits either.
        [State::Uncalled, State::Ready]
            .into_iter()
            .any(|former| self.step(former, State::Failed))
    }

    /// STOPPING → READY, UNCALLED or FAILED, as it was before: the generation can't be ended now, and nothing
    /// of it was touched.
    pub fn reopen(&self, former: State) -> bool {
        self.step_and_wake(State::Stopping, former)
    }

    /// STOPPING → COLD; the next call boots afresh.
    pub fn end_stop(&self) -> bool {
        self.step_and_wake(State::Stopping, State::Cold)
    }

    /// FAILED → RETRYING. If this returns true, the caller ends the failed generation.
    pub fn begin_retry(&self) -> bool {
        self.step(State::Failed, State::Retrying)
    }

    /// RETRYING → FAILED: the failed generation must not be ended now, or can't be.
    pub fn leave_failed(&self) -> bool {
        self.step_and_wake(State::Retrying, State::Failed)
    }

    /// RETRYING → COLD; the next boot can begin.
    pub fn end_retry(&self) -> bool {
        self.step_and_wake(State::Retrying, State::Cold)
    }

    /// Waits, or boots, until the library is ready.
    ///
    /// A call retries once, and only what failed before the call came. A call that has waited for a boot gets
    /// that boot's error; otherwise a crowd of calls would begin one boot each, in a row.
    ///
    /// # Errors
    /// - [`Status::NotReady`]: the deadline passed. The boot goes on.
    /// - [`Status::CalledFromBoot`]: the boot may be waiting for this thread.
    /// - [`Status::Stopped`]: a shutdown is under way, and this call does not wait for it, or its deadline
    ///   passed before the shutdown was over; or the shutdown is over, and this thread is left over from
    ///   before it; or the library has ended for good.
    /// - [`Status::NoThread`]: the system had neither a thread nor the memory for a stack.
    /// - what [`Process::may_start`] or [`Process::failure`] says.
    #[cold]
    pub fn pass(&self, process: &impl Process, deadline: Deadline) -> Result<(), Status> {
        let mut may_retry = deadline != Deadline::Passed;
        let again = may_retry && sabotage::NO_SINGLE_RETRY;
        loop {
            let state = self.state();
            match state {
                State::Ready => return Ok(()),
                State::Uncalled => {
                    process.may_open()?;
                    process.first_call();
                    self.open();
                }
                State::Failed if may_retry && process.may_retry() => {
                    may_retry = again;
                    if self.begin_retry() {
                        self.retry(process, deadline)?;
                    }
                }
                State::Failed => return Err(process.failure()),
                State::Stopping if deadline != Deadline::Passed && process.waits_for_shutdown() => {
                    self.wait_or_fail(state, deadline, Status::Stopped)?;
                }
                State::Stopping => return Err(Status::Stopped),
                // A thread left over from a generation that has ended neither begins the next nor waits for
                // it.
                State::Cold | State::Retrying if process.on_own_thread() => {
                    return Err(Status::Stopped);
                }
                State::Cold => {
                    process.may_start()?;
                    if sabotage::NO_FIRST_CALLER {
                        return Err(Status::NotStarted);
                    }
                    if deadline == Deadline::Passed {
                        return Err(Status::NotReady);
                    }
                    may_retry = again;
                    if self.schedule() && !process.make_thread() && self.claim() {
                        process.boot_here()?;
                    }
                }
                State::Scheduled | State::Booting if process.on_own_thread() => {
                    return Err(Status::CalledFromBoot);
                }
                State::Scheduled => {
                    may_retry = again;
                    match process.grace() {
                        Some(grace) if grace < deadline => {
                            if self.wait_while(state, grace) == Waited::TimedOut && self.claim() {
                                process.boot_here()?;
                            }
                        }
                        _ => self.wait_or_fail(state, deadline, Status::NotReady)?,
                    }
                }
                State::Booting | State::Retrying => {
                    may_retry = again;
                    self.wait_or_fail(state, deadline, Status::NotReady)?;
                }
            }
        }
    }

    /// RETRYING → COLD, or back to FAILED. The caller has begun the retry.
    fn retry(&self, process: &impl Process, deadline: Deadline) -> Result<(), Status> {
        // Another caller's retry may have failed between this caller's look at the pause and its turn.
        if !process.may_retry() {
            self.leave_failed();
            return Ok(());
        }
        if !process.end_failed(deadline) {
            self.leave_failed();
            return Err(process.failure());
        }
        self.end_retry();
        Ok(())
    }

    /// Waits while the generation is in this state, which is one of those whose end wakes all who wait: SCHEDULED,
    /// BOOTING, STOPPING or RETRYING.
    pub fn wait_while(&self, state: State, deadline: Deadline) -> Waited {
        while self.state() == state {
            if self.wait(state, deadline) == Waited::TimedOut {
                return Waited::TimedOut;
            }
        }
        Waited::LookAgain
    }

    fn wait_or_fail(&self, state: State, deadline: Deadline, late: Status) -> Result<(), Status> {
        match self.wait(state, deadline) {
            Waited::LookAgain => Ok(()),
            // The change may have come together with the deadline: then the call goes on.
            Waited::TimedOut if self.state() != state => Ok(()),
            Waited::TimedOut => Err(late),
        }
    }

    fn wait(&self, state: State, deadline: Deadline) -> Waited {
        assert!(
            !IS_MODEL
                || matches!(
                    state,
                    State::Scheduled | State::Booting | State::Stopping | State::Retrying
                ),
            "the end of this state wakes nobody"
        );
        self.word.wait(state as u32, deadline)
    }

    fn step(&self, from: State, to: State) -> bool {
        self.word.change(from as u32, to as u32)
    }

    #[inline(never)]
    fn step_and_wake(&self, from: State, to: State) -> bool {
        let changed = self.step(from, to);
        if changed {
            self.word.wake_all();
        }
        changed
    }
}

for_the_model! {
    impl Gate {
        /// What a fork's child finds: the kernel, or the fork handler, makes no transition.
        pub fn wipe(&self) {
            self.word.wipe();
        }
    }
}

impl Default for Gate {
    fn default() -> Gate {
        Gate::new()
    }
}

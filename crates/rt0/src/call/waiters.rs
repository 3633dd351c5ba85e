//! Those who wait for the boot without a thread: one list for the library, and at most one thread that waits
//! for all of them.
//!
//! The thread is made when the first waiter comes, waits at the gate as any call does, answers all who are in
//! the list, and ends when nobody is. So the boot that it begins, its retries, deadlines and errors are those
//! of a call, and no executor's thread runs a boot or sleeps. Everything is behind one lock, and the thread
//! looks at the gate after it was made: no end of a boot is missed. It wakes the waiters without the lock. A waiter
//! is a future, which is woken and takes its answer, or a closure, which is called with it.
//!
//! - A shutdown has the thread answer all who are left with STOPPED, and waits until the last of them is awake
//!   and the thread has nothing left to do ([`settle`]). So does one that finds no boot begun yet ([`stop`]).
//! - While the process exits nobody is woken: the host's virtual machine may be gone.
//! - When the library ends ahead of that, all are told STOPPED ([`refuse`]): the machine still runs, and may wait for
//!   those who wait here.
//! - A fork's child has an empty list, because the page leads to it, and never touches the lock of its
//!   parent's. A future of the parent's that is polled in the child waits there anew. A closure of the parent's is
//!   neither called nor dropped there; also if another one has forked, on the thread that calls them all.

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::AtomicPtr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use rt0_core::call::Asked;
use rt0_core::generation::page;
use rt0_core::platform::thread::signals::{self, Asker};
use rt0_core::platform::{kernel, thread};
use rt0_core::protocol::gate::State;
use rt0_core::sync::{Deadline, clock};
use rt0_core::{Library, Status, boot, sabotage};

use super::ready::{is_waited_for, pass_for};
use crate::error::{Error, refusal};
use crate::growing::Growing;
use crate::of_process::OfProcess;
use crate::runtime::{self, panic};

/// Enough for the executors' wakers.
const STACK: usize = 2 * 1024 * 1024;

pub(super) struct List {
    /// What a shutdown calls. By pointers, so that a library that never waits like this contains none of it.
    settled: fn(&List) -> bool,
    stop: fn(&List),
    library: &'static Library,
    waiting: Mutex<Waiting>,
}

struct Waiting {
    waiters: Growing<Waiter>,
    next: u64,
    /// Whether there is a thread.
    has_thread: bool,
    /// How many rounds of waking are under way: of the thread, or of an end.
    wakes: usize,
}

struct Waiter {
    deadline: Deadline,
    asker: Asker,
    /// `Ok` until it is answered.
    state: Result<Waking, Answer>,
}

enum Waking {
    Future(Waker),
    Closure(Then),
}

/// Is called once, with the answer.
pub(super) type Then = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// The gate can be tried again, or why it can't.
type Answer = Result<(), Error>;

/// A place in the list, which is given up when this is dropped.
pub(super) struct Ticket {
    list: &'static List,
    key: u64,
}

impl Ticket {
    /// Takes a place in the list of this process, for at most as long as a call waits.
    ///
    /// # Errors
    /// A shutdown has begun, or there is no thread to be had.
    pub fn take(library: &'static Library, waker: &Waker) -> Result<Ticket, Error> {
        let list = List::present_or(|| List::new(library));
        let waker = waker.clone();
        let mut waiting = list.lock();
        if let Some(refusal) = list.refusal() {
            drop(waiting);
            return Err(refusal);
        }
        let key = waiting.add(list.waiter(signals::asker(), Ok(Waking::Future(waker))));
        let first = waiting.needs_thread();
        drop(waiting);
        let ticket = Ticket { list, key };
        if first {
            list.make_thread()?;
        }
        Ok(ticket)
    }

    /// The answer, once. Until there is one, the waker is called when it comes.
    pub fn poll(&self, waker: &Waker) -> Option<Answer> {
        if !self.is_of_this_process() {
            // Try again: the caller takes a place in this process's list.
            return Some(Ok(()));
        }
        // Cloned, and dropped, without the lock: that can be any code, and a waker can be the last owner of a task.
        let mut waker = waker.clone();
        let mut waiting = self.list.lock();
        let Some(waiter) = waiting.waiters.get_mut(self.key) else {
            // It was polled again after its answer.
            return Some(Ok(()));
        };
        match &mut waiter.state {
            Err(_) => {
                let waiter = waiting.waiters.remove(self.key)?;
                waiter.state.err()
            }
            Ok(Waking::Future(present)) => {
                std::mem::swap(present, &mut waker);
                None
            }
            Ok(Waking::Closure(_)) => None,
        }
    }

    fn is_of_this_process(&self) -> bool {
        self.list.is_of_this_process()
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        // In a fork's child the lock may be held for ever, by a thread that is not there.
        if self.is_of_this_process() && !sabotage::NO_WAITER_LEAVES {
            let forgotten = self.list.lock().waiters.remove(self.key);
            drop(forgotten);
        }
    }
}

/// The place of a closure in the list, while it waits and while its answer is looked at.
#[derive(Clone, Copy)]
pub(super) struct Left {
    list: &'static List,
    key: u64,
}

impl Left {
    /// A place for a closure in the list of this process, for at most as long as a call waits. `by`: whose signals a
    /// boot is to leave alone.
    ///
    /// # Errors
    /// A shutdown has begun.
    pub fn new(library: &'static Library, by: Asker) -> Result<Left, Error> {
        let list = List::present_or(|| List::new(library));
        let mut waiting = list.lock();
        if let Some(refusal) = list.refusal() {
            drop(waiting);
            return Err(refusal);
        }
        let key = waiting.add(list.waiter(by, Err(Ok(()))));
        Ok(Left { list, key })
    }

    /// `then` is called on the thread that waits; or here, if a shutdown has
    /// begun or there is no thread to be had. If it was given up meanwhile, it is dropped.
    pub fn wait(self, then: Then) {
        let mut waiting = self.list.lock();
        if let Some(refusal) = self.list.refusal() {
            drop(waiting);
            return then(Err(refusal));
        }
        let Some(waiter) = waiting.waiters.get_mut(self.key) else {
            drop(waiting);
            return;
        };
        waiter.state = Ok(Waking::Closure(then));
        let first = waiting.needs_thread();
        drop(waiting);
        if first {
            // If there is no thread, it answers all.
            let _ = self.list.make_thread();
        }
    }

    /// Takes the place away, and what waits there. False: it was away already, or is in a fork's parent.
    pub fn take(self) -> bool {
        let taken = self.is_of_this_process().then(|| self.remove());
        taken.flatten().is_some()
    }

    /// As [`take`](Left::take), for one who does not want the answer.
    pub fn give_up(self) -> bool {
        !sabotage::NO_WAITER_LEAVES && self.take()
    }

    fn remove(self) -> Option<Waiter> {
        self.list.lock().waiters.remove(self.key)
    }

    pub fn is_of_this_process(self) -> bool {
        self.list.is_of_this_process()
    }
}

impl Waking {
    fn wake(self, answer: Answer) {
        match self {
            Waking::Future(waker) => waker.wake(),
            Waking::Closure(then) => then(answer),
        }
    }
}

/// Waits until the thread has answered all whom a shutdown answers, and has ended, and nobody is being woken. The
/// gate is closed.
pub(crate) fn settle(deadline: Deadline) {
    let Some(list) = List::present() else { return };
    // While the process exits nobody is woken, so nobody leaves the list.
    while !(list.settled)(list)
        && !page().end_has_begun()
        && clock::left(deadline) != Some(Duration::ZERO)
        && !sabotage::NO_SETTLED_WAITERS
    {
        thread::pause();
    }
}

/// A shutdown has found no boot, but some may wait for one that their thread is about to begin: answers them with
/// STOPPED. True if nobody waits, and the thread has ended. Otherwise the thread may have begun a boot.
pub(crate) fn stop() -> bool {
    let Some(list) = List::present() else {
        return true;
    };
    if is_waited_for() || page().end_has_begun() || sabotage::NO_STOPPED_WAITERS {
        return true;
    }
    (list.stop)(list);
    (list.settled)(list)
}

/// Answers all who wait with STOPPED. The end has begun, so nobody comes after them.
pub(crate) fn refuse() {
    if let Some(list) = List::present() {
        if !sabotage::NO_END_AHEAD {
            list.stop();
        }
    }
}

// SAFETY: this is the only use of the word.
unsafe impl OfProcess for List {
    fn word() -> &'static AtomicPtr<()> {
        &page().waiters
    }

    fn last() -> &'static AtomicPtr<List> {
        static LAST: AtomicPtr<List> = AtomicPtr::new(null_mut());
        &LAST
    }
}

impl List {
    fn new(library: &'static Library) -> List {
        List {
            settled: List::is_settled,
            stop: List::stop,
            library,
            waiting: Mutex::new(Waiting {
                waiters: Growing::new(),
                next: 0,
                has_thread: false,
                wakes: 0,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while the lock is held but a lack of memory, which leaves the list as it was.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why nobody may wait any more. To be asked with the lock: a shutdown closes the gate, and an end begins, before it
    /// looks into the list.
    fn refusal(&self) -> Option<Error> {
        let is_stopping = page().gate.state() == State::Stopping && !is_waited_for();
        let is_over = is_stopping || page().end_has_begun();
        is_over.then(|| refusal(Some(self.library), Status::Stopped))
    }

    fn waiter(&self, asker: Asker, state: Result<Waking, Answer>) -> Waiter {
        Waiter {
            deadline: self.library.default_deadline(),
            asker,
            state,
        }
    }

    fn is_of_this_process(&self) -> bool {
        List::present().is_some_and(|list| std::ptr::eq(list, self))
    }

    fn make_thread(&'static self) -> Result<(), Error> {
        let data = (&raw const *self).cast_mut().cast();
        match thread::create(on_thread, data, STACK) {
            Ok(handle) => {
                // SAFETY: the thread was just made, and nobody else has the handle.
                unsafe { thread::detach(handle) };
                Ok(())
            }
            Err(_) => {
                let error = refusal(Some(self.library), Status::NoThread);
                self.lock().has_thread = false;
                self.answer(|_| Some(Err(error.clone())));
                Err(error)
            }
        }
    }

    /// What the thread does.
    fn serve(&self) {
        loop {
            let first = self.lock().first();
            let result = match first {
                Some((by, deadline)) => self.pass(by, deadline),
                None => Ok(()),
            };
            if sabotage::NO_NEXT_BOOT {
                std::thread::sleep(Duration::from_millis(500));
            }
            // The wakers may call into the host's virtual machine.
            thread::settle_signals();
            if page().end_has_begun() && !sabotage::NO_SLEEP_AT_EXIT {
                return;
            }
            let now = Deadline::At(kernel::monotonic());
            match result {
                Err(error) if error.status() == Status::NotReady => {
                    self.answer(|waiter| (waiter.deadline <= now).then(|| Err(error.clone())));
                }
                result => self.answer(|_| Some(result.clone())),
            }
            if !self.is_of_this_process() {
                // A closure has forked, and this is the child.
                return;
            }
            let mut waiting = self.lock();
            if waiting.first().is_none() {
                waiting.has_thread = false;
                return;
            }
        }
    }

    fn pass(&self, by: Asker, deadline: Deadline) -> Answer {
        let given_up = Cell::new(false);
        let still = || {
            given_up.set(self.lock().first().is_none());
            !given_up.get()
        };
        let result = pass_for(&Asked { by, still: &still }, self.library, deadline);
        // If anybody has come since, he tries again.
        if given_up.get() { Ok(()) } else { result }
    }

    /// Gives each waiter the answer that `choose` has for it, and wakes it.
    fn answer(&self, choose: impl Fn(&Waiter) -> Option<Answer>) {
        let mut waiting = self.lock();
        let mut calls = Vec::new();
        for waiter in waiting.waiters.values_mut() {
            if waiter.state.is_ok() {
                if let Some(answer) = choose(waiter) {
                    if let Ok(waking) = std::mem::replace(&mut waiter.state, Err(answer.clone())) {
                        calls.push((waking, answer));
                    }
                }
            }
        }
        waiting.wakes += 1;
        drop(waiting);
        // Whoever waits for the library in there would wait for this thread.
        runtime::as_own_thread(|| self.wake(calls));
        if self.is_of_this_process() {
            self.lock().wakes -= 1;
        }
    }

    fn stop(&self) {
        let stopped = refusal(Some(self.library), Status::Stopped);
        self.answer(|_| Some(Err(stopped.clone())));
    }

    fn wake(&self, calls: Vec<(Waking, Answer)>) {
        let mut calls = calls.into_iter();
        for (waking, answer) in calls.by_ref() {
            let _ = panic::caught(|| waking.wake(answer));
            if !self.is_of_this_process() && !sabotage::NO_FORKED_CLOSURES {
                // It has forked, and this is the child. What the others own is the parent's.
                return std::mem::forget(calls);
            }
        }
    }

    fn is_settled(&self) -> bool {
        let waiting = self.lock();
        // Also for a thread that has nobody to answer: it is one of the library's.
        let ended = !waiting.has_thread || is_waited_for();
        ended && waiting.wakes == 0
    }
}

impl Waiting {
    fn add(&mut self, waiter: Waiter) -> u64 {
        self.next += 1;
        self.waiters.insert(self.next, waiter);
        self.next
    }

    /// If so, the caller must make it.
    fn needs_thread(&mut self) -> bool {
        !std::mem::replace(&mut self.has_thread, true)
    }

    /// The one who has waited longest. All have the same time.
    fn first(&self) -> Option<(Asker, Deadline)> {
        let mut open = self.waiters.values().filter(|waiter| waiter.state.is_ok());
        open.next().map(|waiter| (waiter.asker, waiter.deadline))
    }
}

extern "C" fn on_thread(list: *mut c_void) -> *mut c_void {
    // SAFETY: `make_thread` passes a list, which is never freed.
    let list = unsafe { &*list.cast_const().cast::<List>() };
    boot::name_thread(list.library.name(), "-wait");
    thread::settle_signals();
    if panic::caught(|| list.serve()).is_err() && list.is_of_this_process() {
        // The next one who waits makes another thread.
        list.lock().has_thread = false;
    }
    null_mut()
}

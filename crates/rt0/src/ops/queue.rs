//! A queue: the tags of completed ops, in the order of their completion.
//!
//! At most `limit` ops are begun on it whose tags have not been taken; so the memory for tags has a bound. A queue
//! ends in two ways: it is freed, and what is in it is dropped; or a shutdown ends it, and its tags can still be
//! taken. Either way nothing is begun on it any more.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rt0_core::sabotage;

use super::bell::Bell;
use super::callback::Callback;

pub(super) struct Queue {
    limit: u32,
    /// How many ops have begun whose tag was not taken.
    begun: AtomicU32,
    /// Nothing may begin on it any more.
    closed: AtomicBool,
    inner: Mutex<Inner>,
    more: Condvar,
    /// If it is a callback queue.
    pub callback: Option<Callback>,
}

struct Inner {
    tags: VecDeque<u64>,
    end: Option<End>,
    /// How many threads wait for tags.
    takers: usize,
    /// Its descriptor, once it was asked for.
    bell: Option<Arc<Bell>>,
}

/// How a queue has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// By a shutdown.
    ShutDown,
    /// The host has freed it.
    Freed,
}

/// Why nothing can be begun on a queue.
pub(super) enum NotReserved {
    Full,
    Ended,
}

/// What a look into a queue gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// This many tags were stored.
    Tags(usize),
    Nothing,
    Ended(End),
}

/// A place in a queue for the tag of an op. It is given back, unless the op begins.
pub(super) struct Reserved(Option<Arc<Queue>>);

impl Reserved {
    /// The queue, for the op that is about to begin.
    pub fn queue(&self) -> Option<Arc<Queue>> {
        self.0.clone()
    }

    /// Whether nothing may begin on the queue any more.
    pub fn is_closed(&self) -> bool {
        self.0.as_ref().is_some_and(|queue| queue.is_closed())
    }

    /// The op has begun: its tag will come.
    pub fn keep(mut self) -> Option<Arc<Queue>> {
        self.0.take()
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.give_back();
        }
    }
}

impl Queue {
    pub fn new(limit: u32, callback: Option<Callback>) -> Queue {
        Queue {
            limit,
            begun: AtomicU32::new(0),
            closed: AtomicBool::new(false),
            inner: Mutex::new(Inner {
                tags: VecDeque::new(),
                end: None,
                takers: 0,
                bell: None,
            }),
            more: Condvar::new(),
            callback,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing panics while the lock is held but a lack of memory, which leaves the queue as it was.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for the tag of an op that is about to begin.
    pub fn reserve(queue: Arc<Queue>) -> Result<Reserved, NotReserved> {
        let one_more =
            |begun| (begun < queue.limit || sabotage::NO_QUEUE_LIMIT).then_some(begun + 1);
        // Relaxed, here and in `release`: only the number matters.
        let before = queue
            .begun
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more)
            .map_err(|_| match queue.is_closed() && !sabotage::NO_END_OF_FULL {
                // Who waits for room would wait in vain.
                true => NotReserved::Ended,
                false => NotReserved::Full,
            })?;
        let reserved = Reserved(Some(queue.clone()));
        if reserved.is_closed() {
            return Err(NotReserved::Ended);
        }
        if before == 0 && queue.callback.is_some() && !sabotage::NO_CALLER_LOOKS {
            // Its thread may be asleep in `sleep_unused`. From now on it looks whether the runtime is lost.
            queue.wake_all();
        }
        Ok(reserved)
    }

    /// Gives back the place of an op that has not begun: no tag comes.
    pub fn give_back(&self) {
        self.release(1);
        if self.is_closed() {
            // Who takes from a queue that has ended waits for those that were about to begin.
            self.wake_all();
        }
    }

    fn release(&self, places: u32) {
        self.begun.fetch_sub(places, Ordering::Relaxed);
    }

    /// How many ops have begun whose tag was not taken.
    pub fn begun(&self) -> u32 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.lock().end.is_some()
    }

    /// From now on nothing begins on it: the first step of its end.
    pub fn close(&self) {
        // Release pairs with the Acquire in `is_closed`. The table's lock orders it before a look at what has begun.
        if !sabotage::NO_OPEN_QUEUE {
            self.closed.store(true, Ordering::Release);
        }
    }

    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Completes an op by `done`, appends its tag, and tells those who wait for tags. Under the lock, so that nobody
    /// sees an op done whose tag may still come after another's. `None`: `done` has not completed it.
    pub fn push<D>(&self, tag: u64, done: impl FnOnce() -> Option<D>) -> Option<D> {
        let mut inner = self.lock();
        let done = done()?;
        if inner.end == Some(End::Freed) {
            return Some(done);
        }
        let was_empty = inner.tags.is_empty();
        inner.tags.push_back(tag);
        let waits = inner.takers > 0;
        let bell = inner.bell.clone().filter(|_| was_empty);
        drop(inner);
        if waits {
            self.more.notify_one();
        }
        if let Some(bell) = bell {
            bell.ring();
        }
        Some(done)
    }

    /// Takes tags, as many as there are and there is room for. Does not wait.
    pub fn take(&self, room: &mut [std::mem::MaybeUninit<u64>]) -> Found {
        let mut inner = self.lock();
        if inner.tags.is_empty() {
            let end = inner.end.filter(|end| self.is_last(*end));
            return end.map_or(Found::Nothing, Found::Ended);
        }
        let count = room.len().min(inner.tags.len());
        for (place, tag) in room.iter_mut().zip(inner.tags.drain(..count)) {
            place.write(tag);
        }
        // Another may be needed for what is left: the one who was told has taken only a part.
        let more = !inner.tags.is_empty() && inner.takers > 0;
        // With the lock, for `is_last`.
        self.release(count as u32);
        let ends = inner.end.is_some();
        drop(inner);
        if ends {
            self.more.notify_all();
        } else if more {
            self.more.notify_one();
        }
        Found::Tags(count)
    }

    /// Whether no tag comes any more, of a queue that has ended in this way. A shutdown of a library that nobody has
    /// booted yet may find another thread about to do that, and to begin an op: its tag comes before the end.
    fn is_last(&self, end: End) -> bool {
        end == End::Freed || self.begun() == 0 || sabotage::NO_LAST_TAG
    }

    /// Sleeps until there may be something to find, at most for this time.
    pub fn sleep(&self, time: Duration) {
        self.sleep_if(|_| true, time);
    }

    /// As [`sleep`](Queue::sleep), for the thread of a callback queue: also until an op begins on a queue that has none.
    pub fn sleep_unused(&self, time: Duration) {
        // Looked at with the lock, which who begins the first op takes after he has counted it.
        self.sleep_if(|queue| queue.begun() == 0, time);
    }

    fn sleep_if(&self, may_sleep: impl FnOnce(&Queue) -> bool, time: Duration) {
        let mut inner = self.lock();
        let is_over = inner.end.is_some_and(|end| self.is_last(end));
        if !inner.tags.is_empty() || is_over || !may_sleep(self) {
            return;
        }
        inner.takers += 1;
        let slept = self.more.wait_timeout(inner, time);
        let (mut inner, _) = slept.unwrap_or_else(PoisonError::into_inner);
        inner.takers -= 1;
    }

    /// Wakes all who wait, to look again.
    pub fn wake_all(&self) {
        // With the lock: one who is about to sleep has looked before, or is already asleep.
        drop(self.lock());
        self.more.notify_all();
    }

    /// Ends it. A freed queue drops its tags.
    pub fn finish(&self, end: End) {
        let skipped = match end {
            End::ShutDown => sabotage::NO_OPEN_QUEUE,
            End::Freed => false,
        };
        if skipped {
            return;
        }
        self.close();
        let mut inner = self.lock();
        if inner.end != Some(End::Freed) {
            inner.end = Some(end);
        }
        if end == End::Freed {
            inner.tags = VecDeque::new();
        }
        let bell = inner.bell.take();
        drop(inner);
        if end != End::Freed || !sabotage::NO_FREED_QUEUE {
            self.more.notify_all();
        }
        if let Some(bell) = bell {
            bell.end();
            // One that is freed has no further use for it; of one that was shut down a host may still ask for it.
            if end == End::ShutDown {
                self.lock().bell = Some(bell);
            }
        }
    }

    /// The descriptor of the queue; `make` makes it.
    ///
    /// # Errors
    /// That of `make`; `None`: the queue was freed meanwhile.
    pub fn bell<E>(&self, make: impl FnOnce() -> Result<Bell, E>) -> Result<Option<Arc<Bell>>, E> {
        if let Some(bell) = self.present_bell() {
            return Ok(Some(bell));
        }
        // Made without the lock: it opens descriptors.
        let made = Arc::new(make()?);
        let mut inner = self.lock();
        if inner.end == Some(End::Freed) {
            return Ok(None);
        }
        let bell = match &inner.bell {
            Some(bell) if !bell.is_gone() => bell.clone(),
            _ => inner.bell.insert(made).clone(),
        };
        let (rings, ends) = (!inner.tags.is_empty(), inner.end.is_some());
        drop(inner);
        if rings {
            bell.ring();
        }
        if ends {
            bell.end();
        }
        Ok(Some(bell))
    }

    fn present_bell(&self) -> Option<Arc<Bell>> {
        let inner = self.lock();
        inner.bell.clone().filter(|bell| !bell.is_gone())
    }
}

#[cfg(test)]
mod tests {
    use std::mem::MaybeUninit;

    use super::*;

    fn queue(limit: u32) -> Arc<Queue> {
        Arc::new(Queue::new(limit, None))
    }

    fn take<const ROOM: usize>(queue: &Queue) -> Result<Vec<u64>, Option<End>> {
        let mut room = [const { MaybeUninit::uninit() }; ROOM];
        match queue.take(&mut room) {
            // SAFETY: `take` has stored as many.
            Found::Tags(count) => Ok(room[..count]
                .iter()
                .map(|tag| unsafe { tag.assume_init() })
                .collect()),
            Found::Nothing => Err(None),
            Found::Ended(end) => Err(Some(end)),
        }
    }

    fn begin(queue: &Arc<Queue>) -> bool {
        match Queue::reserve(queue.clone()) {
            Ok(reserved) => reserved.keep().is_some(),
            Err(_) => false,
        }
    }

    #[test]
    fn tags_come_in_their_order_and_a_taken_one_makes_room_for_the_next_op() {
        let queue = queue(3);
        assert!(begin(&queue) && begin(&queue) && begin(&queue));
        assert!(!begin(&queue), "the limit");
        queue.push(7, || Some(()));
        queue.push(8, || Some(()));
        assert!(!begin(&queue), "nobody has taken them");
        assert_eq!(take::<1>(&queue), Ok(vec![7]));
        assert!(begin(&queue) && !begin(&queue));
        queue.push(9, || Some(()));
        assert_eq!(take::<5>(&queue), Ok(vec![8, 9]));
        assert_eq!(take::<5>(&queue), Err(None));
    }

    #[test]
    fn a_place_that_is_not_kept_is_free_again() {
        let queue = queue(1);
        drop(Queue::reserve(queue.clone()).ok());
        assert_eq!(queue.begun(), 0);
        assert!(begin(&queue));
    }

    #[test]
    fn a_queue_that_was_shut_down_has_ended_also_when_it_is_full() {
        let queue = queue(1);
        assert!(begin(&queue));
        let full = Queue::reserve(queue.clone());
        assert!(matches!(full, Err(NotReserved::Full)));
        queue.finish(End::ShutDown);
        let ended = Queue::reserve(queue.clone());
        assert!(matches!(ended, Err(NotReserved::Ended)));
    }

    #[test]
    fn after_a_shutdown_tags_can_be_taken_and_after_a_free_they_can_not() {
        let queue = queue(2);
        assert!(begin(&queue) && begin(&queue));
        queue.push(1, || Some(()));
        queue.finish(End::ShutDown);
        assert!(!begin(&queue));
        assert_eq!(take::<1>(&queue), Ok(vec![1]));
        assert_eq!(take::<1>(&queue), Err(None), "another has begun");
        queue.push(2, || Some(()));
        assert_eq!(take::<1>(&queue), Ok(vec![2]));
        assert_eq!(take::<1>(&queue), Err(Some(End::ShutDown)));
        queue.push(3, || Some(()));
        queue.finish(End::Freed);
        queue.finish(End::ShutDown);
        queue.push(4, || Some(()));
        assert_eq!(take::<1>(&queue), Err(Some(End::Freed)));
    }
}

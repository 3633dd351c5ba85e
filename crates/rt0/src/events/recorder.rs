//! The spans of init, for the report. tracing's subscriber on the thread that runs init is this one, which also does
//! what the one for the host does.
//!
//! It is in place only while init runs, and notes spans of the level information and above. When init is over,
//! tracing is told to ask again who wants what, and each span of the author's is again one look at a word.
//!
//! With the feature `tracing-layer` the author sets the subscriber. There `layer` notes the spans.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, TryLockError};

use rt0_core::fork::{self, NoFork};
use rt0_core::generation::steps::{self, Begun, Step};
use rt0_core::platform::kernel;
use tracing_core::metadata::LevelFilter;
use tracing_core::span::{Attributes, Current, Id, Record};
use tracing_core::subscriber::Interest;
use tracing_core::{Dispatch, Event, Metadata, Subscriber, callsite, dispatcher};

use super::subscriber::ForHost;
use super::text;

/// The level up to which spans are noted: information.
pub(super) const LEVEL: u8 = 3;

/// The process in which init runs, plus one, as [`fork::incarnation`] counts; 0: it runs in none.
static IN: AtomicU32 = AtomicU32::new(0);

/// Runs init, and notes its spans.
pub(super) fn around(init: &mut dyn FnMut()) {
    // Relaxed: this thread reads it, and threads that init makes.
    let process = fork::incarnation() + 1;
    IN.store(process, Ordering::Relaxed);
    let _over = Over(process);
    if cfg!(feature = "tracing-layer") {
        return init();
    }
    let begin = || {
        // tracing has locks, which a fork must not find locked.
        let _no_fork = NoFork::begin();
        Dispatch::new(Recorder::default())
    };
    let dispatch = begin();
    dispatcher::with_default(&dispatch, init);
}

/// Whether a span like this is noted now.
pub(super) fn wants(metadata: &Metadata<'_>) -> bool {
    // Relaxed: as above.
    metadata.is_span()
        && text::number(metadata.level()) <= LEVEL
        && IN.load(Ordering::Relaxed) == fork::incarnation() + 1
}

/// Whether init runs, and spans are noted.
pub(super) fn is_on() -> bool {
    IN.load(Ordering::Relaxed) != 0
}

/// Init has returned, or has panicked, in this process or, if it has forked, in a child.
struct Over(u32);

impl Drop for Over {
    fn drop(&mut self) {
        IN.store(0, Ordering::Relaxed);
        if self.0 != fork::incarnation() + 1 {
            // A thread of the parent's may hold tracing's locks for ever.
            return;
        }
        let _no_fork = NoFork::begin();
        callsite::rebuild_interest_cache();
    }
}

#[derive(Default)]
struct Recorder {
    open: Mutex<Vec<Open>>,
    last: AtomicU64,
}

/// A span that is open.
struct Open {
    id: u64,
    name: &'static str,
    begun: Begun,
    uses: usize,
}

/// The numbers of spans that the host does not hear of.
const OWN: u64 = 1 << 63;

impl Recorder {
    /// The spans that are open. In the child of an init that forks, a thread of the parent's may hold the lock for
    /// ever: then nothing is noted.
    fn open(&self) -> Option<MutexGuard<'_, Vec<Open>>> {
        for _ in 0..1000 {
            match self.open.try_lock() {
                Ok(open) => return Some(open),
                Err(TryLockError::Poisoned(open)) => return Some(open.into_inner()),
                Err(TryLockError::WouldBlock) => kernel::give_way(),
            }
        }
        None
    }
}

impl Subscriber for Recorder {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        match self.enabled(metadata) {
            true => Interest::always(),
            false => Interest::never(),
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        ForHost.max_level_hint().max(Some(text::filter(LEVEL)))
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        wants(metadata) || ForHost.enabled(metadata)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = match ForHost.enabled(span.metadata()) {
            true => ForHost.new_span(span),
            // Relaxed: each number is taken once.
            false => Id::from_u64(OWN | (self.last.fetch_add(1, Ordering::Relaxed) + 1)),
        };
        if wants(span.metadata()) {
            if let Some(mut open) = self.open() {
                open.push(Open {
                    id: id.into_u64(),
                    name: span.metadata().name(),
                    begun: steps::begin(),
                    uses: 1,
                });
            }
        }
        id
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        ForHost.record(span, values);
    }

    fn record_follows_from(&self, span: &Id, follows: &Id) {
        ForHost.record_follows_from(span, follows);
    }

    fn event(&self, event: &Event<'_>) {
        ForHost.event(event);
    }

    fn enter(&self, span: &Id) {
        ForHost.enter(span);
    }

    fn exit(&self, span: &Id) {
        ForHost.exit(span);
    }

    fn clone_span(&self, id: &Id) -> Id {
        if let Some(mut open) = self.open() {
            if let Some(span) = open.iter_mut().find(|span| span.id == id.into_u64()) {
                span.uses += 1;
            }
        }
        ForHost.clone_span(id)
    }

    fn try_close(&self, id: Id) -> bool {
        if let Some(mut open) = self.open() {
            if let Some(at) = open.iter().position(|span| span.id == id.into_u64()) {
                open[at].uses -= 1;
                if open[at].uses == 0 {
                    let span = open.swap_remove(at);
                    if is_on() {
                        span.begun.ended_as(Step::Span, span.name);
                    }
                }
            }
        }
        ForHost.try_close(id)
    }

    fn current_span(&self) -> Current {
        ForHost.current_span()
    }
}

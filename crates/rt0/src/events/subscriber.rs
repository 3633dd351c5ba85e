//! What tracing calls, on the thread that says the event.

use std::num::NonZeroU64;
use std::sync::atomic::{AtomicBool, Ordering};

use rt0_core::fork::NoFork;
use tracing_core::metadata::LevelFilter;
use tracing_core::span::{Attributes, Current, Id, Record};
use tracing_core::subscriber::Interest;
use tracing_core::{Dispatch, Event, Metadata, Subscriber, dispatcher};

use super::process::Events;
use super::{inside, spans, text};
use crate::of_process::OfProcess;

/// It has no data of its own: a fork's child has tracing's reference to it, too, and there nobody has registered.
pub(super) struct ForHost;

/// Whether this is tracing's subscriber for the process. It stays so, also in a fork's child.
static IN_PLACE: AtomicBool = AtomicBool::new(false);

/// Makes it tracing's subscriber for the process. False: there is another one. Whoever registers calls this.
///
/// With the feature `tracing-layer` the author has a subscriber, or will have set one when init is done.
pub(super) fn is_in_place() -> bool {
    if cfg!(feature = "tracing-layer") {
        return true;
    }
    // Relaxed: the lock of those who register orders it, and a fork's child has one thread.
    if !IN_PLACE.load(Ordering::Relaxed) {
        // tracing has locks, which a fork must not find locked.
        let _no_fork = NoFork::begin();
        let is_first = dispatcher::set_global_default(Dispatch::new(ForHost)).is_ok();
        IN_PLACE.store(is_first, Ordering::Relaxed);
    }
    IN_PLACE.load(Ordering::Relaxed)
}

/// The events of this process, if its host wants to hear of this level.
fn wanted(metadata: &Metadata<'_>) -> Option<&'static Events> {
    Events::present().filter(|events| text::number(metadata.level()) <= events.level())
}

/// What a span is called that is not open.
const UNKNOWN: Id = Id::from_non_zero_u64(NonZeroU64::MAX);

fn id(number: u64) -> Id {
    NonZeroU64::new(number).map_or(UNKNOWN, Id::from_non_zero_u64)
}

impl Subscriber for ForHost {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        match wanted(metadata) {
            Some(_) => Interest::always(),
            None => Interest::never(),
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let level = Events::present().map_or(0, Events::level);
        Some(text::filter(level))
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        wanted(metadata).is_some()
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let Some(events) = wanted(span.metadata()) else {
            return UNKNOWN;
        };
        let mut spans = events.spans();
        let parent = match span.is_contextual() {
            true => spans.current(),
            false => span.parent().map(Id::into_u64),
        };
        id(spans.open(span.metadata(), parent))
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let Some(events) = wanted(event.metadata()) else {
            return;
        };
        if inside::is_this_one() {
            return;
        }
        let spans = events.spans();
        let innermost = match event.is_contextual() {
            true => spans.current(),
            false => event.parent().map(Id::into_u64),
        };
        let names = spans.names(innermost);
        drop(spans);
        let event = text::told(event, names);
        // The author's code that has formatted it may have forked.
        if let Some(events) = Events::present() {
            events.push(event);
        }
    }

    fn enter(&self, span: &Id) {
        spans::enter(span.into_u64());
    }

    fn exit(&self, span: &Id) {
        spans::exit(span.into_u64());
    }

    fn clone_span(&self, id: &Id) -> Id {
        if let Some(events) = Events::present() {
            events.spans().add_use(id.into_u64());
        }
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        Events::present().is_some_and(|events| events.spans().close(id.into_u64()))
    }

    fn current_span(&self) -> Current {
        let Some(events) = Events::present() else {
            return Current::none();
        };
        let spans = events.spans();
        let current = spans.current();
        match current.and_then(|number| Some((number, spans.metadata(number)?))) {
            Some((number, metadata)) => Current::new(id(number), metadata),
            None => Current::none(),
        }
    }
}

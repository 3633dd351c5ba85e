//! The part of an author's own subscriber that tells the host its events.

use rt0_core::generation::steps::{self, Begun, Step};
use tracing_core::span::{Attributes, Id};
use tracing_core::subscriber::Interest;
use tracing_core::{Event, LevelFilter, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, Filter};
use tracing_subscriber::registry::LookupSpan;

use super::process::Events;
use super::{inside, recorder, text};
use crate::of_process::OfProcess;

/// A layer for the author's own `tracing` subscriber, which tells the host the library's events.
///
/// With the feature `tracing-layer`, rt0 sets no subscriber: the library sets one, with this layer in it, first thing
/// in init. Other layers get what they want whatever the host wants to be told.
///
/// ```ignore
/// use tracing_subscriber::layer::SubscriberExt;
///
/// #[rt0::init(tracing)]
/// fn init() -> Result<App, String> {
///     let subscriber = tracing_subscriber::registry().with(rt0::events_layer()).with(MyLayer::new());
///     tracing::subscriber::set_global_default(subscriber).map_err(|error| error.to_string())?;
///     ...
/// }
/// ```
pub fn events_layer<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    ForHost.with_filter(HostsLevel)
}

struct ForHost;

/// When a span began that the report is to show.
struct Noted(Begun);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for ForHost {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if recorder::wants(attributes.metadata()) {
            if let Some(span) = context.span(id) {
                let noted = Noted(steps::begin());
                span.extensions_mut().insert(noted);
            }
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else {
            return;
        };
        let noted = span.extensions_mut().remove::<Noted>();
        if let Some(Noted(begun)) = noted {
            if recorder::is_on() {
                begun.ended_as(Step::Span, span.name());
            }
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if inside::is_this_one() {
            return;
        }
        let mut names = Vec::new();
        for span in context.event_scope(event).into_iter().flatten() {
            names.push(span.name());
        }
        names.reverse();
        let event = text::told(event, names.join(":"));
        // The author's code that has formatted it may have forked.
        if let Some(events) = Events::present() {
            events.push(event);
        }
    }
}

/// What the host wants to be told.
struct HostsLevel;

fn level() -> u8 {
    Events::present().map_or(0, Events::level)
}

impl<S> Filter<S> for HostsLevel {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        text::number(metadata.level()) <= level() || recorder::wants(metadata)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        match text::number(metadata.level()) <= level() || recorder::wants(metadata) {
            true => Interest::always(),
            false => Interest::never(),
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let noted = if recorder::is_on() {
            recorder::LEVEL
        } else {
            0
        };
        Some(text::filter(level().max(noted)))
    }
}

//! The text of an event: its message, and its other fields as `name=value`.

use std::fmt::{Debug, Write};

use tracing_core::field::{Field, Visit};

use super::host::Event;
use crate::runtime::panic;

/// The event as the host is told it. Formatting runs the author's code: no lock is held, and if it panics, the event
/// says so; what was going on goes on.
pub(super) fn told(event: &tracing_core::Event<'_>, spans: String) -> Event {
    let mut text = Text(String::new());
    if let Err(panic) = panic::caught(|| event.record(&mut text)) {
        let _ = write!(text.0, " (its text {panic})");
    }
    let metadata = event.metadata();
    Event {
        level: number(metadata.level()).into(),
        target: metadata.target(),
        text: text.0,
        spans,
    }
}

/// The level as the host counts: 1, an error, to 5, a trace.
pub(super) fn number(level: &tracing_core::Level) -> u8 {
    use tracing_core::Level;
    match *level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        Level::TRACE => 5,
    }
}

/// What tracing is told of a host's level.
pub(super) fn filter(level: u8) -> tracing_core::LevelFilter {
    use tracing_core::LevelFilter;
    match level {
        0 => LevelFilter::OFF,
        1 => LevelFilter::ERROR,
        2 => LevelFilter::WARN,
        3 => LevelFilter::INFO,
        4 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        let name = field.name();
        // `write!` to a string does not fail.
        let _ = match name {
            "message" => write!(self.0, "{value:?}"),
            _ => write!(
                self.0,
                "{}={value:?}",
                name.strip_prefix("r#").unwrap_or(name)
            ),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.record_debug(field, &format_args!("{value}")),
            _ => self.record_debug(field, &value),
        }
    }
}

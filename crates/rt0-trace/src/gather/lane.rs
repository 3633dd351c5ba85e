//! Bars from times of the monotonic clock.

use crate::model::{Bar, End, Lane, Look};

/// How many bars a lane has, at most.
pub const MOST: usize = 12;

/// What is known of a bar.
#[derive(Clone, Debug)]
pub struct Raw {
    pub name: String,
    pub depth: usize,
    pub begin: u64,
    /// `Some(begin)`: a moment. `None`: it was never over.
    pub end: Option<u64>,
    pub thread: Option<u32>,
}

impl Raw {
    pub fn new(name: impl Into<String>, begin: u64, end: Option<u64>) -> Raw {
        Raw {
            name: name.into(),
            depth: 0,
            begin,
            end,
            thread: None,
        }
    }

    pub fn on(mut self, thread: u32) -> Raw {
        self.thread = Some(thread);
        self
    }

    pub fn inside(mut self, depth: usize) -> Raw {
        self.depth = depth;
        self
    }
}

/// A lane of these bars, or none if there is none. `what` names what is left out.
pub fn lane(
    name: &str,
    look: Look,
    zero: u64,
    mut raw: Vec<Raw>,
    what: &str,
    left_out: usize,
) -> Option<Lane> {
    let left_out = raw.len().saturating_sub(MOST) + left_out;
    raw.truncate(MOST);
    let bars: Vec<Bar> = raw.into_iter().map(|raw| bar(raw, zero)).collect();
    (!bars.is_empty()).then(|| Lane {
        name: name.to_owned(),
        look,
        bars,
        left_out: (left_out > 0).then(|| match left_out {
            1 => format!("and 1 more {what}"),
            _ => format!("and {left_out} more {what}s"),
        }),
    })
}

fn bar(raw: Raw, zero: u64) -> Bar {
    let begin = raw.begin.saturating_sub(zero);
    Bar {
        name: raw.name,
        depth: raw.depth,
        begin,
        end: match raw.end.map(|end| end.saturating_sub(zero)) {
            None => End::Never,
            Some(end) if end <= begin => End::Moment,
            Some(end) => End::At(end),
        },
        thread: raw.thread,
    }
}

/// A pair of times on a board: zero means that it did not happen. `None`: it did not even begin.
pub fn pair((begin, end): (u64, u64)) -> Option<(u64, Option<u64>)> {
    (begin != 0).then_some((begin, (end != 0).then_some(end)))
}

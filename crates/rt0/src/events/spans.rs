//! The spans that are open, for their names. Their numbers differ from those of all ancestors of this process: a
//! fork's child may still hold spans of its parent's, which are unknown here.

use std::cell::RefCell;

use rt0_core::fork;
use tracing_core::Metadata;

use crate::growing::Growing;

/// How many bits of a number count the spans of one process.
const BITS_IN_PROCESS: u32 = 40;

pub(super) struct Spans {
    open: Growing<Span>,
    last: u64,
}

struct Span {
    metadata: &'static Metadata<'static>,
    /// 0: none.
    parent: u64,
    /// How many handles there are to it, and spans inside it.
    uses: usize,
}

thread_local! {
    /// The spans that this thread has entered, the innermost last.
    static ENTERED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn enter(number: u64) {
    // At a thread's very end there is no such list.
    let _ = ENTERED.try_with(|entered| entered.borrow_mut().push(number));
}

pub(super) fn exit(number: u64) {
    let _ = ENTERED.try_with(|entered| {
        let mut entered = entered.borrow_mut();
        if let Some(at) = entered.iter().rposition(|span| *span == number) {
            entered.remove(at);
        }
    });
}

impl Spans {
    pub fn of_this_process() -> Spans {
        Spans {
            open: Growing::new(),
            last: u64::from(fork::incarnation()) << BITS_IN_PROCESS,
        }
    }

    /// Forgets all that are open.
    pub fn forget(&mut self) {
        self.open = Growing::new();
    }

    pub fn open(&mut self, metadata: &'static Metadata<'static>, parent: Option<u64>) -> u64 {
        let parent = parent.filter(|parent| self.add_use(*parent)).unwrap_or(0);
        self.last += 1;
        let span = Span {
            metadata,
            parent,
            uses: 1,
        };
        self.open.insert(self.last, span);
        self.last
    }

    /// Counts another use of it. False: it is not known here.
    pub fn add_use(&mut self, number: u64) -> bool {
        let span = self.open.get_mut(number);
        span.map(|span| span.uses += 1).is_some()
    }

    /// Takes one use off. True if it was the last.
    pub fn close(&mut self, number: u64) -> bool {
        let mut closed = false;
        let mut next = number;
        while let Some(span) = self.open.get_mut(next) {
            span.uses -= 1;
            if span.uses > 0 {
                break;
            }
            closed |= next == number;
            let parent = span.parent;
            self.open.remove(next);
            next = parent;
        }
        closed
    }

    /// The innermost span that this thread has entered.
    pub fn current(&self) -> Option<u64> {
        let is_open = |number: &&u64| self.open.get(**number).is_some();
        let find =
            |entered: &RefCell<Vec<u64>>| entered.borrow().iter().rev().find(is_open).copied();
        ENTERED.try_with(find).ok().flatten()
    }

    pub fn metadata(&self, number: u64) -> Option<&'static Metadata<'static>> {
        self.open.get(number).map(|span| span.metadata)
    }

    /// The names of this span and those around it, the outermost first: `outer:inner`.
    pub fn names(&self, number: Option<u64>) -> String {
        let mut names = Vec::new();
        let mut next = number.unwrap_or(0);
        while let Some(span) = self.open.get(next) {
            names.push(span.metadata.name());
            next = span.parent;
        }
        names.reverse();
        names.join(":")
    }
}

#[cfg(test)]
mod tests {
    use tracing_core::callsite::DefaultCallsite;
    use tracing_core::{Kind, Level, metadata};

    use super::*;

    macro_rules! named {
        ($name:literal) => {{
            static CALLSITE: DefaultCallsite = DefaultCallsite::new(&METADATA);
            static METADATA: Metadata<'static> = metadata! {
                name: $name,
                target: "test",
                level: Level::INFO,
                fields: &[],
                callsite: &CALLSITE,
                kind: Kind::SPAN,
            };
            &METADATA
        }};
    }

    #[test]
    fn a_span_stays_as_long_as_one_inside_it() {
        let mut spans = Spans::of_this_process();
        let outer = spans.open(named!("outer"), None);
        let inner = spans.open(named!("inner"), Some(outer));
        assert!(!spans.close(outer));
        assert_eq!(spans.names(Some(inner)), "outer:inner");
        assert!(spans.close(inner));
        assert_eq!(spans.open.values().count(), 0);
        assert!(!spans.close(inner) && !spans.add_use(outer));
    }

    #[test]
    fn the_current_span_is_the_innermost_that_is_known() {
        let mut spans = Spans::of_this_process();
        let outer = spans.open(named!("outer"), None);
        enter(outer);
        enter(u64::MAX);
        assert_eq!(spans.current(), Some(outer));
        exit(outer);
        exit(u64::MAX);
        assert_eq!(spans.current(), None);
        assert_eq!(spans.names(None), "");
    }
}

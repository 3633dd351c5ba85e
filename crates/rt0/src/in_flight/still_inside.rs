//! Which threads hold up a shutdown, as a text for the host's programmer.
//!
//! The slots know the threads, but not how long they have been inside. Storing the time of each entry would
//! make every call that uses the state read the clock, for a text that is read only when something went
//! wrong. So the text gives a lower bound: they have been inside since before the gate was closed.

use std::fmt;
use std::time::Duration;

use rt0_core::sabotage;

use crate::platform::thread_name::{self, Name};

/// How many threads the text names.
const NAMED: usize = 3;

/// What is still inside after a shutdown has waited for it.
pub(crate) struct StillInside {
    count: usize,
    named: [Option<u32>; NAMED],
    /// The guards that belong to no thread.
    guards: Option<String>,
    /// How long the shutdown has waited.
    waited: Duration,
}

impl StillInside {
    pub fn new(
        count: usize,
        mut threads: impl Iterator<Item = u32>,
        guards: Option<String>,
        waited: Duration,
    ) -> StillInside {
        let mut named = [None; NAMED];
        named.fill_with(|| threads.next());
        StillInside {
            count,
            named,
            guards,
            waited,
        }
    }
}

impl fmt::Display for StillInside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(guards) = &self.guards {
            f.write_str(guards)?;
            if self.count == 0 {
                return Ok(());
            }
            f.write_str("; ")?;
        }
        write!(f, "{} thread(s) are still inside calls", self.count)?;
        if sabotage::NO_NAMES_INSIDE {
            return Ok(());
        }
        let mut before = ": ";
        let mut others = self.count;
        for thread in self.named.iter().flatten() {
            f.write_str(before)?;
            f.write_str(&named(*thread))?;
            before = ", ";
            others = others.saturating_sub(1);
        }
        match others {
            0 => {}
            more => write!(f, " and {more} more")?,
        }
        let ms = self.waited.as_secs() * 1000 + u64::from(self.waited.subsec_millis());
        write!(
            f,
            ", since before this shutdown began, {ms} ms ago. Either the call is still running, or a \
             longjmp or an exception in a callback left it (Ruby's raise, PostgreSQL's ereport), and it \
             will never return",
        )
    }
}

/// The thread's id, and its name if the system tells it.
fn named(thread: u32) -> String {
    match thread_name::of(thread) {
        Name::Is(name) => format!("`{name}` (thread id {thread})"),
        Name::Ended => format!("thread id {thread}, which has ended"),
        Name::Unknown => format!("thread id {thread}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_few_are_named_and_the_others_counted() {
        let own = rt0_core::platform::kernel::thread_id();
        let waited = Duration::from_millis(250);
        let text =
            StillInside::new(5, [own, 0, own, own, own].into_iter(), None, waited).to_string();
        assert!(
            text.starts_with("5 thread(s) are still inside calls: "),
            "{text}"
        );
        assert!(text.contains(&format!("thread id {own}")), "{text}");
        assert!(text.contains("thread id 0"), "{text}");
        assert!(text.contains(" and 2 more, since before"), "{text}");
        assert!(text.contains("250 ms ago. Either"), "{text}");
    }

    #[test]
    fn one_alone_has_no_others() {
        let text = StillInside::new(1, [0].into_iter(), None, Duration::ZERO).to_string();
        assert!(!text.contains("more"), "{text}");
    }

    #[test]
    fn guards_stand_before_the_threads_or_alone() {
        let guards = || Some("1 guard".to_owned());
        let text = StillInside::new(0, [].into_iter(), guards(), Duration::ZERO).to_string();
        assert_eq!(text, "1 guard");
        let text = StillInside::new(1, [0].into_iter(), guards(), Duration::ZERO).to_string();
        assert!(
            text.starts_with("1 guard; 1 thread(s) are still inside calls: "),
            "{text}"
        );
    }
}

//! How often something is repeated.

use std::time::{Duration, Instant};

/// Counts repetitions from 0: as many as are wanted or, where they are slow, as many as the time has room for, but not
/// fewer than the least. The board has the count, for the report.
#[derive(Clone, Copy, Debug)]
pub struct Rounds {
    begun: Instant,
    least: u32,
    most: u32,
    /// How many there were so far.
    pub done: u32,
}

/// How long all of them may take, above the least.
const TIME: Duration = Duration::from_secs(4);

impl Rounds {
    /// Between so many and so many.
    pub fn of(least: u32, most: u32) -> Rounds {
        Rounds {
            begun: Instant::now(),
            least,
            most,
            done: 0,
        }
    }
}

impl Iterator for Rounds {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let goes_on =
            self.done < self.least || (self.done < self.most && self.begun.elapsed() < TIME);
        goes_on.then(|| {
            self.done += 1;
            if let Some(board) = super::STEPS.get() {
                board.set_rounds(self.done, self.least);
            }
            self.done - 1
        })
    }
}

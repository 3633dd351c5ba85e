//! One part of a list that is too long for one run.

use std::str::FromStr;

/// The K-th of N parts: `K/N`, from `1/N` on.
#[derive(Clone, Debug)]
pub struct Part {
    which: usize,
    of: usize,
}

impl Part {
    /// Whether what has this place in a list belongs to the part.
    pub fn has(&self, at: usize) -> bool {
        at % self.of + 1 == self.which
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Part, String> {
        let numbers = text.split_once('/').and_then(|(which, of)| {
            Some(Part {
                which: which.parse().ok()?,
                of: of.parse().ok()?,
            })
        });
        numbers
            .filter(|part| (1..=part.of).contains(&part.which))
            .ok_or_else(|| "write it as K/N, as in 1/4".to_owned())
    }
}

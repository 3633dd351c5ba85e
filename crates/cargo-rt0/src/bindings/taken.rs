//! Names of one place, of which none may be there twice.

use std::collections::HashSet;

/// The names that are taken in one place.
#[derive(Default)]
pub(super) struct Taken(HashSet<String>);

impl Taken {
    /// A place in which all names of these lists are taken.
    pub fn with(lists: &[&[&str]]) -> Taken {
        let all = lists.iter().copied().flatten();
        Taken(all.map(|&name| name.to_owned()).collect())
    }

    /// Whether it is free.
    pub fn is_free(&self, name: &str) -> bool {
        !self.0.contains(name)
    }

    /// A free name like the wanted one: `wanted_` if that is taken or a word that the language keeps, then `wanted_2`.
    pub fn claim(&mut self, wanted: &str, is_word: bool) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        if is_word || !self.is_free(wanted) {
            name.push('_');
        }
        while !self.0.insert(name.clone()) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        name
    }

    /// The same where no word is kept: `wanted`, `wanted_`, and the third is `wanted_3`.
    pub fn claim_next(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = match number {
                2 => format!("{wanted}_"),
                number => format!("{wanted}_{number}"),
            };
        }
        name
    }
}

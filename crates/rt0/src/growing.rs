//! A map from numbers that only grow. It is a vector in the order of the numbers: a hash map would be more
//! code than everything that uses it.
//!
//! A removed entry leaves a gap. When more than half of the entries are gaps, all gaps are closed at once, so
//! a removal costs a search and, on average, two moves.

use std::mem;

#[derive(Debug)]
pub(crate) struct Growing<T> {
    /// In the order of their numbers.
    entries: Vec<(u64, Option<T>)>,
    gaps: usize,
}

impl<T> Growing<T> {
    pub const fn new() -> Growing<T> {
        Growing {
            entries: Vec::new(),
            gaps: 0,
        }
    }

    /// Stores a value, and returns the one that had this number. A number that is larger than all before is
    /// stored at once; for any other the later ones are moved.
    pub fn insert(&mut self, number: u64, value: T) -> Option<T> {
        match self.find(number) {
            Ok(at) => {
                let former = self.entries[at].1.replace(value);
                self.gaps -= usize::from(former.is_none());
                former
            }
            Err(at) => {
                self.entries.insert(at, (number, Some(value)));
                None
            }
        }
    }

    pub fn get(&self, number: u64) -> Option<&T> {
        let at = self.find(number).ok()?;
        self.entries[at].1.as_ref()
    }

    pub fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        let at = self.find(number).ok()?;
        self.entries[at].1.as_mut()
    }

    pub fn remove(&mut self, number: u64) -> Option<T> {
        let at = self.find(number).ok()?;
        let value = self.entries[at].1.take()?;
        self.gaps += 1;
        if self.gaps > self.entries.len() / 2 {
            self.entries.retain(|(_, value)| value.is_some());
            self.gaps = 0;
        }
        Some(value)
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().filter_map(|(_, value)| value.as_ref())
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries
            .iter_mut()
            .filter_map(|(_, value)| value.as_mut())
    }

    /// Removes all of them, in the order of their numbers.
    pub fn take_all(&mut self) -> impl Iterator<Item = T> + use<T> {
        self.gaps = 0;
        let entries = mem::take(&mut self.entries);
        entries.into_iter().filter_map(|(_, value)| value)
    }

    fn find(&self, number: u64) -> Result<usize, usize> {
        match self.entries.last() {
            Some((last, _)) if *last >= number => {
                self.entries.binary_search_by_key(&number, |entry| entry.0)
            }
            _ => Err(self.entries.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Numbers that look random, the same in every run.
    fn numbers() -> impl Iterator<Item = u64> {
        let mut state = 1_u64;
        std::iter::repeat_with(move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state >> 33
        })
    }

    #[test]
    fn it_is_a_map() {
        let mut map = Growing::new();
        let mut wanted = BTreeMap::new();
        let mut next = 0;
        for (what, which) in numbers().zip(numbers().skip(7)).take(2_000) {
            match what % 4 {
                0 => {
                    next += 1 + which % 3;
                    assert_eq!(map.insert(next, which), wanted.insert(next, which));
                }
                1 if next > 0 => {
                    let number = which % next;
                    assert_eq!(map.insert(number, which), wanted.insert(number, which));
                }
                _ => {
                    let number = which % (next + 2);
                    assert_eq!(map.get(number), wanted.get(&number));
                    assert_eq!(map.remove(number), wanted.remove(&number));
                }
            }
            assert!(map.values().eq(wanted.values()));
        }
        assert!(map.take_all().eq(wanted.into_values()));
        assert_eq!((map.values().count(), map.get(1)), (0, None));
    }

    #[test]
    fn removals_are_cheap_and_leave_no_memory_behind() {
        const ALL: u64 = 10_000;
        // The oldest first, the newest first, and every third one.
        let orders: [fn(u64) -> u64; 3] = [|i| i, |i| ALL - 1 - i, |i| i * 3 % ALL];
        for order in orders {
            let mut map = Growing::new();
            for number in 0..ALL {
                map.insert(number, ());
            }
            let mut moved = 0;
            for (left, number) in (0..ALL).rev().zip((0..ALL).map(order)) {
                let before = map.entries.len();
                assert_eq!(map.remove(number), Some(()), "{number}");
                let after = map.entries.len();
                moved += if after < before { before } else { 0 };
                assert!(after as u64 <= 2 * left + 1, "{after} for {left}");
            }
            assert!(moved as u64 <= 2 * ALL + 100, "{moved}");
        }
        // One that stays, and many that come and go.
        let mut map = Growing::new();
        map.insert(0, ());
        for number in 1..ALL {
            map.insert(number, ());
            map.remove(number);
            assert!(map.entries.len() <= 3);
        }
    }
}

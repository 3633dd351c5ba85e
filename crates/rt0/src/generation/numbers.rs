//! The numbers of handles. Each is given once in the life of a process.
//!
//! A library counts its handles from its load on. A shutdown does not reset the count, and a fork's child
//! continues where its parent was. Numbers start at one that depends on the library, go up in steps of two,
//! and wrap around once. When they are back at the start, there are no more. With 32-bit pointers that
//! happens after 2^31 handles; with 64-bit pointers, after more than a process can open.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Numbers of `BITS` bits: as many as a pointer has, except in tests.
pub(crate) struct Numbers<const BITS: u32 = { usize::BITS }> {
    /// How many numbers have been given.
    given: AtomicUsize,
}

impl<const BITS: u32> Numbers<BITS> {
    /// How many numbers there are: all odd ones.
    const ALL: usize = 1 << (BITS - 1);
    const MASK: usize = usize::MAX >> (usize::BITS - BITS);

    pub const fn new() -> Numbers<BITS> {
        Numbers {
            given: AtomicUsize::new(0),
        }
    }

    /// A number that was not given before, as long as `start` is always the same. `None` if all have been
    /// given.
    pub fn next(&self, start: usize) -> Option<usize> {
        let one_more = |given| (given < Self::ALL).then_some(given + 1);
        // Relaxed: only the number itself must be new.
        let given = self
            .given
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more)
            .ok()?;
        Some((start | 1).wrapping_add(given << 1) & Self::MASK)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const START: usize = 0xfedc_ba98;

    #[test]
    fn each_is_given_once_and_then_there_are_no_more() {
        let numbers = Numbers::<8>::new();
        let given: Vec<_> = std::iter::from_fn(|| numbers.next(START)).collect();
        assert_eq!(given.len(), 128);
        assert!(given.iter().all(|number| number % 2 == 1 && *number < 256));
        assert_eq!(given.iter().collect::<HashSet<_>>().len(), given.len());
        assert_eq!((numbers.next(START), numbers.next(START)), (None, None));
    }

    /// Tests 32-bit pointers, on any processor.
    #[test]
    fn with_32_bits_there_are_two_thousand_million_and_the_last_is_no_first() {
        let numbers = Numbers::<32>::new();
        let first = numbers.next(START);
        assert_eq!(first, Some(START | 1));
        // As if 2^31 - 1 handles had been given.
        numbers.given.store((1 << 31) - 1, Ordering::Relaxed);
        assert_eq!(numbers.next(START), Some((START | 1) - 2));
        assert_eq!(numbers.next(START), None);
        assert_eq!(
            numbers.given.load(Ordering::Relaxed),
            1 << 31,
            "it stays so"
        );
    }

    /// 2^15 handles were once enough to reach the numbers of the next generation.
    #[test]
    fn with_32_bits_forty_thousand_handles_of_two_generations_do_not_meet() {
        let numbers = Numbers::<32>::new();
        let given: HashSet<_> = (0..80_000).filter_map(|_| numbers.next(START)).collect();
        assert_eq!(given.len(), 80_000);
    }
}

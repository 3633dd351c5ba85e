//! What the host's environment says about a library that the host did not build.
//!
//! The settings are read once, from the copy made at load. A process with more rights than its caller
//! (AT_SECURE: set-user-ID and the like) ignores the environment.

use core::ops::RangeInclusive;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use rt0_abi::line;

use super::arguments;
use super::table::{Library, Start};
use crate::platform::thread::signals::CollectorSignals;
use crate::platform::{kernel, stack};
use crate::sabotage;

/// The settings in force: from the host's environment where its value is valid, otherwise from the library's
/// table. (The boot reports a value that is not valid, because it can return an error.)
#[derive(Clone, Copy)]
pub struct Settings {
    /// `RT0_START`: when the library boots.
    pub start: Start,
    /// `RT0_RETRY` and `RT0_RETRY_PAUSE`: how long after a failed boot the next call boots again, in
    /// milliseconds. `None`: no call does.
    pub retry_pause_ms: Option<u32>,
    /// `RT0_STACK_SIZE`: the size of the boot thread's stack.
    pub stack_size: usize,
    /// `RT0_EXIT_TIMEOUT`: how long the exit of the process waits for the library, in milliseconds.
    pub exit_ms: u32,
    /// `RT0_COLLECTOR_SIGNALS`: which of the host's signals may stop the library's threads.
    pub collector_signals: CollectorSignals,
}

/// The allowed pauses before a retry, in milliseconds: up to a day.
pub const RETRY_PAUSES: RangeInclusive<u32> = 0..=86_400_000;

/// The allowed sizes of a stack, in bytes.
pub const STACK_SIZES: RangeInclusive<usize> = 64 * 1024..=1 << 30;

/// The allowed times for an exit to wait, in milliseconds.
pub const EXIT_TIMES: RangeInclusive<u32> = 0..=3_600_000;

/// The settings of this library.
pub fn of(library: &Library) -> Settings {
    if let Some(settings) = CACHED.load() {
        return settings;
    }
    let known = arguments::are_known();
    let settings = read(library);
    if known {
        CACHED.store(settings);
    }
    settings
}

/// Whether the library must not make a thread.
pub fn is_quiet(library: &Library) -> bool {
    of(library).start == Start::Quiet
}

/// The settings, once they are known. There is no lock, because a fork could leave it locked: threads that
/// get here at once all write the same values.
struct Cached {
    known: AtomicU32,
    start: AtomicU32,
    /// Or [`NO_RETRIES`].
    retry_pause_ms: AtomicU32,
    stack_size: AtomicUsize,
    exit_ms: AtomicU32,
    collector_signals: AtomicU32,
}

static CACHED: Cached = Cached {
    known: AtomicU32::new(0),
    start: AtomicU32::new(0),
    retry_pause_ms: AtomicU32::new(0),
    stack_size: AtomicUsize::new(0),
    exit_ms: AtomicU32::new(0),
    collector_signals: AtomicU32::new(0),
};

/// Longer than any pause.
const NO_RETRIES: u32 = u32::MAX;

// All words but `known` are Relaxed: the Release and Acquire of `known` order them.
impl Cached {
    fn store(&self, settings: Settings) {
        let set = |word: &AtomicU32, value| word.store(value, Ordering::Relaxed);
        let pause = settings.retry_pause_ms.unwrap_or(NO_RETRIES);
        set(&self.start, settings.start as u32);
        set(&self.retry_pause_ms, pause);
        set(&self.exit_ms, settings.exit_ms);
        set(&self.collector_signals, settings.collector_signals as u32);
        self.stack_size
            .store(settings.stack_size, Ordering::Relaxed);
        // Release pairs with the Acquire in `load`.
        self.known.store(1, Ordering::Release);
    }

    fn load(&self) -> Option<Settings> {
        // Acquire pairs with the Release in `store`.
        if self.known.load(Ordering::Acquire) == 0 {
            return None;
        }
        let get = |word: &AtomicU32| word.load(Ordering::Relaxed);
        let pause = get(&self.retry_pause_ms);
        Some(Settings {
            start: Start::from_number(get(&self.start)),
            retry_pause_ms: (pause != NO_RETRIES).then_some(pause),
            stack_size: self.stack_size.load(Ordering::Relaxed),
            exit_ms: get(&self.exit_ms),
            collector_signals: CollectorSignals::from_number(get(&self.collector_signals)),
        })
    }
}

/// The names of the settings. (An array of texts would need a relocation for each.)
const KEYS: &[u8] = b"RT0_START,RT0_RETRY,RT0_RETRY_PAUSE,RT0_STACK_SIZE,RT0_EXIT_TIMEOUT,\
    RT0_COLLECTOR_SIGNALS";

fn read(library: &Library) -> Settings {
    let mut found = [Found::default(); 6];
    look_up(library, KEYS, &mut found);
    let [start, retry, pause, stack_size, exit_ms, signals] = &found;
    let start = chosen(Start::NAMES, start, library.start as u32);
    let retries = chosen("never\non-call", retry, library.retry.into()) == 1;
    let signals = chosen(
        CollectorSignals::NAMES,
        signals,
        library.collector_signals as u32,
    );
    let sizes = *STACK_SIZES.start() as u32..=*STACK_SIZES.end() as u32;
    let stack_size = match number_in(sizes, stack_size, 0) {
        0 if library.stack_size == 0 => stack::DEFAULT_SIZE,
        0 => library.stack_size,
        size => size as usize,
    };
    let pause = number_in(RETRY_PAUSES, pause, library.retry_pause_ms);
    Settings {
        start: match Start::from_number(start) {
            Start::Quiet if sabotage::NO_QUIET_INLINE => Start::Lazy,
            start => start,
        },
        retry_pause_ms: retries.then_some(pause),
        stack_size,
        exit_ms: number_in(EXIT_TIMES, exit_ms, library.exit_ms),
        collector_signals: CollectorSignals::from_number(signals),
    }
}

/// A setting from the host's environment. `KEY_NAME`, with the library's name in capitals, takes precedence
/// over `KEY`, which applies to every library in the process.
pub fn variable(library: &Library, key: &[u8]) -> Option<&'static [u8]> {
    let mut found = [Found::default()];
    look_up(library, key, &mut found);
    found[0].value()
}

/// Several settings, whose keys have commas between them, in one walk through the variables that the
/// constructor has noted.
#[inline(never)]
fn look_up(library: &Library, keys: &[u8], found: &mut [Found]) {
    let noted = arguments::noted().bytes();
    // Mostly there is nothing to be trusted.
    if noted.is_empty() || sabotage::NO_SETTINGS {
        return;
    }
    if environment_is_trusted() || sabotage::NO_SECURE_CHECK {
        for entry in noted.split(|byte| *byte == 0) {
            let keys = keys.split(|byte| *byte == b',');
            for (key, found) in keys.zip(&mut *found) {
                found.look_at(entry, key, library.name);
            }
        }
    }
}

/// What the environment says under one key.
#[derive(Clone, Copy, Default)]
struct Found {
    for_this_one: Option<&'static [u8]>,
    for_all: Option<&'static [u8]>,
}

impl Found {
    fn value(&self) -> Option<&'static [u8]> {
        self.for_this_one.or(self.for_all)
    }

    /// If a key occurs more than once, its first value counts.
    fn look_at(&mut self, entry: &'static [u8], key: &[u8], library: &str) {
        let Some(rest) = entry.strip_prefix(key) else {
            return;
        };
        let Some(equals) = rest.iter().position(|byte| *byte == b'=') else {
            return;
        };
        let (name, value) = (&rest[..equals], &rest[equals + 1..]);
        let found = match name {
            [] => &mut self.for_all,
            [b'_', name @ ..] if is_name_of(library, name) => &mut self.for_this_one,
            _ => return,
        };
        found.get_or_insert(value);
    }
}

/// Whether this is the library's name, in letters of either case. Byte by byte: for long texts std has code that is
/// larger than all of this.
fn is_name_of(library: &str, name: &[u8]) -> bool {
    let mut both = name.iter().zip(library.as_bytes());
    name.len() == library.len() && both.all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// False if somebody with fewer rights than the process may have set up its environment.
pub fn environment_is_trusted() -> bool {
    !kernel::has_more_rights()
}

/// Which of these words, one in each line, the setting is; the other number if it is none. (A `match` would
/// compare each byte of each word in code of its own.)
#[inline(never)]
fn chosen(words: &'static str, setting: &Found, or: u32) -> u32 {
    let Some(value) = setting.value() else {
        return or;
    };
    let mut number = 0;
    loop {
        match line(words, number) {
            "" => return or,
            word if word.as_bytes() == value => return number as u32,
            _ => number += 1,
        }
    }
}

/// A setting that is a number in this range; the other number if it is none.
fn number_in(range: RangeInclusive<u32>, setting: &Found, or: u32) -> u32 {
    // The function below gets its numbers in registers.
    number_from(*range.start(), *range.end(), setting, or)
}

#[inline(never)]
fn number_from(least: u32, most: u32, setting: &Found, or: u32) -> u32 {
    match setting.value().and_then(decimal) {
        Some(number) if (least.into()..=most.into()).contains(&number) => number as u32,
        _ => or,
    }
}

/// Gives what `str::parse` would, but without checking that the text is UTF-8. That check is half a KiB in a
/// library that does not need it otherwise.
pub fn decimal(text: &[u8]) -> Option<u64> {
    let digits = match text {
        [b'+', digits @ ..] => digits,
        _ => text,
    };
    let with = |value: u64, byte: &u8| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        value.checked_mul(10)?.checked_add(digit.into())
    };
    let value = digits.iter().try_fold(0, with);
    value.filter(|_| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{CollectorSignals, Found, Start, chosen, decimal};

    #[test]
    fn a_word_is_one_of_the_list_or_none() {
        let found = |word: &'static [u8]| Found {
            for_all: Some(word),
            ..Found::default()
        };
        let start = |word| chosen(Start::NAMES, &found(word), 9);
        for policy in [Start::Load, Start::Lazy, Start::Manual, Start::Quiet] {
            assert_eq!(start(policy.name().as_bytes()), policy as u32);
            assert_eq!(Start::from_number(policy as u32), policy);
        }
        let signals = |word| chosen(CollectorSignals::NAMES, &found(word), 9);
        assert_eq!(signals(b"usr"), CollectorSignals::Usr as u32);
        for other in [&b""[..], b"loa", b"loads", b"load\nlazy", b"\n", b"LOAD"] {
            assert_eq!(start(other), 9, "{other:?}");
        }
        assert_eq!(chosen("never\non-call", &Found::default(), 1), 1);
    }

    #[test]
    fn the_librarys_own_value_counts_before_the_one_for_all_and_of_several_the_first() {
        let found = |environment: &[&'static [u8]], key: &[u8]| {
            let mut found = Found::default();
            for entry in environment {
                found.look_at(entry, key, "pause");
            }
            found.for_this_one.or(found.for_all)
        };
        let all: &[&'static [u8]] = &[b"RT0_RETRY=never", b"RT0_RETRY=on-call"];
        assert_eq!(found(all, b"RT0_RETRY"), Some(&b"never"[..]));
        let both: &[&'static [u8]] = &[
            b"RT0_START=lazy",
            b"RT0_START_Pause=",
            b"RT0_START_PAUSE=load",
        ];
        assert_eq!(found(both, b"RT0_START"), Some(&b""[..]));
        let other: &[&'static [u8]] = &[
            b"RT0_START_PAUS=lazy",
            b"RT0_START_PAUSES=lazy",
            b"RT0_START",
        ];
        assert_eq!(found(other, b"RT0_START"), None);
        // A key followed by the library's name can also be another key.
        let pause: &[&'static [u8]] = &[b"RT0_RETRY_PAUSE=5"];
        assert_eq!(found(pause, b"RT0_RETRY"), Some(&b"5"[..]));
        assert_eq!(found(pause, b"RT0_RETRY_PAUSE"), Some(&b"5"[..]));
    }

    #[test]
    fn decimal_takes_what_parse_takes() {
        let texts = [
            "0",
            "007",
            "+5",
            "18446744073709551615",
            "18446744073709551616",
            "99999999999999999999",
            "",
            "+",
            "-1",
            "++1",
            "1 ",
            " 1",
            "1_000",
            "0x10",
            "12a",
            "\u{661}",
        ];
        for text in texts {
            assert_eq!(decimal(text.as_bytes()), text.parse().ok(), "{text:?}");
        }
        assert_eq!(decimal(b"1\xff"), None);
    }
}

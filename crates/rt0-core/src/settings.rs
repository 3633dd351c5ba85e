//! What the host's environment may say about a library that it did not build.
//!
//! Read from the copy made at load. A host that runs with more rights than its caller (AT_SECURE: set
//! user id and the like) takes no advice from the environment.

use core::ops::RangeInclusive;

use crate::library::{CollectorSignals, Library, Start};
use crate::{args, sabotage, stack, sys};

/// The start policy that is in force: `RT0_START` if the host's environment has a valid one, else the
/// library's own. (A value that is none is answered by the boot, which can say so.)
pub fn start(library: &Library) -> Start {
    let start = variable(library, b"RT0_START")
        .and_then(Start::from_name)
        .unwrap_or(library.start);
    if sabotage::NO_QUIET_INLINE && start == Start::Quiet {
        return Start::Lazy;
    }
    start
}

/// How long after a failed boot the next call boots again, in nanoseconds; `None`: none does.
/// `RT0_RETRY` and `RT0_RETRY_PAUSE` if the host's environment has valid ones, else the library's own.
pub fn retry_pause(library: &Library) -> Option<u64> {
    let on_call = match variable(library, b"RT0_RETRY") {
        Some(b"on-call") => true,
        Some(b"never") => false,
        _ => library.retry,
    };
    let asked = number(library, b"RT0_RETRY_PAUSE")
        .and_then(|pause| u32::try_from(pause).ok())
        .filter(|pause| RETRY_PAUSES.contains(pause));
    on_call.then(|| u64::from(asked.unwrap_or(library.retry_pause_ms)) * 1_000_000)
}

/// The pauses before a retry, in milliseconds: up to a day.
pub const RETRY_PAUSES: RangeInclusive<u32> = 0..=86_400_000;

/// The sizes that a stack can be asked to have.
pub const STACK_SIZES: RangeInclusive<usize> = 64 * 1024..=1 << 30;

/// The size of the boot thread's stack: `RT0_STACK_SIZE` if that is a possible one, else the library's
/// own. (One that is not is answered by the boot, on such a stack.)
pub fn stack_size(library: &Library) -> usize {
    let asked = number(library, b"RT0_STACK_SIZE")
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| STACK_SIZES.contains(size))
        .unwrap_or(library.stack_size);
    if asked == 0 {
        stack::DEFAULT_SIZE
    } else {
        asked
    }
}

/// Which of the host's signals may stop the library's threads: `RT0_COLLECTOR_SIGNALS` if that is a valid
/// word, else the library's own. (One that is not is answered by the boot.)
#[cfg_attr(windows, expect(dead_code, reason = "there are no signals"))]
pub(crate) fn collector_signals(library: &Library) -> CollectorSignals {
    variable(library, b"RT0_COLLECTOR_SIGNALS")
        .and_then(CollectorSignals::from_name)
        .unwrap_or(library.collector_signals)
}

/// How long the exit of the process waits for the library, in milliseconds: `RT0_EXIT_TIMEOUT` if that
/// is a possible time, else the library's own. (One that is not is answered by the boot.)
pub fn exit_ms(library: &Library) -> u32 {
    number(library, b"RT0_EXIT_TIMEOUT")
        .and_then(|ms| u32::try_from(ms).ok())
        .filter(|ms| EXIT_TIMES.contains(ms))
        .unwrap_or(library.exit_ms)
}

/// How long an exit can be asked to wait, in milliseconds.
pub const EXIT_TIMES: RangeInclusive<u32> = 0..=3_600_000;

/// A setting that is a number.
fn number(library: &Library, key: &[u8]) -> Option<u64> {
    decimal(variable(library, key)?)
}

/// What `str::parse` makes of a text, without a look at the text's encoding: half a KiB in a library that
/// has no other use for it.
fn decimal(text: &[u8]) -> Option<u64> {
    let digits = text.strip_prefix(b"+").unwrap_or(text);
    let with = |value: u64, byte: &u8| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        value.checked_mul(10)?.checked_add(digit.into())
    };
    let value = digits.iter().try_fold(0, with);
    value.filter(|_| !digits.is_empty())
}

/// A setting from the host's environment: `KEY_NAME`, with the library's name in capitals, before
/// `KEY`, which is for every library in the process.
pub fn variable(library: &Library, key: &[u8]) -> Option<&'static [u8]> {
    if sabotage::NO_SETTINGS || (!environment_is_trusted() && !sabotage::NO_SECURE_CHECK) {
        return None;
    }
    let of_this_one = |entry: &'static [u8]| {
        let (name, rest) = entry
            .strip_prefix(key)?
            .strip_prefix(b"_")?
            .split_at_checked(library.name.len())?;
        name.eq_ignore_ascii_case(library.name.as_bytes())
            .then(|| rest.strip_prefix(b"="))?
    };
    args::environment()
        .find_map(of_this_one)
        .or_else(|| args::variable(key))
}

/// False when somebody with fewer rights than the process may have made its environment.
pub fn environment_is_trusted() -> bool {
    !sys::has_more_rights()
}

#[cfg(test)]
mod tests {
    use super::decimal;

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

//! Dates for people.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// Such as `2026-11-28 23:05 UTC`.
pub fn text(at: u64) -> String {
    let (year, month, day) = day(at / 86_400);
    let (hour, minute) = (at / 3600 % 24, at / 60 % 60);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
}

/// The date of this day since 1970. Years begin in March here, so that a leap day is the last one.
fn day(since_1970: u64) -> (u64, u64, u64) {
    let days = since_1970 + 719_468; // since 0000-03-01
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn dates_are_right() {
        for (at, expected) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (1_709_251_199, "2024-02-29 23:59 UTC"),
            (1_795_907_100, "2026-11-28 23:05 UTC"),
        ] {
            assert_eq!(text(at), expected);
        }
    }
}

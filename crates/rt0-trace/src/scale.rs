//! Round numbers on an axis, and times as texts.

/// A time with three digits: `1.23 ms`.
pub fn time(nanos: u64) -> String {
    let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs")];
    let Some((unit, name)) = units.into_iter().find(|(unit, _)| nanos >= *unit) else {
        return match nanos {
            0 => "0".to_owned(),
            nanos => format!("{nanos} ns"),
        };
    };
    let value = nanos as f64 / unit as f64;
    let digits = match value {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{value:.digits$} {name}")
}

/// A time on an axis: no more digits than it needs.
pub fn tick(nanos: u64) -> String {
    let (unit, name) = match nanos {
        0 => return "0".to_owned(),
        1_000_000_000.. => (1_000_000_000, "s"),
        1_000_000.. => (1_000_000, "ms"),
        1_000.. => (1_000, "µs"),
        _ => (1, "ns"),
    };
    format!("{} {name}", nanos as f64 / unit as f64)
}

/// Round times from 0 on, at most so many after it, that reach up to `most`.
pub fn ticks(most: u64, count: u64) -> Vec<u64> {
    let least = (most / count.max(1)).max(1);
    let power = 10_u64.pow(least.ilog10());
    let step = [1, 2, 5, 10]
        .map(|digit| digit * power)
        .into_iter()
        .find(|step| *step >= least)
        .unwrap_or(least);
    (0..=most / step).map(|number| number * step).collect()
}

/// The text, cut to so many characters in its middle.
pub fn cut(text: &str, most: usize) -> String {
    let all: Vec<char> = text.chars().collect();
    if all.len() <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(1);
    let (before, after) = (kept - kept / 3, kept / 3);
    let front: String = all[..before].iter().collect();
    let back: String = all[all.len() - after..].iter().collect();
    format!("{front}…{back}")
}

/// Lines of at most so many columns.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let longer = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && longer > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits() {
        let all = [0, 999, 1_000, 12_345, 123_456, 1_234_567, 12_000_000_000];
        assert_eq!(
            all.map(time),
            [
                "0", "999 ns", "1.00 µs", "12.3 µs", "123 µs", "1.23 ms", "12.0 s"
            ]
        );
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(ticks(1000, 5), [0, 200, 400, 600, 800, 1000]);
        assert_eq!(ticks(730, 5), [0, 200, 400, 600]);
        assert_eq!(ticks(3, 5), [0, 1, 2, 3]);
        assert_eq!(ticks(0, 5), [0]);
        assert_eq!(
            [0, 500, 2_000, 1_500_000].map(tick),
            ["0", "500 ns", "2 µs", "1.5 ms"]
        );
    }

    #[test]
    fn a_text_is_cut_in_its_middle() {
        assert_eq!(cut("libhello.so", 11), "libhello.so");
        assert_eq!(cut("relocate libhello.so", 13), "relocate…o.so");
    }
}

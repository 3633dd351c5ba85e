//! Numbers for people.

use super::row::{Compare, Row};

/// A value with its unit.
pub fn amount(value: f64, unit: &str) -> String {
    match unit {
        "ns" if value == 0.0 => "0".to_owned(),
        "ns" if value >= 1e6 => format!("{} ms", digits(value / 1e6)),
        "ns" if value >= 1e3 => format!("{} µs", digits(value / 1e3)),
        "bytes" => format!("{} KB", digits(value / 1e3)),
        "KB" if value >= 1e3 => format!("{} MB", digits(value / 1e3)),
        _ => format!("{} {unit}", digits(value)),
    }
}

/// Three digits that mean something.
fn digits(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 || value == value.round() => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A value of the row's figure.
pub fn figure(row: &Row, value: f64) -> String {
    match row.compare {
        Compare::Ratio => format!("{value:.2}"),
        Compare::Difference if value < 0.0 => format!("−{}", amount(-value, &row.unit)),
        Compare::Difference => format!("+{}", amount(value, &row.unit)),
        Compare::Alone => amount(value, &row.unit),
    }
}

/// The row's interval; nothing where there is no chance in it.
pub fn interval(row: &Row) -> String {
    let [low, high] = row.interval;
    if row.exact {
        return String::new();
    }
    format!("{} – {}", figure(row, low), figure(row, high))
}

/// The row's target.
pub fn target(row: &Row) -> String {
    row.target
        .map_or_else(String::new, |target| format!("≤ {}", figure(row, target)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::row::tests::example;

    #[test]
    fn amounts_are_short() {
        for (value, unit, expected) in [
            (1.119, "ns", "1.12 ns"),
            (437_480.0, "ns", "437 µs"),
            (2_500_000.0, "ns", "2.50 ms"),
            (100_000.0, "bytes", "100 KB"),
            (25_640.0, "bytes", "25.6 KB"),
            (41.0, "faults", "41 faults"),
            (57.5, "instr.", "57.5 instr."),
            (0.0, "ns", "0"),
            (48_300.0, "KB", "48.3 MB"),
        ] {
            assert_eq!(amount(value, unit), expected);
        }
    }

    #[test]
    fn a_figure_is_written_as_it_is_compared() {
        let mut row = example("load.total.vs-limit", "1 processor", 1.5, 30);
        assert_eq!(figure(&row, row.figure), "1.50");
        assert_eq!(interval(&row), "1.50 – 1.50");
        assert_eq!(target(&row), "≤ 2.00");
        row.compare = Compare::Difference;
        assert_eq!(figure(&row, 57_000.0), "+57 µs");
        assert_eq!(figure(&row, -5.0), "−5 ns");
        row.compare = Compare::Alone;
        row.exact = true;
        assert_eq!(figure(&row, 5.0), "5 ns");
        assert_eq!(interval(&row), "");
    }
}

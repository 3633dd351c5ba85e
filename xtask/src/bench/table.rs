//! The figures as a table for people.

use super::figure::Figure;

/// Prints a table with one line for each figure.
pub fn print(figures: &[Figure]) {
    let width = figures
        .iter()
        .map(|figure| figure.name.len())
        .max()
        .unwrap_or(0);
    println!(
        "{:width$}  {:>12}  {:>12}  {:<7} {:>6}  {:<12}  {:<14}  result",
        "rt0 against its peer", "rt0", "peer", "unit", "ratio", "middle half", "target"
    );
    for figure in figures {
        let [low, high] = figure.spread;
        let spread = if low == high {
            String::new()
        } else {
            format!("{low:.2} - {high:.2}")
        };
        let line = format!(
            "{:width$}  {:>12}  {:>12}  {:<7} {:>6.2}  {spread:<12}  {:<14}  {}",
            figure.name,
            number(figure.rt0),
            number(figure.peer),
            figure.unit,
            figure.ratio,
            figure
                .target
                .map(|target| target.text())
                .unwrap_or_default(),
            match figure.met {
                Some(true) => "met",
                Some(false) => "not met",
                None => "",
            }
        );
        println!("{}", line.trim_end());
    }
}

/// The value with its significant decimals.
fn number(value: f64) -> String {
    if value >= 1000.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

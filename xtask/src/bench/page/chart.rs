//! The README's chart: from before dlopen to the first answer, for each library.

use anyhow::{Context, Result};

use super::svg::{drawing, line, rect, text, ticks};
use crate::bench::format::amount;
use crate::bench::report::Report;
use crate::bench::row::Side;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 620.0;
const STEP: f64 = 30.0;
const TOP: f64 = 40.0;

/// The bars, and the row that each is taken from.
const BARS: [(&str, &str); 4] = [
    ("C: constructor, 3 threads", "load.total.vs-limit"),
    ("Rust, OnceLock", "load.total.vs-oncelock"),
    ("Rust, constructor by hand", "load.total.vs-constructor"),
    ("", "load.total.vs-go"),
];

const STYLE: &str = include_str!("chart.css");

/// The drawing, which needs no other file.
///
/// # Errors
/// The run lacks its rows.
pub fn chart(report: &Report) -> Result<String> {
    let cases = ["2 processors", "1 processor"];
    let has = |case: &&str| report.row(BARS[0].1, case).is_some();
    let case = cases
        .into_iter()
        .find(has)
        .context("the run has no row load.total.vs-limit")?;
    let mut bars: Vec<(String, &Side)> = Vec::new();
    for (name, id) in BARS {
        let Some(row) = report.row(id, case) else {
            continue;
        };
        if bars.is_empty() {
            bars.push(("Rust with rt0".to_owned(), &row.ours));
        }
        if let Some(theirs) = &row.theirs {
            let name = if name.is_empty() { &theirs.name } else { name };
            bars.push((name.to_owned(), theirs));
        }
    }
    bars.sort_by(|one, other| one.1.median.total_cmp(&other.1.median));
    Ok(drawn(report, case, &bars))
}

fn drawn(report: &Report, case: &str, bars: &[(String, &Side)]) -> String {
    let most = bars
        .iter()
        .map(|(_, side)| side.quartiles[1])
        .fold(0.0, f64::max)
        * 1.02;
    let bottom = TOP + bars.len() as f64 * STEP;
    let x = |value: f64| LEFT + value / most * (RIGHT - LEFT);
    let title = format!("From dlopen to the first answer, {case}: shorter is better");
    let mut inside = format!("<style>{STYLE}</style>\n");
    inside += "<rect width='100%' height='100%' class='ground'/>\n";
    inside += &text(0.0, 16.0, "title", &title);
    for tick in ticks(most) {
        inside += &line((x(tick), TOP - 6.0), (x(tick), bottom), "grid");
        inside += &text(x(tick), bottom + 14.0, "tick middle", &amount(tick, "ns"));
    }
    for (n, (name, side)) in bars.iter().enumerate() {
        let (class, y) = (
            if side.name == "rt0" { "ours" } else { "theirs" },
            TOP + (n as f64 + 0.5) * STEP,
        );
        let [low, high] = side.quartiles;
        inside += &text(0.0, y + 4.0, &format!("side {class}-name"), name);
        inside += &rect(LEFT, y - 9.0, x(side.median) - LEFT, 18.0, class);
        inside += &line((x(low), y), (x(high), y), "spread");
        inside += &text(
            x(high.max(side.median)) + 8.0,
            y + 4.0,
            "value",
            &amount(side.median, "ns"),
        );
    }
    let when = format!(
        "{}, commit {}",
        crate::bench::date::text(report.at),
        report.commit
    );
    let about = format!("Medians; the lines are the middle halves. {when}");
    inside += &text(0.0, bottom + 34.0, "tick", &about);
    let marks = report.marks();
    inside += &text(0.0, bottom + 50.0, "title", &marks);
    let height = if marks.is_empty() { 42.0 } else { 58.0 };
    drawing(WIDTH, bottom + height, title, &inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report::tests::example;

    #[test]
    fn the_fastest_comes_first_and_a_run_that_does_not_count_is_marked() {
        let mut report = example();
        report.busy = true;
        let svg = chart(&report).unwrap();
        assert_eq!(svg.matches("<rect").count(), 1 + 3);
        let at = |name: &str| svg.find(name).unwrap_or_else(|| panic!("{name}: {svg}"));
        assert!(at("C: constructor, 3 threads") < at("Rust with rt0"));
        assert!(svg.contains("BUSY"), "{svg}");
        for outside in ["<script", "href", "@import", "url("] {
            assert!(!svg.contains(outside), "{outside}");
        }
        report.rows.clear();
        assert!(chart(&report).is_err());
    }
}

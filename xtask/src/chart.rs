//! The README's chart, docs/load.svg: from before dlopen to the first answer, for each library.
//!
//! It is drawn from the table in docs/performance.md, so both show the same run: `cargo xtask bench --docs` writes both,
//! and `cargo xtask lint` draws it again and compares.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::run::root;
use crate::svg::{at, escaped, line, rect, text, ticks};

const PAGE: &str = "docs/performance.md";
const CHART: &str = "docs/load.svg";

/// As wide as a telephone, so that its letters can be read there.
const WIDTH: f64 = 440.0;
const LEFT: f64 = 4.0;
const RIGHT: f64 = 370.0;
const STEP: f64 = 40.0;
const TOP: f64 = 44.0;

/// The case of which rows are shown.
const CASE: &str = "2 processors";

/// The bars, and the row that each is taken from. Of Go the table has the version.
const BARS: [(&str, &str); 4] = [
    ("C: constructor, 3 threads", "load.total.vs-limit"),
    ("Rust, OnceLock", "load.total.vs-oncelock"),
    ("Rust, constructor by hand", "load.total.vs-constructor"),
    ("", "load.total.vs-go"),
];

const STYLE: &str = include_str!("chart.css");

/// Draws the chart anew.
///
/// # Errors
/// The table lacks a row, or the chart can't be written.
pub fn renew() -> Result<()> {
    let chart = of_page()?;
    println!("{CHART}");
    fs::write(root().join(CHART), chart).with_context(|| format!("can't write {CHART}"))
}

/// Looks that the chart is that of the table.
///
/// # Errors
/// It is of another.
pub fn check() -> Result<()> {
    let drawn = fs::read_to_string(root().join(CHART)).context(CHART)?;
    ensure!(
        drawn == of_page()?,
        "{CHART} is not of the table in {PAGE}: `cargo xtask bench --docs` writes both"
    );
    Ok(())
}

fn of_page() -> Result<String> {
    let page = fs::read_to_string(root().join(PAGE)).context(PAGE)?;
    chart(&page)
}

/// A bar.
struct Bar {
    name: String,
    /// As in the table.
    said: String,
    nanoseconds: f64,
    ours: bool,
}

fn chart(page: &str) -> Result<String> {
    let mut bars: Vec<Bar> = Vec::new();
    for (name, id) in BARS {
        let (ours, theirs) =
            row(page, id).with_context(|| format!("{PAGE} has no {id}, {CASE}"))?;
        if bars.is_empty() {
            bars.push(bar("Rust with rt0", ours, true)?);
        }
        let (peer, said) = theirs.rsplit_once(": ").context("a peer has a name")?;
        bars.push(bar(if name.is_empty() { peer } else { name }, said, false)?);
    }
    bars.sort_by(|one, other| one.nanoseconds.total_cmp(&other.nanoseconds));
    let run = page.lines().find(|line| line.contains(" UTC, commit "));
    let run = run.context("the table says when it was measured")?;
    // A run that does not count says so at the end of its line.
    let marks = run.split_once("; ").map(|(_, marks)| marks.to_owned());
    let run: Vec<_> = run.split(", ").take(2).collect();
    Ok(drawn(&bars, &run.join(", "), &marks.unwrap_or_default()))
}

/// What the table says of rt0 and of its peer.
fn row<'a>(page: &'a str, id: &str) -> Option<(&'a str, &'a str)> {
    let begin = format!("| `{id}` | {CASE} | ");
    let rest = page.lines().find_map(|line| line.strip_prefix(&begin))?;
    let mut cells = rest.split(" | ");
    Some((cells.next()?, cells.next()?))
}

fn bar(name: &str, said: &str, ours: bool) -> Result<Bar> {
    let number = said.split_once(' ').and_then(|(number, unit)| {
        let unit = match unit {
            "ns" => 1.0,
            "µs" => 1e3,
            "ms" => 1e6,
            _ => return None,
        };
        Some(number.parse::<f64>().ok()? * unit)
    });
    Ok(Bar {
        name: name.to_owned(),
        said: said.to_owned(),
        nanoseconds: number.with_context(|| format!("{name}: {said} is no time"))?,
        ours,
    })
}

fn drawn(bars: &[Bar], run: &str, marks: &str) -> String {
    let most = bars.iter().map(|bar| bar.nanoseconds).fold(0.0, f64::max);
    let bottom = TOP + bars.len() as f64 * STEP;
    let x = |value: f64| LEFT + value / most * (RIGHT - LEFT);
    let title = format!("From dlopen to the first answer, {CASE}");
    let mut inside = format!("<style>\n{STYLE}</style>\n");
    inside += "<rect width='100%' height='100%' class='ground'/>\n";
    inside += &text(LEFT, 18.0, "title", &title);
    for tick in ticks(most) {
        let anchor = if tick == 0.0 { "tick" } else { "tick middle" };
        inside += &line((x(tick), TOP - 10.0), (x(tick), bottom), "grid");
        inside += &text(
            x(tick),
            bottom + 14.0,
            anchor,
            &format!("{} µs", tick / 1e3),
        );
    }
    for (n, bar) in bars.iter().enumerate() {
        let class = if bar.ours { "ours" } else { "theirs" };
        let y = TOP + n as f64 * STEP;
        inside += &text(LEFT, y + 8.0, &format!("{class}-name"), &bar.name);
        inside += &rect(LEFT, y + 14.0, x(bar.nanoseconds) - LEFT, 14.0, class);
        inside += &text(x(bar.nanoseconds) + 6.0, y + 25.0, "value", &bar.said);
    }
    inside += &text(
        LEFT,
        bottom + 36.0,
        "tick",
        &format!("Medians; shorter is better. {run}"),
    );
    inside += &text(LEFT, bottom + 54.0, "title", marks);
    let height = at(bottom + if marks.is_empty() { 46.0 } else { 62.0 });
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' width='{WIDTH}' height='{height}' \
         role='img' aria-label='{}'>\n{inside}</svg>\n",
        escaped(&title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
2026-11-29 04:58 UTC, commit 7d1d39e6a958, 2 processors (X), Linux 6.18.

| row | case | rt0 | peer | figure |
|---|---|---|---|---|
| `load.total.vs-go` | 1 processor | 1 µs | Go 1.27.3: 1 µs | 0.20 |
| `load.total.vs-go` | 2 processors | 229 µs | Go 1.27.3: 1.10 ms | 0.26 |
| `load.total.vs-oncelock` | 2 processors | 231 µs | OnceLock: 302 µs | 0.77 |
| `load.total.vs-constructor` | 2 processors | 231 µs | constructor: 356 µs | 0.65 |
| `load.total.vs-limit` | 2 processors | 232 µs | limit in C: 123 µs | 1.88 |
";

    #[test]
    fn the_fastest_comes_first_with_the_tables_words() {
        let svg = chart(TABLE).unwrap();
        assert_eq!(svg.matches("<rect x").count(), 5);
        let at = |name: &str| svg.find(name).unwrap_or_else(|| panic!("{name}: {svg}"));
        assert!(at("C: constructor, 3 threads") < at("Rust with rt0"));
        assert!(at("232 µs") < at("302 µs") && at("356 µs") < at("Go 1.27.3"));
        assert!(at("1.10 ms") < at("04:58 UTC, commit 7d1d39e6a958<"));
        for outside in ["<script", "href", "@import", "url("] {
            assert!(!svg.contains(outside), "{outside}");
        }
    }

    #[test]
    fn a_run_that_does_not_count_is_marked() {
        let busy = TABLE.replace(
            "Linux 6.18.",
            "Linux 6.18; BUSY: other programs used up to 1.0 processors.",
        );
        assert!(chart(&busy).unwrap().contains("BUSY"));
    }

    #[test]
    fn another_table_is_another_chart() {
        let other = TABLE.replace("302 µs", "303 µs");
        assert_ne!(chart(TABLE).unwrap(), chart(&other).unwrap());
        assert!(chart(&TABLE.replace("302 µs", "302 faults")).is_err());
        assert!(chart("").is_err());
    }
}

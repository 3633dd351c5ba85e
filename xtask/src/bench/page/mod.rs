//! The page of a run: the targets at a glance, then every row with its distributions. One file, without scripts,
//! for light and dark screens, and for paper.

mod accounts;
mod distribution;
mod overview;

use super::format::{amount, figure, interval, target};
use super::report::Report;
use super::row::{Row, Side, Verdict};
use super::trend::Trend;
use crate::svg::escaped;

const STYLE: &str = include_str!("style.css");

/// The page. With an earlier run, each row says what has changed since.
pub fn page(report: &Report, before: Option<&Report>) -> String {
    let rows: String = report.rows.iter().map(|row| section(row, before)).collect();
    let mark = match report.marks().as_str() {
        "" => String::new(),
        marks => format!(
            "<p class=mark>These figures do not count: {}</p>\n",
            escaped(marks)
        ),
    };
    format!(
        "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n\
         <meta name=viewport content='width=device-width, initial-scale=1'>\n<title>rt0 against its peers</title>\n\
         <style>\n{STYLE}</style>\n<h1>rt0 against its peers</h1>\n<p class=quiet>{}</p>\n{mark}\
         <h2>The targets</h2>\n<p>{}</p>\n<p class=quiet>A figure meets its target if its whole 95 % interval does. \
         A full dot lies within its target, a hollow square does not.</p>\n{}\
         <h2>Every row</h2>\n<p class=quiet>Each dot is a process, each box the middle half, each thick stroke a \
         median. rt0's are filled, the peer's are outlines. Far samples lie at the edge.{}</p>\n{rows}{}{}</html>\n",
        escaped(&report.about()),
        counts(report),
        overview::overview(report),
        before.map_or_else(String::new, |before| {
            format!(" The trend is that since {}.", escaped(&before.about()))
        }),
        accounts::accounts(report),
        missing(report),
    )
}

fn counts(report: &Report) -> String {
    let count = |verdict| {
        report
            .rows
            .iter()
            .filter(|row| row.verdict() == verdict)
            .count()
    };
    let mut said = format!(
        "{} met, {} missed",
        count(Verdict::Met),
        count(Verdict::Missed)
    );
    match count(Verdict::TooFew) {
        0 => {}
        few => said += &format!(", {few} measured too few times to say"),
    }
    said
}

fn section(row: &Row, before: Option<&Report>) -> String {
    let mut facts = vec![format!("<b>{}</b>", figure(row, row.figure))];
    facts.extend(
        Some(interval(row))
            .filter(|said| !said.is_empty())
            .map(|said| format!("95 %: {said}")),
    );
    facts.extend(
        Some(target(row))
            .filter(|said| !said.is_empty())
            .map(|said| format!("target {said}")),
    );
    match row.verdict() {
        Verdict::None => {}
        verdict => {
            let class = if verdict == Verdict::Missed {
                "result missed"
            } else {
                "result"
            };
            facts.push(format!("<span class='{class}'>{}</span>", verdict.word()));
        }
    }
    if let Some(before) = before {
        let (trend, old) = Trend::of(row, before);
        let old = old.map_or_else(String::new, |old| format!(", it was {}", figure(row, old)));
        facts.push(format!("{}{old}", trend.word()));
    }
    format!(
        "<section>\n<h3>{}</h3>\n<p>{}</p>\n{}{}</section>\n",
        escaped(&row.name()),
        facts.join(" · "),
        distribution::distribution(row),
        beside(row)
    )
}

/// What was counted beside the times.
fn beside(row: &Row) -> String {
    let said = |side: &Side| -> Option<String> {
        let faults = side.faults.map(|faults| amount(faults, "page faults"));
        let instructions = side
            .instructions
            .map(|count| format!("{} thousand instructions", (count / 1e3).round()));
        let both: Vec<_> = faults.into_iter().chain(instructions).collect();
        (!both.is_empty()).then(|| format!("{}: {}", escaped(&side.name), both.join(", ")))
    };
    let sides: Vec<_> = [Some(&row.ours), row.theirs.as_ref()]
        .into_iter()
        .flatten()
        .filter_map(said)
        .collect();
    match sides.is_empty() {
        true => String::new(),
        false => format!("<p class=quiet>{}</p>\n", sides.join("; ")),
    }
}

fn missing(report: &Report) -> String {
    let absent = report
        .not_measured()
        .into_iter()
        .map(|name| format!("not measured: {name}"));
    let all: Vec<_> = absent
        .chain(report.skipped.iter().map(|said| format!("skipped: {said}")))
        .collect();
    if all.is_empty() {
        return String::new();
    }
    let items: String = all
        .iter()
        .map(|said| format!("<li>{}</li>\n", escaped(said)))
        .collect();
    format!("<h2>Not measured</h2>\n<ul>\n{items}</ul>\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report::tests::example;

    #[test]
    fn the_page_is_one_file_without_scripts() {
        let page = page(&example(), Some(&example()));
        for outside in ["<script", "href", "src=", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("prefers-color-scheme: dark"));
        assert!(
            page.contains("A &amp; B &lt;processor&gt;"),
            "the machine's name is escaped"
        );
    }

    #[test]
    fn every_row_is_on_the_page() {
        let report = example();
        let page = page(&report, None);
        assert_eq!(page.matches("<section>").count(), report.rows.len());
        assert_eq!(page.matches("class='result missed'>missed<").count(), 1);
        assert!(page.contains("1 met, 1 missed"), "{page}");
        assert!(
            page.contains("<li>skipped: a thing: no tool</li>"),
            "{page}"
        );
        assert!(!page.contains("class=mark"), "{page}");
    }

    #[test]
    fn a_change_and_a_busy_machine_are_on_the_page() {
        let (mut now, mut before) = (example(), example());
        now.busy = true;
        before.rows[0].interval = [0.3, 0.4];
        let page = page(&now, Some(&before));
        assert!(page.contains("▼ better, it was 0.25"), "{page}");
        assert!(
            page.contains("class=mark>These figures do not count: BUSY"),
            "{page}"
        );
    }

    #[test]
    fn what_was_counted_stands_beside_the_times() {
        let mut row = example().rows.remove(0);
        assert_eq!(beside(&row), "");
        row.ours = row.ours.counted(Some(25.0), Some(53_200.0));
        assert_eq!(
            beside(&row),
            "<p class=quiet>rt0: 25 page faults, 53 thousand instructions</p>\n"
        );
    }
}

//! The run as a table for people, and what it comes to.

use super::format::{amount, figure, interval, target};
use super::report::Report;
use super::row::{Row, Verdict};
use super::trend::Trend;

const HEADS: [&str; 8] = [
    "row", "case", "rt0", "peer", "figure", "95 %", "target", "result",
];

/// Prints the table. With an earlier run, what has changed since is said too.
pub fn print(report: &Report, before: Option<&Report>) {
    let mut lines = vec![HEADS.map(str::to_owned)];
    lines.extend(report.rows.iter().map(|row| cells(row, before)));
    let widths: [usize; 8] = std::array::from_fn(|n| {
        lines
            .iter()
            .map(|line| line[n].chars().count())
            .max()
            .unwrap_or(0)
    });
    for line in &lines {
        let padded = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        println!("{}", padded.collect::<Vec<_>>().join("  ").trim_end());
    }
}

fn cells(row: &Row, before: Option<&Report>) -> [String; 8] {
    let theirs = row.theirs.as_ref();
    let mut result = row.verdict().word().to_owned();
    if let Some((trend @ (Trend::Better | Trend::Worse), Some(old))) =
        before.map(|before| Trend::of(row, before))
    {
        result += &format!(" ({}: it was {})", trend.word(), figure(row, old));
    }
    [
        row.id.clone(),
        row.case.clone(),
        amount(row.ours.median, &row.unit),
        theirs.map_or_else(String::new, |side| amount(side.median, &row.unit)),
        figure(row, row.figure),
        interval(row),
        target(row),
        result.trim().to_owned(),
    ]
}

/// The end of the output: which targets are missed, which could not be judged, what was skipped.
pub fn summary(report: &Report) -> String {
    let with = |verdict: Verdict| {
        report
            .rows
            .iter()
            .filter(move |row| row.verdict() == verdict)
    };
    let mut lines = vec![format!("targets met: {}", with(Verdict::Met).count())];
    for (verdict, said) in [
        (Verdict::Missed, "MISSED"),
        (
            Verdict::TooFew,
            "within its target, but measured too few times to count",
        ),
    ] {
        for row in with(verdict) {
            let high = figure(row, row.interval[1]);
            lines.push(format!(
                "{said}: {}: {high} at worst, target {}",
                row.name(),
                target(row)
            ));
        }
    }
    lines.extend(
        report
            .not_measured()
            .into_iter()
            .map(|name| format!("not measured: {name}")),
    );
    lines.extend(
        report
            .skipped
            .iter()
            .map(|skipped| format!("skipped: {skipped}")),
    );
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report::tests::example;

    #[test]
    fn the_summary_names_every_target_that_is_missed() {
        let said = summary(&example());
        assert!(said.starts_with("targets met: 1\n"), "{said}");
        let missed = "MISSED: load.total.vs-limit, 2 processors: 2.50 at worst, target ≤ 2.00";
        assert!(said.contains(missed), "{said}");
        assert!(
            said.contains("not measured: load.environment, 64 KB against 1 KB"),
            "{said}"
        );
        assert!(said.ends_with("skipped: a thing: no tool"), "{said}");
    }

    #[test]
    fn a_change_is_said_beside_the_result() {
        let (now, mut before) = (example(), example());
        let result = |before: &Report| cells(&now.rows[0], Some(before))[7].clone();
        assert_eq!(result(&before), "met");
        before.rows[0].interval = [0.3, 0.4];
        before.rows[0].figure = 0.35;
        assert_eq!(result(&before), "met (▼ better: it was 0.35)");
    }
}

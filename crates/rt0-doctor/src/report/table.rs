//! The table for a person.

use std::fmt::Write as _;

use super::Report;
use crate::check::{Finding, Outcome, Severity};
use crate::file::count;

pub(super) fn write(report: &Report) -> String {
    let width = report
        .checks
        .iter()
        .map(|finding| finding.id.len())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    let _ = writeln!(out, "{}", report.library);
    for call in &report.calls {
        let _ = writeln!(out, "  call  {call}");
    }
    out.push('\n');
    // What could not run because the library can't be loaded is one line, at the end.
    let (refused, mut rows): (Vec<&Finding>, Vec<&Finding>) = report
        .checks
        .iter()
        .partition(|finding| is_refused(report, finding));
    rows.sort_by_key(|finding| rank(finding));
    for finding in &rows {
        let _ = writeln!(
            out,
            "{:width$}  {:4}  {}",
            finding.id,
            word(finding),
            one_line(&finding.evidence)
        );
    }
    for finding in rows.iter().filter(|finding| wants_action(finding)) {
        explain(finding, &mut out);
    }
    if let Some(why) = &report.unloadable {
        let checks = count(refused.len(), "check", "checks");
        let _ = writeln!(out, "\n---- {}: {checks} could not run", one_line(why));
    }
    let _ = writeln!(out, "\n{}", sum(report));
    // Names in the file, and what the library printed, are not for the terminal to obey.
    out.chars().map(plain).collect()
}

fn plain(c: char) -> char {
    match c {
        '\n' => c,
        '\t' => ' ',
        c => rt0_abi::decode::shown(c),
    }
}

fn is_refused(report: &Report, finding: &Finding) -> bool {
    finding.outcome == Outcome::CouldNotRun && report.unloadable.as_ref() == Some(&finding.evidence)
}

fn rank(finding: &Finding) -> u8 {
    match word(finding) {
        "PASS" => 0,
        "SKIP" => 1,
        "WARN" => 2,
        "----" => 3,
        _ => 4,
    }
}

/// One word of four letters. A failure that does not count is a warning.
fn word(finding: &Finding) -> &'static str {
    match finding.outcome {
        _ if finding.is_failure() => "FAIL",
        Outcome::Fail if finding.severity == Severity::Warning => "WARN",
        Outcome::CouldNotRun => "----",
        outcome => outcome.word(),
    }
}

fn wants_action(finding: &Finding) -> bool {
    matches!(word(finding), "FAIL" | "----" | "WARN")
}

fn explain(finding: &Finding, out: &mut String) {
    let _ = writeln!(
        out,
        "\n{} {}: {}",
        word(finding),
        finding.id,
        one_line(&finding.evidence)
    );
    if finding.required && finding.outcome != Outcome::Fail {
        let _ = writeln!(
            out,
            "    it is required, and did not pass: {}",
            finding.outcome.word()
        );
    }
    let details: Vec<&str> = finding
        .details
        .iter()
        .flat_map(|details| details.lines())
        .collect();
    for line in details.iter().take(LINES) {
        let _ = writeln!(out, "    {line}");
    }
    if details.len() > LINES {
        let _ = writeln!(
            out,
            "    (and {} more lines: --json has them)",
            details.len() - LINES
        );
    }
    let _ = writeln!(out, "    again:   {}", finding.reproduce);
    let _ = writeln!(
        out,
        "    explain: cargo rt0 doctor --explain {}",
        finding.id
    );
}

/// How many lines of details are shown.
const LINES: usize = 60;

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

fn sum(report: &Report) -> String {
    let mut parts = Vec::new();
    for (which, name) in [
        ("PASS", "passed"),
        ("SKIP", "skipped"),
        ("WARN", "warned"),
        ("----", "could not run"),
        ("FAIL", "failed"),
    ] {
        let count = report
            .checks
            .iter()
            .filter(|finding| word(finding) == which)
            .count();
        if count > 0 || which == "FAIL" {
            parts.push(format!("{count} {name}"));
        }
    }
    format!(
        "{} in {:.1} s: {}",
        count(report.checks.len(), "check", "checks"),
        report.seconds,
        parts.join(", ")
    )
}

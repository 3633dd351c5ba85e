//! JUnit's XML, as CI systems read it.

use std::fmt::Write as _;

use super::Report;
use super::xml::escaped;
use crate::check::Outcome;

pub(super) fn write(report: &Report) -> String {
    let failures = report
        .checks
        .iter()
        .filter(|finding| finding.is_failure())
        .count();
    let skipped = report.count(Outcome::Skip);
    let is_error = |outcome| outcome == Outcome::CouldNotRun;
    let errors = report
        .checks
        .iter()
        .filter(|finding| is_error(finding.outcome) && !finding.is_failure())
        .count();
    let (tests, seconds) = (report.checks.len(), report.seconds);
    let counts = format!(
        "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"{seconds}\""
    );
    let name = escaped(&report.library);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"cargo rt0 doctor\" {counts}>");
    let _ = writeln!(out, "  <testsuite name=\"{name}\" {counts}>");
    for finding in &report.checks {
        let group = finding.id.split('-').next().unwrap_or_default();
        let _ = write!(
            out,
            "    <testcase classname=\"{group}\" name=\"{}\" time=\"{}\"",
            finding.id, finding.seconds
        );
        let evidence = escaped(&finding.evidence);
        let mut text = finding.details.clone().unwrap_or_default();
        let _ = write!(text, "\nagain: {}", finding.reproduce);
        let text = escaped(text.trim());
        let _ = match finding.outcome {
            _ if finding.is_failure() => {
                let word = finding.outcome.word();
                writeln!(
                    out,
                    "><failure type=\"{word}\" message=\"{evidence}\">{text}</failure></testcase>"
                )
            }
            Outcome::CouldNotRun => {
                writeln!(
                    out,
                    "><error type=\"COULD NOT RUN\" message=\"{evidence}\">{text}</error></testcase>"
                )
            }
            Outcome::Skip => writeln!(out, "><skipped message=\"{evidence}\"/></testcase>"),
            _ => writeln!(out, "><system-out>{evidence}</system-out></testcase>"),
        };
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

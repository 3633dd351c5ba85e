//! SARIF 2.1.0, as code hosting sites show it.

use serde_json::{Value, json};

use super::Report;
use crate::check::{Finding, Outcome, Severity};
use crate::checks;

pub(super) fn of(report: &Report) -> Value {
    let rules: Vec<Value> = checks::all()
        .filter(|check| report.checks.iter().any(|finding| finding.id == check.id))
        .map(|check| {
            json!({
                "id": check.id,
                "shortDescription": { "text": format!("{}.", check.title) },
                "help": { "text": check.page, "markdown": check.page },
                "defaultConfiguration": { "level": level(check.severity) },
                "properties": { "hazard": check.hazard },
            })
        })
        .collect();
    let results: Vec<Value> = report
        .checks
        .iter()
        .map(|finding| result(finding, &report.library))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo rt0 doctor",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "invocations": [{ "executionSuccessful": report.exit_code() != 2 }],
            "results": results,
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn result(finding: &Finding, library: &str) -> Value {
    let (kind, level) = match finding.outcome {
        Outcome::Pass => ("pass", "none"),
        Outcome::Skip if !finding.is_failure() => ("notApplicable", "none"),
        Outcome::CouldNotRun if !finding.is_failure() => ("open", "none"),
        Outcome::Warn if !finding.is_failure() => ("fail", "warning"),
        _ if finding.is_failure() => ("fail", "error"),
        _ => ("fail", level(finding.severity)),
    };
    let mut text = finding.evidence.clone();
    for more in finding
        .details
        .iter()
        .chain([&format!("Again: {}", finding.reproduce)])
    {
        text.push('\n');
        text.push_str(more);
    }
    let mut out = json!({
        "ruleId": finding.id,
        "kind": kind,
        "level": level,
        "message": { "text": text },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(library) } } }],
        "properties": { "seconds": finding.seconds, "runs": finding.runs },
    });
    if let Some(reason) = &finding.excluded {
        out["suppressions"] = json!([{ "kind": "external", "justification": reason }]);
    }
    out
}

/// The path as a URI.
fn uri(path: &str) -> String {
    let mut out = String::from("file://");
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' | b'+' => {
                out.push(byte as char);
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

use boon::{Compiler, Schemas};
use serde_json::Value;

use super::Report;
use crate::check::{Finding, Outcome, Severity};
use crate::plan::Plan;

fn finding(id: &'static str, outcome: Outcome, evidence: &str) -> Finding {
    Finding {
        id,
        hazard: "F1",
        severity: Severity::Error,
        outcome,
        evidence: evidence.to_owned(),
        details: None,
        seconds: 0.25,
        runs: 1,
        rounds: 1,
        least_rounds: 1,
        excluded: None,
        required: false,
        reproduce: format!("cargo rt0 doctor libx.so --only {id}"),
    }
}

/// One of each kind.
fn report() -> Report {
    let plan = Plan {
        library: "/a b/lib<x>.so".into(),
        ..Plan::default()
    };
    let mut warning = finding("elf-soname", Outcome::Fail, "it has no soname");
    warning.severity = Severity::Warning;
    let mut excluded = finding(
        "load-many",
        Outcome::Skip,
        "excluded: plugins are loaded once",
    );
    excluded.excluded = Some("plugins are loaded once".to_owned());
    let mut required = finding("fds-swept", Outcome::Skip, "it needs a call");
    required.required = true;
    let mut failed = finding("load-output", Outcome::Fail, "it prints \"<&\u{1b}\"");
    failed.details = Some("a stack\nof two lines".to_owned());
    let checks = vec![
        finding("elf-relro", Outcome::Pass, "all of them are"),
        warning,
        failed,
        finding("load-time", Outcome::Warn, "slow"),
        finding(
            "load-signals",
            Outcome::CouldNotRun,
            "the library can't be loaded",
        ),
        excluded,
        required,
    ];
    Report::new(&plan, checks, 1.5)
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let schema: Value =
        serde_json::from_str(include_str!("../../tests/sarif-schema-2.1.0.json")).unwrap();
    let mut compiler = Compiler::new();
    compiler.add_resource("sarif.json", schema).unwrap();
    let mut schemas = Schemas::new();
    let index = compiler.compile("sarif.json", &mut schemas).unwrap();
    let mut written: Value = serde_json::from_str(&report().to_sarif()).unwrap();
    if let Err(why) = schemas.validate(&written, index) {
        panic!("{why:#}");
    }
    // The schema can say no.
    written["runs"][0]["results"][0]["kind"] = "passed".into();
    assert!(schemas.validate(&written, index).is_err());
}

#[test]
fn sarif_tells_a_failure_from_a_warning_and_from_what_was_not_tried() {
    let written: Value = serde_json::from_str(&report().to_sarif()).unwrap();
    let results = written["runs"][0]["results"].as_array().unwrap();
    let kinds: Vec<_> = results
        .iter()
        .map(|result| {
            format!(
                "{} {} {}",
                result["ruleId"], result["kind"], result["level"]
            )
            .replace('"', "")
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "elf-relro pass none",
            "elf-soname fail warning",
            "load-output fail error",
            "load-time fail warning",
            "load-signals open none",
            "load-many notApplicable none",
            "fds-swept fail error",
        ]
    );
    let uri = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "file:///a%20b/lib%3Cx%3E.so");
    assert_eq!(
        results[5]["suppressions"][0]["justification"],
        "plugins are loaded once"
    );
}

#[test]
fn junit_has_what_xml_keeps_for_itself_escaped() {
    let text = report().to_junit();
    assert!(
        text.contains("tests=\"7\" failures=\"2\" errors=\"1\" skipped=\"2\""),
        "{text}"
    );
    assert!(text.contains("lib&lt;x&gt;.so"), "{text}");
    assert!(
        text.contains("it prints &quot;&lt;&amp;\u{fffd}&quot;"),
        "{text}"
    );
    assert!(
        text.contains("<failure type=\"SKIP\" message=\"it needs a call\">"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn json_has_the_fields_of_the_manual() {
    let written: Value = serde_json::from_str(&report().to_json()).unwrap();
    assert_eq!(written["library"], "/a b/lib<x>.so");
    let check = &written["checks"][4];
    assert_eq!(check["id"], "load-signals");
    assert_eq!(check["hazard"], "F1");
    assert_eq!(check["severity"], "error");
    assert_eq!(check["outcome"], "could-not-run");
    assert_eq!(check["evidence"], "the library can't be loaded");
    assert_eq!(check["seconds"], 0.25);
    assert_eq!(
        check["reproduce"],
        "cargo rt0 doctor libx.so --only load-signals"
    );
}

#[test]
fn failures_come_last_with_what_is_needed_to_act() {
    let text = report().to_text();
    let at = |what: &str| {
        text.find(what)
            .unwrap_or_else(|| panic!("{what} is missing:\n{text}"))
    };
    assert!(at("elf-relro     PASS") < at("load-many     SKIP"));
    assert!(at("load-many     SKIP") < at("elf-soname    WARN"));
    assert!(at("elf-soname    WARN") < at("load-signals  ----"));
    assert!(at("load-signals  ----") < at("load-output   FAIL"));
    assert!(at("fds-swept     FAIL") < at("    of two lines"));
    at("again:   cargo rt0 doctor libx.so --only load-output");
    at("it is required, and did not pass: SKIP");
    at("7 checks in 1.5 s: 1 passed, 1 skipped, 2 warned, 1 could not run, 2 failed");
}

#[test]
fn what_could_not_run_is_never_a_success() {
    let code = |keep: &[&str]| {
        let mut report = report();
        report.checks.retain(|finding| keep.contains(&finding.id));
        report.exit_code()
    };
    assert_eq!(
        code(&["elf-relro", "elf-soname", "load-time", "load-many"]),
        0
    );
    assert_eq!(code(&["elf-relro", "load-signals"]), 2);
    assert_eq!(code(&["load-signals", "load-output"]), 1);
    assert_eq!(code(&["fds-swept"]), 1);
}

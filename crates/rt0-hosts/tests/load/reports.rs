//! The time line in a report, and `RT0_TRACE`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rt0_hosts::fixture::fixture;
use rt0_hosts::require::{is_root, skipped};
use rt0_hosts::steps::{Said, load, opening};
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;
use serde_json::Value;

/// Every report that the steps have taken, of a library with this name.
fn reports(library: &str, said: &Said) -> Vec<Value> {
    let texts = said.all(&format!("{library}_report"));
    let read = |text: &str| serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    texts.into_iter().map(read).collect()
}

/// The steps of this kind in a report: each with its name, and when it began and ended.
fn of_kind(report: &Value, kind: &str) -> Vec<(String, u64, u64)> {
    let all = report["steps"].as_array().expect("a list");
    let these = all.iter().filter(|step| step["step"] == kind);
    these
        .map(|step| {
            let name = step["name"].as_str().unwrap_or_default().to_owned();
            let at = |key: &str| step[key].as_u64().expect("a time");
            assert!(step["thread"].as_u64().is_some_and(|thread| thread > 0));
            (name, at("begin_ns"), at("end_ns"))
        })
        .collect()
}

/// Whether the step of this kind was done by the process's first thread.
fn is_by_first_thread(report: &Value, kind: &str) -> bool {
    let all = report["steps"].as_array().expect("a list");
    let step = all.iter().find(|step| step["step"] == kind);
    let step = step.unwrap_or_else(|| panic!("no {kind}: {report}"));
    step["thread"] == report["pid"]
}

#[test]
fn every_mark_of_a_boot_is_there_and_in_order() {
    let library = fixture("probe").library();
    let said = load(
        &library,
        "call1 probe_wait -1 call probe_ping take probe_report probe_free",
    );
    let said = Said::of(&said.run());
    let report = &reports("probe", &said)[0];
    let marks = [
        "constructor",
        "thread",
        "barrier",
        "claimed",
        "runtime",
        "init",
        "ready",
        "called",
    ];
    let times = marks.map(|mark| {
        report["timeline_ns"][mark]
            .as_u64()
            .unwrap_or_else(|| panic!("no {mark}: {report}"))
    });
    assert!(times.is_sorted(), "{report}");
    let zero = report["timeline_zero_monotonic_ns"].as_u64();
    assert_eq!(zero, report["constructor_monotonic_ns"].as_u64());
    assert!(zero.is_some_and(|zero| zero > 0));
    assert_eq!(report["steps_left_out"], 0);
}

#[test]
fn each_call_that_waits_is_there_as_far_as_there_is_room() {
    let library = fixture("probe").library();
    let steps = "many 64 probe_boots take probe_report probe_free";
    let host = load(&library, steps).env("RT0_START", "lazy");
    let said = Said::of(&host.env("PROBE_BOOT", "sleep:200").run());
    let report = &reports("probe", &said)[0];
    let waits = of_kind(report, "wait");
    let left_out = report["steps_left_out"].as_u64().expect("a number") as usize;
    // Who comes late does not wait. The first one always does, for it begins the boot.
    assert!((1..=24).contains(&waits.len()), "{report}");
    assert!(waits.len() + left_out <= 64, "{report}");
    assert!(left_out == 0 || waits.len() == 24, "{report}");
    let ready = report["timeline_ns"]["ready"].as_u64();
    let ended: Vec<_> = waits.iter().map(|wait| Some(wait.2)).collect();
    assert!(ended.iter().all(|ended| *ended >= ready), "{report}");
}

#[test]
fn after_a_shutdown_its_steps_are_there_until_the_next_boot() {
    let library = fixture("probe").library();
    let steps = "call probe_ping call1 probe_shutdown 30000 take probe_report probe_free \
                 call probe_ping take probe_report probe_free";
    let said = Said::of(&load(&library, steps).run());
    let all = reports("probe", &said);
    let mut last = 0;
    for kind in [
        "calls-leave",
        "main-ends",
        "exit-hook",
        "runtime-ends",
        "state-drops",
    ] {
        let found = of_kind(&all[0], kind);
        assert_eq!(found.len(), 1, "{kind}: {}", all[0]);
        let (_, begun, ended) = found[0];
        assert!(last <= begun && begun <= ended, "{kind}: {}", all[0]);
        assert!(is_by_first_thread(&all[0], kind), "{kind}: {}", all[0]);
        last = ended;
        assert!(of_kind(&all[1], kind).is_empty(), "{kind}: {}", all[1]);
    }
}

#[test]
fn the_spans_of_init_are_there_and_those_of_calls_are_not() {
    for (name, steps) in [
        (
            "herald",
            "call1 herald_wait -1 fails herald_every_level herald_free take herald_report herald_free",
        ),
        (
            "chorus",
            "call1 chorus_wait -1 call chorus_own take chorus_report chorus_free",
        ),
    ] {
        let said = Said::of(&load(&fixture(name).library(), steps).run());
        let report = &reports(name, &said)[0];
        let spans = of_kind(report, "span");
        let names: Vec<_> = spans.iter().map(|span| span.0.as_str()).collect();
        assert_eq!(names, ["starting"], "{report}");
        let at = |mark: &str| report["timeline_ns"][mark].as_u64().expect("a time");
        assert!(
            at("runtime") <= spans[0].1 && spans[0].2 <= at("init"),
            "{report}"
        );
    }
}

/// The lines that a library has written into the file: what each is about, and the report.
fn lines(text: &str) -> Vec<(String, Value)> {
    let read = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let when = line["when"].as_str().expect("a word").to_owned();
        (when, line["report"].clone())
    };
    text.lines().map(read).collect()
}

const WHOLE_LIFE: &str = "call1 probe_wait -1 call1 probe_shutdown 30000 call1 probe_wait -1";

#[test]
fn a_file_that_is_named_gets_a_line_for_each_boot_each_shutdown_and_the_exit() {
    let dir = Temporary::new("trace");
    let file = dir.path().join("lines");
    fs::write(&file, "").expect("it is ours");
    let host = load(&fixture("probe").library(), WHOLE_LIFE).env("RT0_TRACE", &file);
    Said::of(&host.run());
    let lines = lines(&fs::read_to_string(&file).expect("it is there"));
    let about: Vec<_> = lines.iter().map(|line| line.0.as_str()).collect();
    assert_eq!(about, ["booted", "shut-down", "booted", "exit"]);
    assert!(lines[0].1["timeline_ns"]["ready"].is_u64());
    assert_eq!(of_kind(&lines[1].1, "state-drops").len(), 1);
    assert_eq!(lines[2].1["generation"], 2);
    let exit = &lines[3].1;
    assert_eq!(of_kind(exit, "process-exit").len(), 1, "{exit}");
    assert_eq!(of_kind(exit, "state-drops").len(), 1, "{exit}");
    assert!(is_by_first_thread(exit, "process-exit"), "{exit}");
    assert!(!is_by_first_thread(exit, "state-drops"), "{exit}");
}

#[test]
fn a_boot_that_fails_says_so_there() {
    let dir = Temporary::new("trace");
    let file = dir.path().join("lines");
    fs::write(&file, "").expect("it is ours");
    let host = load(&fixture("probe").library(), "call1 probe_wait -1");
    let host = host.env("PROBE_BOOT", "error:no disk");
    Said::of(&host.env("RT0_TRACE", &file).run());
    let lines = lines(&fs::read_to_string(&file).expect("it is there"));
    assert_eq!(lines[0].0, "booted");
    let report = &lines[0].1;
    // The process may be exiting by then.
    assert!(report["state"] == "FAILED" || report["state"] == "STOPPING");
    assert!(
        report["error"]
            .as_str()
            .is_some_and(|text| text.contains("no disk"))
    );
}

#[test]
fn no_file_is_made_and_what_is_no_file_is_left_alone() {
    let dir = Temporary::new("trace");
    let (missing, pipe) = (dir.path().join("missing"), dir.path().join("pipe"));
    let mkfifo = Host::new("mkfifo").arg(&pipe).run();
    mkfifo.ok();
    for path in [&missing, &pipe] {
        let host = load(&fixture("probe").library(), WHOLE_LIFE).env("RT0_TRACE", path);
        Said::of(&host.run());
    }
    assert!(!missing.exists());
}

#[test]
fn a_setuid_host_writes_nothing() {
    let name = "a_setuid_host_writes_nothing";
    if !is_root() {
        return skipped(name, "only root can give a program away");
    }
    let dir = Temporary::new("setuid-trace");
    let host = dir.copy(opening());
    let library = dir.copy(fixture("probe").library());
    let file = dir.path().join("lines");
    fs::write(&file, "").expect("it is ours");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).expect("it is ours");
    let words = format!("secure load {} call1 probe_wait -1", library.display());
    let written = |mode| {
        fs::set_permissions(&host, fs::Permissions::from_mode(mode)).expect("it is ours");
        let host = Host::new(&host).args(words.split(" ")).user(65534);
        let said = Said::of(&host.env("RT0_TRACE", &file).run());
        let text = fs::read_to_string(&file).expect("it is there");
        fs::write(&file, "").expect("it is ours");
        (said.one("secure").to_owned(), lines(&text).len())
    };
    assert_eq!(written(0o755), ("0".to_owned(), 2));
    match written(0o4755) {
        (secure, _) if secure == "0" => {
            skipped(name, "the temporary directory is mounted nosuid");
        }
        (_, count) => assert_eq!(count, 0),
    }
}

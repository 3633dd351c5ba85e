//! Go's bindings: right, on every thread, and at the end of the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use cargo_rt0::bindings::Lang;
use rt0_hosts::fixture::{Fixture, fixture};
use rt0_hosts::go::{self, go};
use rt0_hosts::package::without::limit;
use rt0_hosts::package::written;
use rt0_hosts::require::skipped;
use rt0_hosts::soak::runs;
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{scratch, source, workspace};

use crate::go_calls;
use crate::package::{CONFORM, cases, conform};

/// A soak makes a million calls; the first compilation makes Go's own library, too.
const LIMIT: Duration = Duration::from_secs(1200);

fn has_go(test: &str) -> Option<PathBuf> {
    let go = named_target().is_empty().then(go).flatten();
    if go.is_none() {
        skipped(test, "it needs Go 1.22 or later, and no other target");
    }
    go
}

fn put(path: &Path, text: &str) {
    fs::write(path, text).expect("the target directory can be written");
}

/// Changes a text of a package's.
fn change(dir: &Path, file: &str, from: &str, to: &str) {
    let path = dir.join(file);
    let text = fs::read_to_string(&path).expect("it was written");
    assert!(text.contains(from), "{from}");
    put(&path, &text.replace(from, to));
}

/// A program of these sources that uses this package: a module of its own.
fn built(go: &Path, name: &str, sources: &Path, package: (&str, &Path), calls: &str) -> PathBuf {
    let dir = scratch().join("bindings/go").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("the target directory can be written");
    for entry in sources.read_dir().expect("a folder of ours") {
        let path = entry.expect("a folder of ours").path();
        if path.extension().is_some_and(|end| end == "go") {
            fs::copy(&path, dir.join(path.file_name().expect("a file"))).expect("it was written");
        }
    }
    if !calls.is_empty() {
        put(&dir.join("calls.go"), calls);
    }
    let (module, folder) = package;
    let folder = folder.to_str().expect("a path of ours");
    put(
        &dir.join("go.mod"),
        &format!(
            "module host\n\ngo 1.22\n\nrequire {module} v0.0.0\n\nreplace {module} => {folder}\n"
        ),
    );
    go::host(go, go)
        .args(["build", "-o", "host", "."])
        .dir(&dir)
        .limit(LIMIT)
        .run()
        .succeeds();
    dir.join("host")
}

/// The package, with a small queue, so that calls wait for their turn; and the program that makes the calls.
fn conform_host(go: &Path, library: &Fixture) -> (PathBuf, PathBuf) {
    static MADE: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    let make = || {
        let dir = written(&library.library(), Lang::Go, CONFORM, false);
        change(&dir, "ops.go", "const limit = 16384", "const limit = 16");
        let calls = go_calls::all(&conform());
        let host = built(go, CONFORM, &source("bindings/go"), (CONFORM, &dir), &calls);
        (dir, host)
    };
    MADE.get_or_init(make).clone()
}

fn host(test: &str) -> Option<Host> {
    let go = has_go(test)?;
    let library = fixture(CONFORM);
    let (_, program) = conform_host(&go, &library);
    let host = Host::new(program).arg(cases()).limit(limit(LIMIT));
    Some(host.env("CONFORM_LIBRARY", library.library()))
}

#[track_caller]
fn right(test: &str, words: &[&str]) {
    if let Some(host) = host(test) {
        let said = host.args(words).run().ok();
        assert!(said.ends_with("right\n"), "{said}");
    }
}

hosts! {
    every_case_is_right: "cases";
    every_case_is_right_in_eight_threads: "threads";
    calls_leave_nothing: "leak", &runs(20_000, 1_000_000).to_string();
    /// Cancelled: before they begin, while they wait for their turn, and under way.
    async_calls_are_right_though_a_third_is_cancelled: "async", &runs(200, 10_000).to_string();
    a_handle_is_closed_once: "handles";
    what_a_callback_panics_with_is_the_calls: "callbacks";
    a_callback_that_is_called_too_late_is_reported: "late";
    a_function_that_is_passed_again_after_a_shutdown_stays: "passedAgain";
    a_context_ends_a_call_and_leaves_no_goroutine: "contexts";
    a_shutdown_ends_async_calls_and_the_next_begin_again: "shutdown";
    a_call_while_a_shutdown_is_held_up_gets_its_answer: "held_up";
    calls_go_on_over_shutdowns: "meanwhile", &runs(200, 5_000).to_string();
}

#[test]
fn a_program_ends_while_threads_call_back() {
    for _ in 0..runs(5, 200) {
        if let Some(host) = host("a_program_ends_while_threads_call_back") {
            host.arg("exit").run().exits(7);
        }
    }
}

/// Where there is no C compiler Go leaves cgo out by itself: what it says then names that, and no function of the package.
#[test]
fn a_compiler_without_cgo_says_what_is_missing() {
    let Some(go) = has_go("a_compiler_without_cgo_says_what_is_missing") else {
        return;
    };
    let (dir, _) = conform_host(&go, &fixture(CONFORM));
    let ran = go::host(&go, &go)
        .args(["build", "."])
        .env("CGO_ENABLED", "0")
        .dir(&dir)
        .limit(LIMIT)
        .run();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        !ran.status.success()
            && said.contains("this_package_needs_cgo")
            && said.matches("undefined: ").count() == 1,
        "{said}"
    );
}

/// A module that uses the package by its folder. The library is a part of the program, which needs nothing besides.
#[test]
fn a_program_has_the_library_inside_and_hears_of_events() {
    let Some(go) = has_go("a_program_has_the_library_inside_and_hears_of_events") else {
        return;
    };
    let dir = written(&fixture("herald").library(), Lang::Go, "herald", true);
    let sources = source("bindings/go_events");
    let program = built(&go, "herald", &sources, ("herald", &dir), "");
    let alone = program.with_file_name("alone");
    fs::create_dir_all(&alone).expect("the target directory can be written");
    let program_alone = alone.join("program");
    fs::rename(program, &program_alone).expect("the target directory can be written");
    let host = || Host::new(&program_alone).dir(&alone).limit(LIMIT);
    assert_eq!(host().env("TMPDIR", &alone).run().ok(), "right\n");
    let left = alone.read_dir().expect("it was made").count();
    assert_eq!(left, 1, "a file is left behind");
    let said = host().env("TMPDIR", "/nowhere").run().ok();
    assert!(said.contains("there is no place for the library"), "{said}");
}

#[test]
fn a_library_that_does_not_fit_is_a_sentence() {
    let Some(go) = has_go("a_library_that_does_not_fit_is_a_sentence") else {
        return;
    };
    let herald = fixture("herald").library();
    let sources = source("bindings/go_events");
    let program = |name: &str, changes: &[(&str, &str, &str)]| {
        let dir = written(&herald, Lang::Go, name, false);
        for (file, from, to) in changes {
            change(&dir, file, from, to);
        }
        built(&go, name, &sources, ("herald", &dir), "")
    };
    let said = |program: &Path, library: &str| {
        let host = Host::new(program).env("HERALD_LIBRARY", library);
        host.limit(LIMIT).run().ok()
    };
    let usual = program("usual", &[]);
    for (library, sentence) in [
        (
            "",
            "there is no libherald.so inside the program, none beside it, HERALD_LIBRARY is not set",
        ),
        (
            "/nowhere/libherald.so",
            "that HERALD_LIBRARY names can't be loaded",
        ),
        (&fixture("probe").library(), "is another library"),
        (&herald, "right\n"),
    ] {
        let given = said(&usual, library);
        assert!(given.contains(sentence), "{given}");
    }
    // Beside the program comes first.
    let beside = usual.with_file_name("libherald.so");
    fs::copy(&herald, &beside).expect("the target directory can be written");
    assert_eq!(said(&usual, "/nowhere/libherald.so"), "right\n");
    let other_abi = [
        ("bridge.c", "version() != 2", "version() != 99"),
        (
            "library.go",
            "this package is for 2",
            "this package is for 99",
        ),
    ];
    let given = said(&program("other-abi", &other_abi), &herald);
    assert!(
        given.contains("has ABI version 2, and this package is for 99"),
        "{given}"
    );
    let other = [(
        "bridge.c",
        "{\"herald_every_level\"",
        "{\"herald_no_level\"",
    )];
    let given = said(&program("other-version", &other), &herald);
    assert!(
        given.contains("has no herald_no_level: it is another version"),
        "{given}"
    );
}

/// gofmt and vet, which come with Go, and staticcheck.
#[test]
fn gos_own_checks_have_nothing_to_say() {
    const TEST: &str = "gos_own_checks_have_nothing_to_say";
    let Some(go) = has_go(TEST) else {
        return;
    };
    let (package, _) = conform_host(&go, &fixture(CONFORM));
    let herald = written(&fixture("herald").library(), Lang::Go, "checked", true);
    let gofmt = go::gofmt(&go);
    let staticcheck = go::tool("staticcheck");
    if staticcheck.is_none() {
        skipped(
            TEST,
            "it needs staticcheck for a part; ci/setup.sh installs it",
        );
    }
    for dir in [&package, &herald] {
        let run = |program: &Path, args: &[&str]| {
            let host = go::host(program, &go).args(args).dir(dir).limit(LIMIT);
            let ran = host.run();
            let said = [&*ran.stdout, &*ran.stderr].concat();
            assert!(ran.status.success() && said.is_empty(), "{ran}");
        };
        run(&gofmt, &["-l", "."]);
        run(&go, &["vet", "."]);
        if let Some(staticcheck) = &staticcheck {
            run(staticcheck, &["."]);
        }
    }
}

/// Libraries with everything that a name or a text can do to code: the golden files of the generator.
#[test]
fn golden_files_are_go() {
    let Some(go) = has_go("golden_files_are_go") else {
        return;
    };
    for library in ["everything", "asynchronous"] {
        let golden = workspace().join("crates/cargo-rt0/src/bindings/golden");
        let dir = golden.join(library).join("go");
        let vet = go::host(&go, &go).args(["vet", "."]).dir(&dir);
        vet.limit(LIMIT).run().succeeds();
        let ran = go::host(&go::gofmt(&go), &go)
            .args(["-l", "."])
            .dir(&dir)
            .limit(LIMIT)
            .run();
        assert_eq!(ran.ok(), "", "gofmt would change them");
    }
}

/// The host of `examples/search`, on that example's own sources.
#[test]
fn the_examples_host_finds_words_and_lines() {
    let Some(go) = has_go("the_examples_host_finds_words_and_lines") else {
        return;
    };
    let search = fixture("search");
    let dir = written(&search.library(), Lang::Go, "search", false);
    let example = workspace().join("examples/search");
    let sources = example.join("hosts/go");
    let program = built(&go, "search", &sources, ("search", &dir), "");
    let said = Host::new(program)
        .args(["tokio", "AND AND"])
        .env("SEARCH_DIR", example.join("src"))
        .env("SEARCH_LIBRARY", search.library())
        .limit(LIMIT)
        .run()
        .ok();
    assert!(said.contains("go: tokio: "), "{said}");
    assert!(said.contains("go: AND AND: "), "{said}");
    assert!(
        !said.contains(" 0 hits") && said.contains(" lines with 'tokio', in "),
        "{said}"
    );
}

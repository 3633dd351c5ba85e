//! C++'s bindings: right, in every thread, and at the end of the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use cargo_rt0::bindings::Lang;
use rt0_hosts::fixture::{Fixture, fixture};
use rt0_hosts::package::without::limit;
use rt0_hosts::package::written;
use rt0_hosts::require::skipped;
use rt0_hosts::soak::runs;
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{cc, source, workspace};

use crate::cpp_cases;
use crate::package::{CONFORM, cases, conform, is_there};

/// A soak makes a million calls; a compiler takes its time.
const LIMIT: Duration = Duration::from_secs(600);

const WARNINGS: [&str; 2] = ["-Wpedantic", "-pthread"];

fn library(test: &str) -> Option<Fixture> {
    let here = named_target().is_empty();
    if !here {
        skipped(test, "it is not for other targets");
    }
    here.then(|| fixture(CONFORM))
}

/// The package, with the cases beside it.
fn package(library: &Fixture) -> PathBuf {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    let write = || {
        let dir = written(&library.library(), Lang::Cpp, "conform", false);
        let text = fs::read_to_string(cases()).expect("it is committed");
        let all = serde_json::from_str(&text).expect("JSON");
        let text = cpp_cases::all(&conform(), &all);
        fs::write(dir.join("cases.hpp"), text).expect("it was written");
        dir
    };
    DIR.get_or_init(write).clone()
}

/// A host over a package.
fn compiled(library: &Fixture, dir: &Path, name: &str, more: &[&str]) -> PathBuf {
    let dir = dir.to_str().expect("a path of ours");
    let (include, own) = (format!("-I{dir}/include"), format!("-I{dir}"));
    let linked = library.linked();
    let linked = linked.each_ref().map(String::as_str);
    let args = [&[&*include, &*own], &WARNINGS[..], more, &linked].concat();
    cc::cpp(name, &args)
}

/// Small queues, so that calls wait for their turn; neither optimisations nor lines, which take as long as the rest.
const USUAL: [&str; 3] = ["-O0", "-g0", "-DCONFORM_QUEUE_LIMIT=16"];

#[track_caller]
fn right(test: &str, words: &[&str]) {
    if let Some(library) = library(test) {
        let program = compiled(
            &library,
            &package(&library),
            "bindings/conform_host.cpp",
            &USUAL,
        );
        let said = Host::new(program)
            .args(words)
            .limit(limit(LIMIT))
            .run()
            .ok();
        assert!(said.ends_with("right\n"), "{said}");
    }
}

hosts! {
    every_case_is_right: "cases";
    every_case_is_right_in_eight_threads: "threads";
    calls_leave_nothing: "leak", &runs(20_000, 1_000_000).to_string();
    /// A third is cancelled, at once, from other threads or from another call's end. All wait for their turn.
    async_calls_are_right_though_a_third_is_cancelled: "async", &runs(100, 10_000).to_string();
    a_handle_moves_and_is_closed_once: "handles";
    any_callable_is_a_callback: "callbacks";
    a_shutdown_ends_async_calls_and_the_next_begin_again: "shutdown";
    a_shutdown_comes_back_though_threads_make_calls: "meanwhile", &runs(20, 500).to_string();
    a_call_while_a_shutdown_is_held_up_gets_its_answer: "held_up";
    a_call_that_finds_its_queue_closed_begins_on_the_next: "begins_late";
    a_call_finds_the_room_of_one_that_has_failed: "finds_room";
    a_time_is_what_it_says: "times";
    a_child_of_fork_has_a_queue_of_its_own: "fork";
}

#[test]
fn a_program_ends_while_threads_call_back() {
    let Some(library) = library("a_program_ends_while_threads_call_back") else {
        return;
    };
    let program = compiled(
        &library,
        &package(&library),
        "bindings/conform_host.cpp",
        &USUAL,
    );
    for word in ["exit", "exit_again", "exit_meanwhile"] {
        for _ in 0..runs(5, 200) {
            let host = Host::new(&program).arg(word).limit(limit(LIMIT));
            host.run().exits(7);
        }
    }
}

#[test]
fn statics_live_longer_than_what_waits_for_calls() {
    let Some(library) = library("statics_live_longer_than_what_waits_for_calls") else {
        return;
    };
    let program = compiled(
        &library,
        &package(&library),
        "bindings/conform_host.cpp",
        &USUAL,
    );
    let ran = Host::new(&program)
        .arg("exit_inside")
        .limit(limit(LIMIT))
        .run();
    assert_eq!(ran.exits(7), "");
}

/// With a library of the sanitizer's, where the compiler has one: what goes in and out is used as long as it is there.
#[test]
fn memory_is_used_as_long_as_it_is_there() {
    const TEST: &str = "memory_is_used_as_long_as_it_is_there";
    let Some(library) = library(TEST) else {
        return;
    };
    let compiler = rt0_cc::Compiler::cpp();
    let asked = Host::new(compiler.program())
        .args(compiler.first())
        .arg("-print-file-name=libasan.so");
    if !asked.run().ok().starts_with('/') {
        return skipped(TEST, "the C++ compiler has no libasan.so");
    }
    let more = [
        "-O0",
        "-DCONFORM_QUEUE_LIMIT=16",
        "-DWITHOUT_CASES",
        "-fsanitize=address",
    ];
    let program = compiled(
        &library,
        &package(&library),
        "bindings/conform_host.cpp",
        &more,
    );
    for words in [
        &["leak", "2000"][..],
        &["async", "100"],
        &["handles"],
        &["callbacks"],
        &["shutdown"],
    ] {
        let said = Host::new(&program)
            .args(words)
            .limit(limit(LIMIT))
            .run()
            .ok();
        assert_eq!(said, "right\n");
    }
}

/// A project of CMake's that uses the package: as a folder of its own, found where it lies, and found where it was
/// installed.
#[test]
fn cmake_finds_the_package_in_every_way() {
    const TEST: &str = "cmake_finds_the_package_in_every_way";
    let Some(library) = library(TEST) else {
        return;
    };
    let cmake = |args: &[&str]| Host::new("cmake").args(args).limit(limit(LIMIT));
    if !is_there("cmake") {
        return skipped(TEST, "it needs cmake");
    }
    let dir = written(&library.library(), Lang::Cpp, "cmake", true);
    let package = dir.to_str().expect("a path of ours");
    let work = dir.with_file_name("work");
    let _ = fs::remove_dir_all(&work);
    fs::create_dir_all(&work).expect("the target directory can be written");
    let path = |name: &str| work.join(name).to_str().expect("a path of ours").to_owned();
    let installed = path("installed");
    cmake(&["-S", package, "-B", &path("own")]).run().succeeds();
    cmake(&["--install", &path("own"), "--prefix", &installed])
        .run()
        .succeeds();
    let host = source("bindings/cmake");
    let host = host.to_str().expect("a path of ours");
    for (name, how) in [
        ("folder", format!("-DCONFORM_FOLDER={package}")),
        ("found", format!("-DCMAKE_PREFIX_PATH={package}")),
        ("used", format!("-DCMAKE_PREFIX_PATH={installed}")),
    ] {
        let build = path(name);
        cmake(&["-S", host, "-B", &build, &how]).run().succeeds();
        cmake(&["--build", &build]).run().succeeds();
        let said = Host::new(work.join(name).join("host"))
            .limit(limit(LIMIT))
            .run();
        assert_eq!(said.ok(), "3\n", "{name}");
    }
    // Without the library's file it says what to do.
    fs::remove_file(dir.join("lib/libconform.so")).expect("it was written");
    let how = format!("-DCONFORM_FOLDER={package}");
    let ran = cmake(&["-S", host, "-B", &path("none"), &how]).run();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        !ran.status.success() && said.contains("Set CONFORM_LIBRARY"),
        "{said}"
    );
    let how = [how, format!("-DCONFORM_LIBRARY={}", library.library())];
    cmake(&["-S", host, "-B", &path("named"), &how[0], &how[1]])
        .run()
        .succeeds();
}

/// The same header in C++20, without exceptions, gives results.
#[test]
fn without_exceptions_calls_give_results() {
    let Some(library) = library("without_exceptions_calls_give_results") else {
        return;
    };
    let more = ["-O0", "-std=c++20", "-fno-exceptions"];
    let program = compiled(
        &library,
        &package(&library),
        "bindings/returning_host.cpp",
        &more,
    );
    let said = Host::new(program).limit(limit(LIMIT)).run().ok();
    assert_eq!(said, "right\n");
}

/// Libraries with everything that a name or a text can do to code: the golden files of the generator, in both forms.
#[test]
fn golden_files_are_cpp() {
    if library("golden_files_are_cpp").is_none() {
        return;
    }
    let compiler = rt0_cc::Compiler::cpp();
    for library in ["everything", "asynchronous"] {
        let golden = workspace().join("crates/cargo-rt0/src/bindings/golden");
        for form in ["-fexceptions", "-fno-exceptions"] {
            let ran = Host::new(compiler.program())
                .args(compiler.first())
                .args(["-std=c++17", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
                .args([form, "-fsyntax-only", "-x", "c++", "-include", "xample.hpp"])
                .arg("-I")
                .arg(golden.join(library).join("cpp/include"))
                .arg("/dev/null")
                .limit(limit(LIMIT))
                .run();
            ran.succeeds();
        }
    }
}

/// The host of `examples/search`, on that example's own sources.
#[test]
fn the_examples_host_finds_words_and_lines() {
    if library("the_examples_host_finds_words_and_lines").is_none() {
        return;
    }
    let search = fixture("search");
    let dir = written(&search.library(), Lang::Cpp, "search", false);
    let example = workspace().join("examples/search");
    let host = example.join("hosts/cpp/host.cpp");
    let host = host.to_str().expect("a path of ours");
    let program = compiled(&search, &dir, host, &["-O0"]);
    let said = Host::new(program)
        .args(["tokio", "AND AND"])
        .env("SEARCH_DIR", example.join("src"))
        .limit(limit(LIMIT))
        .run()
        .ok();
    assert!(said.contains("c++: tokio: "), "{said}");
    assert!(said.contains("c++: AND AND: "), "{said}");
    assert!(
        !said.contains(" 0 hits") && said.contains(" lines with 'tokio', in "),
        "{said}"
    );
}

#[test]
fn a_function_hears_of_events() {
    if library("a_function_hears_of_events").is_none() {
        return;
    }
    let herald = fixture("herald");
    let dir = written(&herald.library(), Lang::Cpp, "herald", false);
    let program = compiled(&herald, &dir, "bindings/events.cpp", &["-O0"]);
    let said = Host::new(program).limit(limit(LIMIT)).run().ok();
    assert_eq!(said, "right\n");
}

/// A package in which these texts of these files are others.
fn changed(library: &Fixture, name: &str, changes: &[(&str, &str, &str)]) -> PathBuf {
    let dir = written(&library.library(), Lang::Cpp, name, false);
    for (file, from, to) in changes {
        let path = dir.join("include/conform").join(file);
        let text = fs::read_to_string(&path).expect("it was written");
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replace(from, to)).expect("it was written");
    }
    dir
}

const OLD: &str = "CONFORM_ABI_VERSION 2\n";

#[test]
fn a_library_of_another_abi_is_a_sentence() {
    let Some(library) = library("a_library_of_another_abi_is_a_sentence") else {
        return;
    };
    let both = [
        ("conform.h", OLD, "CONFORM_ABI_VERSION 99\n"),
        (
            "call.hpp",
            "CONFORM_ABI_VERSION == 2",
            "CONFORM_ABI_VERSION == 99",
        ),
        ("call.hpp", "are for 2:", "are for 99:"),
    ];
    let dir = changed(&library, "other-abi", &both);
    let more = ["-O0", "-DWITHOUT_CASES"];
    let program = compiled(&library, &dir, "bindings/conform_host.cpp", &more);
    let said = Host::new(program)
        .arg("other")
        .limit(limit(LIMIT))
        .run()
        .ok();
    assert!(
        said.contains("has ABI version 2, and these bindings are for 99: write them again"),
        "{said}"
    );
}

/// An older standard is the first thing that the compiler complains of.
#[test]
fn an_older_standard_is_a_sentence_of_the_compiler() {
    let Some(library) = library("an_older_standard_is_a_sentence_of_the_compiler") else {
        return;
    };
    let dir = changed(&library, "older-standard", &[]);
    let compiler = rt0_cc::Compiler::cpp();
    let ran = Host::new(compiler.program())
        .args(compiler.first())
        .args(["-std=c++14", "-fsyntax-only", "-I"])
        .arg(dir.join("include"))
        .arg(source("bindings/returning_host.cpp"))
        .limit(limit(LIMIT))
        .run();
    let said = String::from_utf8_lossy(&ran.stderr);
    let first = said
        .lines()
        .find(|line| line.contains("error"))
        .unwrap_or_default();
    assert!(
        !ran.status.success() && first.contains("conform.hpp needs C++17 or later"),
        "{said}"
    );
}

#[test]
fn a_header_of_another_abi_is_a_sentence_of_the_compiler() {
    let Some(library) = library("a_header_of_another_abi_is_a_sentence_of_the_compiler") else {
        return;
    };
    let dir = changed(
        &library,
        "other-header",
        &[("conform.h", OLD, "CONFORM_ABI_VERSION 1\n")],
    );
    let compiler = rt0_cc::Compiler::cpp();
    let ran = Host::new(compiler.program())
        .args(compiler.first())
        .args(["-std=c++17", "-fsyntax-only", "-I"])
        .arg(dir.join("include"))
        .arg(source("bindings/returning_host.cpp"))
        .limit(limit(LIMIT))
        .run();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        !ran.status.success() && said.contains("conform.h is not the header of these bindings"),
        "{said}"
    );
}

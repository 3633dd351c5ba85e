//! TypeScript's bindings: right, in every thread of node's, and at the ends of node and of its workers.

use std::fs;
use std::os::unix::fs::symlink;
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
use rt0_hosts::{Ran, node, npm_packages, source, workspace};

use crate::package::{CONFORM, cases, conform};
use crate::typescript_types::example_host;

/// Far longer than necessary: a million calls take two minutes, and ten on a busy machine.
const LIMIT: Duration = Duration::from_secs(1800);

/// What these tests need besides a C compiler.
pub const NEEDS: &str = "it needs node 20, npm, koffi and tsc (ci/setup.sh), and no other target";

/// node, and the npm packages.
pub fn tools() -> Option<(PathBuf, PathBuf)> {
    let tools = || Some((node()?, npm_packages("bindings", "koffi")?));
    named_target().is_empty().then(tools).flatten()
}

/// A package, and the npm packages where it finds them.
pub fn placed(library: &str, name: &str, bundle: bool, packages: &Path) -> PathBuf {
    let dir = written(library, Lang::TypeScript, name, bundle);
    let beside = dir.join("../node_modules");
    if !beside.exists() {
        symlink(packages.join("node_modules"), beside)
            .expect("the target directory can be written");
    }
    dir
}

/// The package, and the library that it is for.
struct Made {
    node: PathBuf,
    packages: PathBuf,
    dir: PathBuf,
    library: Fixture,
}

fn made(test: &str) -> Option<Made> {
    let Some((node, packages)) = tools() else {
        skipped(test, NEEDS);
        return None;
    };
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    let library = fixture(CONFORM);
    let write = || {
        let dir = placed(&library.library(), "conform", false, &packages);
        let model = serde_json::to_string(&conform()).expect("it has no cycles");
        fs::write(dir.join("../model.json"), model).expect("the target directory can be written");
        dir
    };
    let dir = DIR.get_or_init(write).clone();
    Some(Made {
        node,
        packages,
        dir,
        library,
    })
}

impl Made {
    fn host(&self, words: &[&str]) -> Host {
        self.host_of(&self.dir)
            .env("CONFORM_LIBRARY", self.library.library())
            .args(words)
    }

    fn host_of(&self, package: &Path) -> Host {
        Host::new(&self.node)
            // The tests hear of warnings by an event.
            .args(["--expose-gc", "--no-warnings"])
            .arg(source("bindings").join("conform_host.mjs"))
            .arg(package)
            .arg(self.dir.join("../model.json"))
            .arg(cases())
            .limit(limit(LIMIT))
    }
}

#[track_caller]
fn right(test: &str, words: &[&str]) {
    if let Some(made) = made(test) {
        let said = made.host(words).run().ok();
        assert!(said.ends_with("right\n"), "{said}");
    }
}

hosts! {
    every_case_is_right: "cases";
    every_case_is_right_in_eight_threads: "threads";
    calls_leave_nothing: "leak", &runs(5_000, 1_000_000).to_string();
    /// Cancelled: before they begin, while they wait for a place in the queue, and under way.
    async_calls_are_right_though_a_third_is_cancelled: "async", &runs(100, 10_000).to_string();
    /// More at once than a queue takes.
    async_calls_wait_for_their_turn: "async", "3000";
    a_call_while_a_shutdown_is_held_up_gets_its_answer: "held_up";
    calls_go_on_over_shutdowns: "meanwhile", &runs(200, 5_000).to_string();
    a_call_that_waits_for_its_turn_keeps_node_alive: "turn";
    a_shutdown_runs_functions_of_all_helpers: "stops_inside";
    a_call_that_fails_at_its_turn_gives_it_to_the_next: "turns";
    a_loop_that_can_not_watch_has_a_thread: "thread_ops", &runs(100, 10_000).to_string();
    a_callback_that_is_called_too_late_is_reported: "late";
    a_kept_function_is_called_until_the_shutdown: "kept";
}

/// By `process.exit`, by the end of what there is to do, inside a callback, and by an exception.
#[test]
fn node_ends_while_threads_call_back() {
    let Some(made) = made("node_ends_while_threads_call_back") else {
        return;
    };
    for time in 0..runs(5, 200) {
        let how = ["exit", "end", "inside", "throw"][time as usize % 4];
        made.host(&["exit", how]).run().exits(7);
    }
}

/// It alone can run its functions, so its end is the library's, which starts again with the next call.
#[test]
fn a_worker_ends_while_threads_call_back() {
    let Some(made) = made("a_worker_ends_while_threads_call_back") else {
        return;
    };
    for time in 0..runs(2, 100) {
        let how = ["end", "exit"][time as usize % 2];
        made.host(&["worker", how]).run().exits(7);
    }
}

/// What the page says of `worker.terminate()`.
#[test]
fn a_worker_is_terminated_after_a_shutdown() {
    let Some(made) = made("a_worker_is_terminated_after_a_shutdown") else {
        return;
    };
    for _ in 0..runs(3, 100) {
        made.host(&["terminate"]).run().exits(7);
    }
}

/// Why it says so. If this fails koffi has learned it: the page can promise more.
#[cfg(target_env = "gnu")]
#[test]
fn koffi_alone_does_not_survive_the_end_of_a_worker() {
    const SIGABRT: i32 = 6;
    const SIGSEGV: i32 = 11;
    let test = "koffi_alone_does_not_survive_the_end_of_a_worker";
    let Some((node, packages)) = tools() else {
        return skipped(test, NEEDS);
    };
    let ended = (0..20).any(|_| {
        let ran = Host::new(&node)
            .arg(source("bindings/koffi_alone.mjs"))
            .arg(packages.join("package.json"))
            .limit(LIMIT)
            .run();
        matches!(ran.signal(), Some(SIGABRT | SIGSEGV))
    });
    assert!(ended, "node went on each time");
}

#[test]
fn a_handler_hears_of_events() {
    let test = "a_handler_hears_of_events";
    let Some((node, packages)) = tools() else {
        return skipped(test, NEEDS);
    };
    let dir = placed(&fixture("herald").library(), "herald", true, &packages);
    let ran = Host::new(node)
        .arg("--no-warnings")
        .arg(source("bindings/events.mjs"))
        .arg(dir)
        .limit(LIMIT)
        .run();
    assert_eq!(ran.ok(), "right\n");
}

/// The host of `examples/search`, on that example's own sources.
#[test]
fn the_examples_host_finds_words_and_lines() {
    let Some((node, packages)) = tools() else {
        return skipped("the_examples_host_finds_words_and_lines", NEEDS);
    };
    let dir = placed(&fixture("search").library(), "search", true, &packages);
    let said = Host::new(node)
        .arg(example_host(&dir))
        .args(["tokio", "AND AND"])
        .env("SEARCH_DIR", workspace().join("examples/search/src"))
        .limit(LIMIT)
        .run()
        .ok();
    assert!(said.contains("typescript: tokio: "), "{said}");
    assert!(said.contains("typescript: AND AND: "), "{said}");
    assert!(
        !said.contains(" 0 hits") && said.contains(" lines with 'tokio', in "),
        "{said}"
    );
}

/// What node says when it can't import a package.
fn refused(node: &Path, dir: &Path, library: &str) -> String {
    let index = dir.join("index.js");
    let ran = Host::new(node)
        .arg(index)
        .env("CONFORM_LIBRARY", library)
        .limit(LIMIT)
        .run();
    error(&ran)
}

/// The first error, without what caused it.
fn error(ran: &Ran) -> String {
    assert_eq!(ran.status.code(), Some(1), "{ran}");
    let text = String::from_utf8_lossy(&ran.stderr).into_owned();
    let line = text.lines().find(|line| line.starts_with("Error: "));
    line.unwrap_or_else(|| panic!("{ran}")).to_owned()
}

#[test]
fn a_library_that_does_not_fit_is_a_sentence() {
    let Some(made) = made("a_library_that_does_not_fit_is_a_sentence") else {
        return;
    };
    let said = refused(&made.node, &made.dir, "");
    assert!(
        said.contains("there is no libconform.so beside") && said.contains("CONFORM_LIBRARY"),
        "{said}"
    );
    let said = refused(&made.node, &made.dir, "/nowhere/libconform.so");
    assert!(
        said.contains("that CONFORM_LIBRARY names can't be loaded"),
        "{said}"
    );
    let said = refused(&made.node, &made.dir, &fixture("probe").library());
    assert!(said.contains("is another library"), "{said}");
}

/// A copy of the package for another ABI, and one with an export that the library does not have.
#[test]
fn another_abi_and_another_version_are_sentences() {
    let Some(made) = made("another_abi_and_another_version_are_sentences") else {
        return;
    };
    let changed = |name: &str, from: &str, to: &str| {
        let dir = placed(&made.library.library(), name, true, &made.packages);
        let path = dir.join("lib/library.js");
        let text = fs::read_to_string(&path).expect("it was written");
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replace(from, to)).expect("it was written");
        refused(&made.node, &dir, "")
    };
    let said = changed("other-abi", "const ABI = 2;", "const ABI = 99;");
    assert!(
        said.contains("has ABI version 2, and these bindings are for 99"),
        "{said}"
    );
    let said = changed(
        "other-version",
        "declare('conform_add'",
        "declare('conform_subtract'",
    );
    assert!(
        said.contains("has no conform_subtract: it is another version"),
        "{said}"
    );
}

/// `npm install DIR` in a fresh folder, without a network: koffi comes from the archives that npm makes of it.
#[test]
fn npm_installs_a_package_with_the_library_inside() {
    let Some(made) = made("npm_installs_a_package_with_the_library_inside") else {
        return;
    };
    let dir = placed(&made.library.library(), "bundled", true, &made.packages);
    let fresh = dir.join("../fresh");
    let _ = fs::remove_dir_all(&fresh);
    fs::create_dir_all(&fresh).expect("the target directory can be written");
    fs::write(fresh.join("package.json"), "{\"private\": true}").expect("it can be written");
    let packages = made.packages.join("node_modules");
    let npm = |args: &[&str], paths: &[PathBuf]| {
        let mut npm = Host::new("npm").args(args).dir(&fresh).limit(LIMIT);
        for path in paths {
            npm = npm.arg(path);
        }
        for name in ["HOME", "PATH"] {
            npm = npm.env(name, std::env::var_os(name).unwrap_or_default());
        }
        npm.run().ok()
    };
    // koffi, and the part of it that was compiled for this system.
    let compiled = fs::read_dir(packages.join("@koromix")).expect("koffi was installed");
    let mut parts: Vec<PathBuf> = compiled
        .map(|part| part.expect("a folder").path())
        .collect();
    parts.push(packages.join("koffi"));
    let archives = npm(&["pack", "--silent"], &parts);
    let mut archives: Vec<PathBuf> = archives.lines().map(|name| fresh.join(name)).collect();
    archives.push(dir.clone());
    let quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    let install = [
        "install",
        "--offline",
        "--ignore-scripts",
        "--install-links",
    ];
    npm(&[&install[..], &quiet[..]].concat(), &archives);
    // What was copied is what `files` names: the library is in it.
    let installed = fresh.join("node_modules/conform");
    assert!(!installed.is_symlink() && installed.join("libconform.so").exists());
    let said = made.host_of(&installed).arg("cases").run().ok();
    assert!(said.ends_with("right\n"), "{said}");
}

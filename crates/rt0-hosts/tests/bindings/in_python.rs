//! Python's bindings: right, in every thread, after a fork, and at the end of Python.

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
use rt0_hosts::{Ran, python, source};

use crate::package::{CONFORM, cases};

/// Far longer than necessary: a million calls take half a minute, and six on a busy machine.
const LIMIT: Duration = Duration::from_secs(1200);

/// The package, and the library that it is for.
struct Made {
    python: PathBuf,
    dir: PathBuf,
    library: Fixture,
}

fn made(test: &str) -> Option<Made> {
    let Some(python) = named_target().is_empty().then(python).flatten() else {
        skipped(test, "it needs python3, and no other target");
        return None;
    };
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    let library = fixture(CONFORM);
    let write = || written(&library.library(), Lang::Python, "conform", false);
    let dir = DIR.get_or_init(write).clone();
    Some(Made {
        python,
        dir,
        library,
    })
}

impl Made {
    fn host(&self, words: &[&str]) -> Host {
        self.script("conform_host.py").arg(cases()).args(words)
    }

    fn script(&self, name: &str) -> Host {
        Host::new(&self.python)
            .arg(source("bindings").join(name))
            .env("PYTHONPATH", &self.dir)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("CONFORM_LIBRARY", self.library.library())
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
    every_case_is_right_after_a_fork: "fork";
    calls_leave_nothing: "leak", &runs(20_000, 1_000_000).to_string();
    /// Cancelled: before they begin, while they wait for a place in the queue, and under way.
    async_calls_are_right_though_a_third_is_cancelled: "async", &runs(100, 10_000).to_string();
    /// More at once than a queue takes.
    async_calls_wait_for_their_turn: "async", "3000";
    a_call_that_fails_at_its_turn_gives_it_to_the_next: "turns";
    a_loop_that_can_not_watch_has_a_thread: "thread_ops", &runs(100, 10_000).to_string();
    a_callback_that_is_called_too_late_is_reported: "late";
    a_function_that_is_passed_again_after_a_shutdown_stays: "passed_again";
    a_call_while_a_shutdown_is_held_up_gets_its_answer: "held_up";
    calls_go_on_over_shutdowns: "meanwhile", &runs(200, 5_000).to_string();
}

/// Without the shutdown in `atexit`, such a thread ends the process with SIGABRT.
#[test]
fn python_ends_while_threads_call_back() {
    let Some(made) = made("python_ends_while_threads_call_back") else {
        return;
    };
    for _ in 0..runs(5, 200) {
        made.host(&["exit"]).run().exits(7);
    }
}

#[test]
fn a_handler_hears_of_events() {
    let test = "a_handler_hears_of_events";
    let Some(python) = named_target().is_empty().then(python).flatten() else {
        return skipped(test, "it needs python3, and no other target");
    };
    let dir = written(&fixture("herald").library(), Lang::Python, "herald", true);
    let ran = Host::new(python)
        .arg(source("bindings/events.py"))
        .env("PYTHONPATH", dir)
        .limit(limit(LIMIT))
        .run();
    assert_eq!(ran.ok(), "right\n");
}

/// What Python says when it can't import the package, with this library in `CONFORM_LIBRARY`.
fn refused(made: &Made, library: &str) -> String {
    let ran = Host::new(&made.python)
        .args(["-c", "import conform"])
        .env("PYTHONPATH", &made.dir)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("CONFORM_LIBRARY", library)
        .limit(limit(LIMIT))
        .run();
    last_line(&ran)
}

fn last_line(ran: &Ran) -> String {
    assert_eq!(ran.status.code(), Some(1), "{ran}");
    let text = String::from_utf8_lossy(&ran.stderr).into_owned();
    text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn a_library_that_does_not_fit_is_a_sentence() {
    let Some(made) = made("a_library_that_does_not_fit_is_a_sentence") else {
        return;
    };
    let said = refused(&made, "");
    assert!(
        said.contains("there is no libconform.so beside") && said.contains("CONFORM_LIBRARY"),
        "{said}"
    );
    let said = refused(&made, "/nowhere/libconform.so");
    assert!(
        said.contains("that CONFORM_LIBRARY names can't be loaded"),
        "{said}"
    );
    let said = refused(&made, &fixture("probe").library());
    assert!(said.contains("is another library"), "{said}");
}

/// A copy of the package for another ABI, and one with an export that the library does not have.
#[test]
fn another_abi_and_another_version_are_sentences() {
    let Some(made) = made("another_abi_and_another_version_are_sentences") else {
        return;
    };
    let changed = |name: &str, from: &str, to: &str| {
        let dir = written(&made.library.library(), Lang::Python, name, true);
        let path = dir.join("conform/_library.py");
        let text = fs::read_to_string(&path).expect("it was written");
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replace(from, to)).expect("it was written");
        let ran = Host::new(&made.python)
            .args(["-c", "import conform"])
            .env("PYTHONPATH", &dir)
            .limit(limit(LIMIT))
            .run();
        last_line(&ran)
    };
    let said = changed("other-abi", "_ABI = 2\n", "_ABI = 99\n");
    assert!(
        said.contains("has ABI version 2, and these bindings are for 99"),
        "{said}"
    );
    let said = changed("other-version", "\"conform_add\"", "\"conform_subtract\"");
    assert!(
        said.contains("has no conform_subtract: it is another version"),
        "{said}"
    );
}

/// `pip install DIR` in a fresh environment, without a network; the library is inside the wheel.
#[test]
fn pip_installs_a_package_with_the_library_inside() {
    let Some(made) = made("pip_installs_a_package_with_the_library_inside") else {
        return;
    };
    let dir = written(&made.library.library(), Lang::Python, "bundled", true);
    let environment = dir.join("../venv");
    let _ = fs::remove_dir_all(&environment);
    let python = |program: &Path, args: &[&str]| {
        Host::new(program)
            .args(args)
            .dir(&dir)
            .limit(limit(LIMIT))
            .run()
    };
    let venv = environment.to_str().expect("a path of ours");
    python(&made.python, &["-m", "venv", venv]).succeeds();
    let inside = environment.join("bin/python");
    python(
        &inside,
        &[
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--disable-pip-version-check",
            ".",
        ],
    )
    .succeeds();
    // Away from the package's own folder: what is imported is what was installed.
    let ran = Host::new(&inside)
        .arg(source("bindings/conform_host.py"))
        .arg(cases())
        .arg("cases")
        .dir(&environment)
        .limit(limit(LIMIT))
        .run();
    assert!(ran.ok().ends_with("right\n"));
    let wheel = python(
        &inside,
        &[
            "-c",
            "import build_backend as b; print(b.build_wheel('.'), b.build_sdist('.'))",
        ],
    );
    let names = wheel.ok();
    assert!(
        names.starts_with("conform-0.1.0-py3-none-linux_"),
        "{names}"
    );
    assert!(names.ends_with(" conform-0.1.0.tar.gz\n"), "{names}");
}

//! Hosts that load the library and then fork their workers: gunicorn with `--preload`, multiprocessing,
//! concurrent.futures. The library is `examples/search`; each worker boots its own.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use cargo_rt0::bindings::Lang;
use rt0_hosts::fixture::fixture;
use rt0_hosts::package::written;
use rt0_hosts::require::skipped;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{python, source, venv, workspace};

/// Far longer than necessary: a dozen interpreters start, and each indexes a directory.
const LIMIT: Duration = Duration::from_secs(120);

/// The state of the library before the host forks.
#[derive(Clone, Copy)]
struct Case {
    start: &'static str,
    /// The parent calls it before it forks: its runtime is running.
    used_before: bool,
}

/// Runs a script of `hosts/fork` with the library loaded before it forks: each line that it printed.
#[track_caller]
fn run(python: PathBuf, script: &str, case: Case) -> Vec<Answer> {
    let example = workspace().join("examples/search");
    let hosts = source("fork").display().to_string();
    static PACKAGE: OnceLock<PathBuf> = OnceLock::new();
    let write = || written(&fixture("search").library(), Lang::Python, "prefork", false);
    let path = format!("{hosts}:{}", PACKAGE.get_or_init(write).display());
    let host = Host::new(python)
        .arg(source(script))
        .env("PYTHONPATH", path)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SEARCH_LIBRARY", fixture("search").library())
        .env("SEARCH_DIR", example.join("src"))
        .env("SEARCH_FIRST", if case.used_before { "1" } else { "0" })
        .env("RT0_START", case.start)
        .limit(LIMIT);
    let stdout = host.run().ok();
    stdout.lines().map(|line| Answer(line.to_owned())).collect()
}

/// A line of JSON with flat values.
#[derive(Debug)]
struct Answer(String);

impl Answer {
    #[track_caller]
    fn get(&self, key: &str) -> &str {
        let start = format!("\"{key}\": ");
        let (_, rest) = self
            .0
            .split_once(&start)
            .unwrap_or_else(|| panic!("{key}: {self:?}"));
        rest.split([',', '}']).next().unwrap_or_default()
    }

    /// Checks that the line comes from a worker that booted for itself, after `before` boots in its parent.
    #[track_caller]
    fn is_a_workers(&self, before: u32) {
        assert_eq!(self.get("fork_child"), "true", "{self:?}");
        assert_eq!(self.get("of"), self.get("pid"), "{self:?}");
        assert_ne!(self.get("parent"), self.get("pid"), "{self:?}");
        let generation = self.get("generation").parse::<u32>().expect("a number");
        // If it boots at load, the parent may or may not have begun its boot when it forks.
        assert!(generation == before + 1 || generation == 1, "{self:?}");
        self.is_right();
    }

    #[track_caller]
    fn is_right(&self) {
        let total = self.get("total").parse::<u32>().expect("a number");
        assert!(total > 3, "the engine is about an engine: {self:?}");
    }
}

fn gunicorn(name: &str, case: Case) {
    let Some(python) = venv("gunicorn") else {
        return skipped(name, "gunicorn is not there: ci/setup.sh installs it");
    };
    let answers = run(python, "fork/prefork_gunicorn.py", case);
    let (exit, workers) = answers.split_last().expect("it says how it ended");
    assert_eq!(exit.get("exit"), "0", "it stops in peace");
    // Three workers, and one that replaces the killed one.
    assert!(workers.len() >= 4, "{workers:?}");
    let booted = case.used_before || case.start == "load";
    for worker in workers {
        worker.is_a_workers(booted.into());
        if case.used_before {
            assert_eq!(worker.get("generation"), "2", "{worker:?}");
        }
        assert_eq!(worker.get("total"), workers[0].get("total"));
    }
}

fn pools(name: &str, case: Case) {
    let Some(python) = python() else {
        return skipped(name, "there is no python3");
    };
    let answers = run(python, "fork/prefork_pools.py", case);
    let kind = |wanted: &str| {
        let wanted = format!("\"{wanted}\"");
        let those = answers.iter().filter(|answer| answer.get("kind") == wanted);
        those.collect::<Vec<_>>()
    };
    let booted = case.used_before || case.start == "load";
    for (name, count) in [("pool", 12), ("executor", 12), ("process", 1)] {
        assert_eq!(kind(name).len(), count, "{answers:?}");
        for answer in kind(name) {
            answer.is_a_workers(booted.into());
            if case.used_before {
                assert_eq!(answer.get("generation"), "2", "{answer:?}");
            }
        }
    }
    // The parent is unaffected.
    let [parent] = kind("parent")[..] else {
        panic!("{answers:?}");
    };
    assert_eq!(parent.get("fork_child"), "false");
    assert_eq!(parent.get("of"), parent.get("parent"));
    assert_eq!(parent.get("generation"), "1");
    parent.is_right();
}

macro_rules! cases {
    ($($name:ident: $what:ident, $start:literal, $used_before:literal;)+) => {
        $(#[test]
        fn $name() {
            $what(stringify!($name), Case { start: $start, used_before: $used_before });
        })+
    };
}

cases! {
    gunicorn_loads_and_forks: gunicorn, "load", false;
    gunicorn_uses_and_forks: gunicorn, "load", true;
    gunicorn_with_a_lazy_library: gunicorn, "lazy", false;
    gunicorn_with_a_quiet_library_that_was_used: gunicorn, "quiet", true;
    pools_load_and_fork: pools, "load", false;
    pools_use_and_fork: pools, "load", true;
    pools_with_a_lazy_library: pools, "lazy", false;
    pools_with_a_quiet_library_that_was_used: pools, "quiet", true;
}

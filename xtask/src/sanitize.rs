//! `cargo xtask sanitize`: host tests in which every memory access is checked.
//!
//! - ThreadSanitizer: the library is built with it, and the standard library too; otherwise std's
//!   synchronisation would be invisible, and reported as races. `ci/rust-src.sh` gets std's sources.
//! - AddressSanitizer: only the library is built with it.
//! - valgrind: the library is unchanged.
//!
//! The host is a C program that is linked with the sanitizer's runtime from rustc; the library finds it
//! there. `rt0-hosts` builds and runs everything as usual, and reads from the environment what is different.
//! If the sanitizer reports something, the host ends with a code that no test expects, and the report is on
//! stderr.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;

use crate::run::{runs, rustc, step, target, timed};
use crate::{host_tests, std_source};

/// The tool that checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Watcher {
    /// ThreadSanitizer: data races.
    Thread,
    /// AddressSanitizer: memory used after it was freed, or past its end.
    Address,
    /// valgrind's memcheck: the same for code built without AddressSanitizer, and uninitialised memory.
    Valgrind,
}

/// A module of host tests, and which of its tests to run.
#[derive(Clone, Copy)]
struct Tests {
    module: &'static str,
    /// Only these, by their full names; all if the list is empty.
    only: &'static [&'static str],
}

const fn all(module: &'static str) -> Tests {
    Tests { module, only: &[] }
}

const fn only(module: &'static str, only: &'static [&'static str]) -> Tests {
    Tests { module, only }
}

/// Tests in which a library's threads meet: boots, calls from many threads, shutdowns during calls, the
/// hooks, and ends that go wrong.
const MEETINGS: &[Tests] = &[
    all("unload/shutdown"),
    all("unload/ended_badly"),
    only(
        "wait/gate",
        &[
            "gate::a_call_from_init_is_answered",
            "gate::a_shutdown_from_init_is_answered",
            "gate::the_librarys_own_deadline",
            "gate::threads_at_gate",
            "gate::wait_asks_waits_and_waits_for_ever",
        ],
    ),
    only(
        "wait/awaited",
        &[
            "awaited::a_failed_boot_and_a_retry_are_those_of_a_call",
            "awaited::a_future_begins_the_boot_elsewhere",
            "awaited::a_shutdown_ends_when_all_are_awake",
            "awaited::a_thread_with_many_futures_is_not_blocked",
            "awaited::nobody_boots_after_a_shutdown_for_a_future_that_was_dropped",
        ],
    ),
    only(
        "wait/closures",
        &[
            "closures::a_shutdown_tells_who_is_left_and_waits_for_them",
            "closures::each_is_called_once_when_the_boot_is_done",
            "closures::it_may_call_what_the_librarys_threads_may",
            "closures::one_that_panics_harms_nobody",
        ],
    ),
    only(
        "wait/outside",
        &["outside::threads_with_a_lock_that_init_needs_are_answered"],
    ),
    only(
        "unload/travelling",
        &[
            "travelling::a_shutdown_waits_for_a_guard_on_another_thread",
            "travelling::a_thread_with_a_guard_can_spawn_during_a_shutdown",
        ],
    ),
];

/// Children of processes with threads, whose second threads ThreadSanitizer does not follow; and exits in the
/// middle of things, while threads run on.
const ENDS: &[Tests] = &[
    only(
        "fork/children",
        &[
            "children::a_childs_shutdown_is_its_own",
            "children::fork_during_boot",
        ],
    ),
    only(
        "exit/process",
        &[
            "process::an_exit_tells_main_also_while_another_thread_shuts_down",
            "process::an_exit_runs_the_librarys_exit_and_keeps_the_hosts_code",
            "process::an_exit_waits_for_boot_and_a_main_but_not_for_ever",
            "process::exit_handlers_of_the_host_may_call",
        ],
    ),
    all("wait/retry"),
    only(
        "exit/ahead",
        &[
            "ahead::a_library_that_has_ended_for_good_does_not_boot_again",
            "ahead::who_waits_for_the_boot_is_told_of_the_end",
        ],
    ),
];

/// valgrind runs one thread at a time, fifty times slower: only a few tests of each kind.
const FEW: &[Tests] = &[
    only(
        "unload/shutdown",
        &[
            "shutdown::a_call_that_stays_holds_a_shutdown_up",
            "shutdown::a_shutdown_from_inside_is_answered",
            "shutdown::a_shutdown_waits_for_calls_that_use_the_state",
        ],
    ),
    only("fork/children", &["children::a_childs_shutdown_is_its_own"]),
];

/// Runs all of them, or only this one.
///
/// # Errors
/// A tool reports something, or something that it needs is missing.
pub fn run(only: Option<Watcher>) -> Result<()> {
    for watcher in Watcher::value_variants() {
        if only.is_none_or(|only| only == *watcher) {
            timed(&format!("{watcher:?}"), || watch(*watcher))?;
        }
    }
    Ok(())
}

fn watch(watcher: Watcher) -> Result<()> {
    let parts: &[&[Tests]] = match watcher {
        Watcher::Thread => &[MEETINGS],
        Watcher::Address => &[MEETINGS, ENDS],
        Watcher::Valgrind => &[FEW],
    };
    let environment = environment(watcher)?;
    for tests in parts.iter().copied().flatten() {
        let mut run = host_tests::command(&[tests.module], tests.only);
        run.envs(environment.iter().map(|(name, value)| (name, value)));
        step(&format!("{watcher:?}: {}", tests.module), &mut run)?;
    }
    Ok(())
}

type Variables = Vec<(&'static str, String)>;

fn environment(watcher: Watcher) -> Result<Variables> {
    let name = watcher
        .to_possible_value()
        .map(|value| value.get_name().to_owned())
        .context("every watcher has a name")?;
    let dir = target().join("sanitize").join(&name);
    let mut variables: Variables = vec![
        ("RT0_HOSTS_DIR", shown(&dir.join("hosts"))?),
        ("RT0_HOSTS_CARGO_DIR", shown(&dir.join("cargo"))?),
    ];
    let triple = rustc(&["-vV"])?
        .lines()
        .find_map(|line| line.strip_prefix("host: ").map(str::to_owned))
        .context("rustc does not say where it runs")?;
    // The options are for nightly compilers; the variable makes any `rustc` accept them.
    let built_with = |flags: &str| -> Variables {
        vec![
            ("RT0_FOR_FIXTURES_RUSTC_BOOTSTRAP", "1".to_owned()),
            // If a target is named, build scripts and macros are built without the flags.
            ("RT0_FOR_FIXTURES_CARGO_BUILD_TARGET", triple.clone()),
            ("RT0_FOR_FIXTURES_RUSTFLAGS", flags.to_owned()),
        ]
    };
    match watcher {
        Watcher::Thread => {
            variables.extend(built_with("-Zsanitizer=thread --cfg rt0_tsan"));
            variables.push((
                "RT0_FOR_FIXTURES___CARGO_TESTS_ONLY_SRC_ROOT",
                shown(&std_source::find()?)?,
            ));
            variables.push((
                "RT0_FOR_FIXTURES_CARGO_UNSTABLE_BUILD_STD",
                "std,panic_unwind".to_owned(),
            ));
            variables.push(("RT0_HOSTS_LINK", runtime("tsan", &triple)?));
            variables.push((
                "RT0_FOR_HOSTS_TSAN_OPTIONS",
                "exitcode=66:die_after_fork=0".to_owned(),
            ));
            variables.push(("RT0_FOR_HOSTS_WATCHER_THREADS", "1".to_owned()));
            // A thread that an exit does not wait for would be reported as a leak.
            variables.push(("RT0_FOR_HOSTS_RT0_EXIT_TIMEOUT", "20000".to_owned()));
            variables.push(("RT0_HOSTS_SLOWER", "5".to_owned()));
        }
        Watcher::Address => {
            // No padding between statics: the records of the library's description must be contiguous.
            variables.extend(built_with(
                "-Zsanitizer=address -Cllvm-args=-asan-globals=0",
            ));
            variables.push(("RT0_HOSTS_LINK", runtime("asan", &triple)?));
            // A library that is never unloaded keeps its memory.
            variables.push((
                "RT0_FOR_HOSTS_ASAN_OPTIONS",
                "exitcode=66:detect_leaks=0".to_owned(),
            ));
            variables.push(("RT0_HOSTS_SLOWER", "3".to_owned()));
        }
        Watcher::Valgrind => {
            ensure!(runs("valgrind"), "valgrind is missing: install it");
            variables.push((
                "RT0_HOSTS_RUNNER",
                "valgrind --quiet --error-exitcode=66 --fair-sched=yes".to_owned(),
            ));
            variables.push(("RT0_HOSTS_SLOWER", "10".to_owned()));
        }
    }
    Ok(variables)
}

/// The options that link a program with a sanitizer's whole runtime, visible to libraries.
fn runtime(name: &str, triple: &str) -> Result<String> {
    let sysroot = rustc(&["--print", "sysroot"])?;
    let dir = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(triple)
        .join("lib");
    let suffix = format!("_rt.{name}.a");
    let entries =
        std::fs::read_dir(&dir).with_context(|| format!("can't read {}", dir.display()))?;
    let archive = entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.to_string_lossy().ends_with(&suffix));
    let Some(archive) = archive else {
        bail!(
            "{} has no runtime of the sanitizer {name}: only rustup's compilers bring it",
            dir.display()
        );
    };
    Ok(format!(
        "-Wl,--whole-archive {} -Wl,--no-whole-archive -Wl,--export-dynamic -lm",
        shown(&archive)?
    ))
}

fn shown(path: &Path) -> Result<String> {
    let path = path.to_str().context("a path that is not text")?;
    ensure!(
        !path.contains(char::is_whitespace),
        "{path}: a path with a space can't be passed on"
    );
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_that_is_named_exists() {
        for Tests { module, only } in [MEETINGS, ENDS, FEW].concat() {
            for name in only {
                let found = host_tests::has(&[module], name);
                assert!(found, "{module}: there is no test {name}");
            }
        }
    }
}

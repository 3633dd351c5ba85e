//! The checks. Their names are those of the rows of `cargo xtask cross`, where there is such a row.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use crate::library::Library;
use crate::system;

/// A check.
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// What the library's init does; [`FILE`] gets a path.
    pub boot: &'static str,
    /// The start policy, if it is not the usual one.
    pub policy: Option<&'static str>,
    /// Does it. Then the process exits.
    pub run: fn(&Library) -> Result<(), String>,
}

/// All of them.
pub const CHECKS: &[Check] = &[
    check("immediate-call", "task", immediate_call),
    check("slow-boot-does-not-block-load", FILE, slow_boot),
    check("threads-at-gate", "sleep:300", threads_at_gate),
    check("init-error", "error:gone", failed_init),
    check("init-panic", "panic:gone", failed_init),
    check("boot-once", "", boot_once),
    Check {
        policy: Some("lazy"),
        ..check("boot-once-lazy", "", boot_once)
    },
    check("errors", "", errors),
    check("fork-child-boots", "", fork_child_boots),
    check("shutdown-and-boot-again", "", shutdown_and_boot_again),
    check("exit-during-boot", "sleep:5000", exit_at_once),
    check("exit-before-the-first-call", "", exit_at_once),
];

const fn check(
    name: &'static str,
    boot: &'static str,
    run: fn(&Library) -> Result<(), String>,
) -> Check {
    Check {
        name,
        boot,
        policy: None,
        run,
    }
}

/// Init waits for a file, whose path follows.
pub const FILE: &str = "file:";

/// So many threads come at once.
const CROWD: usize = 32;

/// What `pane_state` gives.
const COLD: i32 = 0;
const STARTING: [i32; 2] = [1, 2];
const FAILED: i32 = 4;

fn immediate_call(pane: &Library) -> Result<(), String> {
    is("ping", pane.call("ping")?, 1)?;
    is("generation", pane.call("generation")?, 1)?;
    is("boots", pane.call("boots")?, 1)?;
    is("work, on the runtime", pane.number("work")?, 1)
}

/// Init waits for a file that this makes after the load: if the load waited for init, this would never come here.
fn slow_boot(pane: &Library) -> Result<(), String> {
    let state = pane.call("state")?;
    if !STARTING.contains(&state) {
        return Err(format!(
            "after the load the state is {state}, not one of {STARTING:?}"
        ));
    }
    is(
        "wait, whose deadline passes",
        pane.call_timed("wait", 10)?,
        -1,
    )?;
    let call = {
        let pane = pane.clone();
        thread::spawn(move || pane.call("ping"))
    };
    let file = file().ok_or("init does not wait for a file")?;
    fs::write(&file, "").map_err(|error| format!("{}: {error}", file.display()))?;
    let waited = call
        .join()
        .map_err(|_| "the thread that calls panicked")??;
    is("ping, which waits", waited, 1)
}

/// The file for which init waits.
fn file() -> Option<PathBuf> {
    let boot = env::var("PANE_BOOT").ok()?;
    Some(boot.strip_prefix(FILE)?.into())
}

/// What that many threads get.
fn crowd(pane: &Library, name: &'static str) -> Result<BTreeSet<i32>, String> {
    let call = |pane: Library| move || pane.call(name);
    let threads: Vec<_> = (0..CROWD)
        .map(|_| thread::spawn(call(pane.clone())))
        .collect();
    let results = threads.into_iter().map(|thread| thread.join());
    results
        .map(|result| result.unwrap_or_else(|_| Err("a thread panicked".to_owned())))
        .collect()
}

fn threads_at_gate(pane: &Library) -> Result<(), String> {
    is(
        "generation, on all threads",
        crowd(pane, "generation")?,
        [1].into(),
    )?;
    is("boots", pane.call("boots")?, 1)
}

fn failed_init(pane: &Library) -> Result<(), String> {
    let (code, text) = pane.error("fail")?;
    is("fail: BOOT_FAILED", code, -2)?;
    if !text.contains("pane: start-up failed: ") || !text.contains("gone") {
        return Err(format!("the error of init is not in `{text}`"));
    }
    is("ping", pane.call("ping")?, -1)?;
    is("wait", pane.call_timed("wait", -1)?, -2)?;
    is("state", pane.call("state")?, FAILED)?;
    is("boots, on all threads", crowd(pane, "boots")?, [-1].into())
}

fn boot_once(pane: &Library) -> Result<(), String> {
    is("boots, on all threads", crowd(pane, "boots")?, [1].into())?;
    let again = pane.again()?;
    is("boots, after a second load", again.call("boots")?, 1)
}

fn errors(pane: &Library) -> Result<(), String> {
    is(
        "fail",
        pane.error("fail")?,
        (1, "it did not work".to_owned()),
    )?;
    let (code, text) = pane.error("panics")?;
    is("panics: PANICKED", code, -3)?;
    match text.contains("on purpose") {
        true => is("ping, after that", pane.call("ping")?, 1),
        false => Err(format!("the panic's text is not in `{text}`")),
    }
}

fn fork_child_boots(pane: &Library) -> Result<(), String> {
    is("generation", pane.call("generation")?, 1)?;
    let forked = system::in_a_child(|| {
        is("generation", pane.call("generation")?, 2)?;
        is("work, on the child's runtime", pane.number("work")?, 1)?;
        is("shutdown", pane.call_timed("shutdown", 20_000)?, 0)
    });
    match forked {
        Some(result) => result?,
        None => eprintln!("        processes do not fork here"),
    }
    is("generation, in the parent", pane.call("generation")?, 1)?;
    is("boots, in the parent", pane.call("boots")?, 1)
}

fn shutdown_and_boot_again(pane: &Library) -> Result<(), String> {
    is("generation", pane.call("generation")?, 1)?;
    until(pane, "mains", 1)?;
    is("shutdown", pane.call_timed("shutdown", 20_000)?, 0)?;
    is("state", pane.call("state")?, COLD)?;
    is("generation, the second", pane.call("generation")?, 2)?;
    // Main was told to stop, exit ran, the state was dropped.
    is("ended", pane.call("ended")?, 111)?;
    is("boots", pane.call("boots")?, 2)
}

/// The exit of the process is the check, and its code.
fn exit_at_once(_pane: &Library) -> Result<(), String> {
    Ok(())
}

/// Waits until a function gives this number.
fn until(pane: &Library, name: &str, wanted: i32) -> Result<(), String> {
    let start = Instant::now();
    while pane.call(name)? != wanted {
        if start.elapsed() > Duration::from_secs(60) {
            return Err(format!("{name} has not come to {wanted}"));
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

fn is<T: PartialEq + Debug>(what: &str, found: T, wanted: T) -> Result<(), String> {
    match found == wanted {
        true => Ok(()),
        false => Err(format!("{what}: {found:?}, not {wanted:?}")),
    }
}

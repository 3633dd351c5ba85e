//! `rt0-native LIBRARY`: does a built `pane` (`crates/rt0-hosts/fixtures/pane`) work on this system?
//!
//! The other host tests need Linux, a C compiler and much else. This program needs only std, the library and a system
//! that Rust knows, so it is what runs first on a new one, also where there is no cargo: on a telephone, say. Each check
//! has a process of its own, which is this program again.

mod checks;
mod library;
mod system;

use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use checks::{CHECKS, Check, FILE};
use library::Library;

/// The exit code of a check that has passed: one that no crash and no shell gives.
const PASSED: i32 = 42;

/// A check that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(180);

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [library] => all(library),
        [library, name] => one(library, name),
        _ => {
            eprintln!("usage: rt0-native LIBRARY, a built `pane`");
            ExitCode::from(2)
        }
    }
}

/// Runs every check, and says what came of each.
fn all(library: &str) -> ExitCode {
    let mut failed = 0;
    for check in CHECKS {
        match process(library, check) {
            Ok(()) => println!("ok      {}", check.name),
            Err(why) => {
                failed += 1;
                println!("FAILED  {}: {why}", check.name);
            }
        }
    }
    println!("{} checks, {failed} failed", CHECKS.len());
    ExitCode::from(u8::from(failed > 0))
}

/// Runs a check in a process of its own.
fn process(library: &str, check: &Check) -> Result<(), String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.args([library, check.name]).stdin(Stdio::null());
    let file = env::temp_dir().join(format!("rt0-native-{}", std::process::id()));
    let boot = match check.boot {
        FILE => format!("{FILE}{}", file.display()),
        boot => boot.to_owned(),
    };
    command.env("PANE_BOOT", boot);
    if let Some(policy) = check.policy {
        command.env("RT0_START", policy);
    }
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let end = ended(&mut child);
    // It is there if the check has come so far.
    let _ = fs::remove_file(file);
    match end? {
        // What a check has to say it has printed.
        Some(status) if status.code() == Some(PASSED) => Ok(()),
        Some(status) => Err(format!("its process has ended with {status}")),
        None => Err(format!("it hangs: it has taken {} s", LIMIT.as_secs())),
    }
}

/// Waits for the end of a process, and ends it if that does not come.
fn ended(child: &mut Child) -> Result<Option<ExitStatus>, String> {
    let start = Instant::now();
    while start.elapsed() < LIMIT {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(10));
    }
    let killed = child.kill().and_then(|()| child.wait());
    killed.map(|_| None).map_err(|error| error.to_string())
}

/// This process is one check. It ends by `exit`, as a host does, so the library's own end is a part of each.
fn one(library: &str, name: &str) -> ExitCode {
    let Some(check) = CHECKS.iter().find(|check| check.name == name) else {
        eprintln!("there is no check {name}");
        return ExitCode::from(2);
    };
    let result = Library::open(library).and_then(|library| (check.run)(&library));
    if let Err(why) = result {
        eprintln!("        {name}: {why}");
        return ExitCode::FAILURE;
    }
    std::process::exit(PASSED)
}

//! Where the threads of a hanging process are.
//!
//! gdb tells, if it is installed and allowed to look; otherwise the kernel does, on Linux. A host's child can hang as
//! well as the host, so the whole process group is examined.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
use elsewhere::{in_the_kernel, members};
#[cfg(target_os = "linux")]
use linux::{in_the_kernel, members};

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long gdb may take for one process. It reads the symbols of everything that is loaded.
const LIMIT: Duration = Duration::from_secs(30);

/// For how many processes of a group the stacks are printed: a hundred children hang for the same reason.
const PROCESSES: usize = 6;

/// The stacks of all threads of all processes of this group.
pub fn of_group(group: u32) -> String {
    let processes = members(group);
    let left_out = processes.len().saturating_sub(PROCESSES);
    let mut text: String = processes.iter().take(PROCESSES).map(|id| of(*id)).collect();
    if left_out > 0 {
        text.push_str(&format!("(and {left_out} more processes)\n"));
    }
    text
}

/// The stacks of one process.
fn of(process: u32) -> String {
    let stacks = by_gdb(process).unwrap_or_default();
    format!("process {process}:\n{}{stacks}", in_the_kernel(process))
}

/// `None` if there is no gdb, or if it is not allowed to look or takes too long.
fn by_gdb(process: u32) -> Option<String> {
    let gdb = Command::new("gdb")
        // Without the user's settings, symbols from the network, or questions.
        .args(["--nx", "--quiet", "--batch"])
        .args(["-ex", "set debuginfod enabled off"])
        .args(["-ex", "set print frame-arguments none"])
        .args(["-ex", "thread apply all bt 40"])
        .args(["-p", &process.to_string()])
        .env_remove("DEBUGINFOD_URLS")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let text = within_limit(gdb.ok()?)?;
    // The lines before that are about what was loaded.
    let stacks = text.find("\nThread ").map(|at| text[at + 1..].to_owned());
    stacks.map(|stacks| stacks + "\n")
}

/// What gdb prints. If it takes too long, it is killed.
fn within_limit(mut gdb: Child) -> Option<String> {
    let out = gdb.stdout.take()?;
    let reader = thread::spawn(move || std::io::read_to_string(out).unwrap_or_default());
    let end = Instant::now() + LIMIT;
    while gdb.try_wait().ok()?.is_none() {
        if Instant::now() >= end {
            let _ = gdb.kill();
            let _ = gdb.wait();
            return None;
        }
        thread::sleep(Duration::from_millis(5));
    }
    reader.join().ok()
}

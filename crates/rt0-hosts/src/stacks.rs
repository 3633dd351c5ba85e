//! Where the threads of a hanging process are.
//!
//! gdb tells, if it is installed and allowed to look; otherwise `/proc` does. A host's child can hang as well
//! as the host, so the whole process group is examined.

use std::fs;
use std::path::PathBuf;
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

/// The processes of a group.
fn members(group: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut found: Vec<u32> = processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|id| group_of(*id) == Some(group))
        .collect();
    found.sort_unstable();
    found
}

/// The third field after the name, which is in parentheses and may contain anything.
fn group_of(process: u32) -> Option<u32> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    fields.split_whitespace().nth(2)?.parse().ok()
}

/// The stacks of one process.
fn of(process: u32) -> String {
    let stacks = by_gdb(process).unwrap_or_default();
    format!("process {process}:\n{}{stacks}", in_the_kernel(process))
}

/// What each thread waits for in the kernel.
fn in_the_kernel(process: u32) -> String {
    let tasks = fs::read_dir(format!("/proc/{process}/task"));
    let tasks = tasks.into_iter().flatten().flatten();
    let read = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    tasks
        .map(|task| {
            let name = read(task.path().join("comm"));
            let place = read(task.path().join("wchan"));
            let call = read(task.path().join("syscall"));
            format!("{}: {place} {}\n", name.trim(), call.trim())
        })
        .collect()
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

//! Where the threads of a hanging process are: by gdb or eu-stack if one is installed and allowed to look, otherwise
//! by what the kernel says in `/proc`.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::process;
use super::tree::Below;

/// How long a debugger may take for one process. It reads the symbols of everything that is loaded, perhaps on a busy
/// machine.
const LIMIT: Duration = Duration::from_secs(60);

/// How many processes are looked at: a hundred children hang for the same reason.
const PROCESSES: usize = 4;

/// How many threads of one process are listed.
const THREADS: usize = 24;

/// The longest text for one process.
const LENGTH: usize = 12 << 10;

/// The stacks of all threads of these processes.
pub fn of(processes: &[Below]) -> String {
    let mut text = String::new();
    let living: Vec<_> = processes.iter().filter(|one| !one.is_zombie).collect();
    for Below { id, .. } in living.iter().take(PROCESSES) {
        let kernel = in_the_kernel(*id);
        let stacks = match waits_for_a_child(&kernel) {
            true => "  (it waits for a process below)\n".to_owned(),
            false => by_gdb(*id).or_else(|| by_eu_stack(*id)).unwrap_or_default(),
        };
        let stacks: String = stacks.chars().take(LENGTH).collect();
        text.push_str(&format!("process {id}:\n{kernel}{stacks}"));
    }
    if living.len() > PROCESSES {
        text.push_str(&format!(
            "(and {} more processes)\n",
            living.len() - PROCESSES
        ));
    }
    text
}

/// Whether its only thread waits for a child: a debugger would show nothing else.
fn waits_for_a_child(kernel: &str) -> bool {
    kernel.lines().count() == 1 && kernel.trim_end().ends_with(", in do_wait")
}

/// What each thread waits for in the kernel.
fn in_the_kernel(process: u32) -> String {
    let tasks = fs::read_dir(format!("/proc/{process}/task"));
    let read = |path: std::path::PathBuf| fs::read_to_string(path).unwrap_or_default();
    let line = |task: fs::DirEntry| {
        let state = read(task.path().join("status"));
        let state = state.lines().find_map(|line| line.strip_prefix("State:"));
        format!(
            "  thread {} \"{}\": {}, in {}\n",
            task.file_name().display(),
            read(task.path().join("comm")).trim(),
            state.unwrap_or("?").trim(),
            read(task.path().join("wchan")),
        )
    };
    let lines: Vec<String> = tasks.into_iter().flatten().flatten().map(line).collect();
    match lines.len().checked_sub(THREADS) {
        None | Some(0) => lines.concat(),
        Some(more) => format!("{}  (and {more} more threads)\n", lines[..THREADS].concat()),
    }
}

fn by_gdb(process: u32) -> Option<String> {
    let mut gdb = Command::new("gdb");
    // Without the user's settings, symbols from the network, or questions.
    gdb.args(["--nx", "--quiet", "--batch"])
        .args(["-ex", "set debuginfod enabled off"])
        .args(["-ex", "set print frame-arguments none"])
        .args(["-ex", "thread apply all bt 30"])
        .args(["-p", &process.to_string()])
        .env_remove("DEBUGINFOD_URLS");
    let text = within_limit(gdb)?;
    // The lines before that are about what was loaded.
    text.find("\nThread ")
        .map(|at| without_the_doctor(&text[at + 1..]))
}

/// The stacks without the frames that only lead to a check, and without gdb's last word.
fn without_the_doctor(text: &str) -> String {
    let mut out = String::new();
    let mut is_ours = false;
    for line in text.lines().filter(|line| !line.starts_with("[Inferior")) {
        is_ours = line.starts_with('#') && (is_ours || leads_to_a_check(line));
        if !is_ours && !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Whether this frame, and all outside it, only run a check or make a call of one.
fn leads_to_a_check(frame: &str) -> bool {
    const PLACES: [&str; 4] = [
        "rt0_doctor::supervise::life::",
        "rt0_doctor::subject::forked::",
        " ffi_call",
        " dlopen_doit ",
    ];
    PLACES.iter().any(|place| frame.contains(place))
}

fn by_eu_stack(process: u32) -> Option<String> {
    let mut command = Command::new("eu-stack");
    command.args(["-n", "30", "-p", &process.to_string()]);
    within_limit(command).filter(|text| text.contains("TID"))
}

/// What the program prints. If it takes too long, it is killed.
fn within_limit(mut command: Command) -> Option<String> {
    let become_debugger = || {
        process::let_child_signals_through();
        Ok(())
    };
    // SAFETY: it makes one system call and allocates nothing, which a fork's child may.
    unsafe { command.pre_exec(become_debugger) };
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let out = child.stdout.take()?;
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut out = out;
        let _ = std::io::Read::read_to_end(&mut out, &mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let end = Instant::now() + LIMIT;
    while child.try_wait().ok()?.is_none() {
        if Instant::now() >= end {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    reader.join().ok()
}

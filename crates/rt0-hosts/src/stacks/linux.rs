//! Linux: `/proc` lists the processes, and what each thread waits for.

use std::fs;
use std::path::PathBuf;

/// The processes of a group.
pub fn members(group: u32) -> Vec<u32> {
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

/// What each thread waits for in the kernel.
pub fn in_the_kernel(process: u32) -> String {
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

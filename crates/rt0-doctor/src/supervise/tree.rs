//! All processes below this one, and their end.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::time::{Duration, Instant};

/// A process below this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Below {
    /// Its number.
    pub id: u32,
    /// Its process group.
    pub group: u32,
    /// It has ended, and its parent has not taken note.
    pub is_zombie: bool,
}

/// All processes below this one: children, their children, and so on. As this process is a child subreaper, those
/// whose parent has died are among them.
pub fn below(process: u32) -> Vec<Below> {
    let mut children: HashMap<u32, Vec<Below>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let id = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some((parent, one)) = id.and_then(stat) {
            children.entry(parent).or_default().push(one);
        }
    }
    let mut found = Vec::new();
    let mut open = vec![process];
    while let Some(id) = open.pop() {
        let these = children.remove(&id).unwrap_or_default();
        open.extend(these.iter().map(|one| one.id));
        found.extend(these);
    }
    found.sort_unstable_by_key(|one| one.id);
    found
}

/// Its parent, and the process itself: the fields after the name, which is in parentheses and may contain anything.
fn stat(id: u32) -> Option<(u32, Below)> {
    let text = fs::read(format!("/proc/{id}/stat")).ok()?;
    let text = String::from_utf8_lossy(&text);
    let (_, fields) = text.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let is_zombie = matches!(fields.next()?, "Z" | "X");
    let parent = fields.next()?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    Some((
        parent,
        Below {
            id,
            group,
            is_zombie,
        },
    ))
}

/// Whether nothing below this process runs or waits for a processor: what hangs on a busy machine is told from what is
/// slow there.
pub fn is_idle(process: u32) -> bool {
    const LOOK: Duration = Duration::from_millis(400);
    let before = turns(process);
    std::thread::sleep(LOOK);
    before.is_some() && before == turns(process)
}

/// How often all threads below this process have been given a processor; `None` if one has or wants it now.
fn turns(process: u32) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    for one in below(process).iter().filter(|one| !one.is_zombie) {
        for task in fs::read_dir(format!("/proc/{}/task", one.id))
            .ok()?
            .flatten()
        {
            let text = fs::read_to_string(task.path().join("status")).ok()?;
            if text
                .lines()
                .any(|line| line.starts_with("State:") && line.contains("R ("))
            {
                return None;
            }
            let switches = text.lines().filter(|line| line.contains("ctxt_switches"));
            found.push((task.path().display().to_string(), switches.collect()));
        }
    }
    Some(found)
}

/// Kills all processes below this one, and reaps its children, until there is none.
///
/// The kernel kills a whole group before any of it can fork again, so a storm of forks ends at once. Nobody can join a
/// group of another session, and the subject has a session of its own: whoever is in one of these groups is below us.
pub fn kill_below(process: u32) {
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        let all = below(process);
        if all.is_empty() {
            return;
        }
        let own = stat(process).map_or(0, |(_, one)| one.group);
        let groups: HashSet<u32> = all
            .iter()
            .map(|one| one.group)
            .filter(|group| *group != own)
            .collect();
        groups.iter().for_each(|group| kill(-(*group as i32)));
        all.iter()
            .filter(|one| one.group == own)
            .for_each(|one| kill(one.id as i32));
        reap();
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Takes note of every child that has ended.
fn reap() {
    // SAFETY: waitpid(2) may be called without a place for the status.
    while unsafe { libc::waitpid(-1, std::ptr::null_mut(), libc::WNOHANG) } > 0 {}
}

fn kill(process: i32) {
    // SAFETY: kill(2) has no preconditions. A process below us keeps its number until somebody below us, or we, reap
    // it; another can't get it in the moment since we looked, for numbers are given out in a circle.
    unsafe { libc::kill(process, libc::SIGKILL) };
}

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

/// What the processes below this one do: what hangs on a busy machine is told from what is slow there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Nothing runs or wants to.
    Nothing,
    /// A thread wants to run, and is given next to no processor.
    Starving,
    /// Anything else.
    Something,
}

/// What they do now. It takes a moment.
pub fn doing(process: u32) -> Doing {
    const LOOK: Duration = Duration::from_millis(400);
    /// What a thread has at least that is not starving.
    const SHARE: u64 = LOOK.as_nanos() as u64 / 20;
    let before = threads(process);
    std::thread::sleep(LOOK);
    let after = threads(process);
    let (Some(before), Some(after)) = (before, after) else {
        return Doing::Something;
    };
    let starves = |(path, then): (&String, &Thread)| {
        after.get(path).is_some_and(|now| {
            let had = now.processor.zip(then.processor);
            then.wants && now.wants && had.is_some_and(|(now, then)| now - then < SHARE)
        })
    };
    match before == after && !before.values().any(|thread| thread.wants) {
        true => Doing::Nothing,
        false if before.iter().any(starves) => Doing::Starving,
        false => Doing::Something,
    }
}

/// The longest that a thread below this process has wanted a processor in its life, as far as the kernel tells.
pub fn longest_wait(process: u32) -> Duration {
    let all = threads(process).unwrap_or_default();
    let longest = all.values().map(|thread| thread.waited).max();
    Duration::from_nanos(longest.unwrap_or(0))
}

/// A thread at a moment.
#[derive(PartialEq, Eq)]
struct Thread {
    /// It runs or wants to.
    wants: bool,
    /// How often it was given a processor.
    switches: String,
    /// For how many nanoseconds it had one, if the kernel tells, and for how many it has waited for one.
    processor: Option<u64>,
    waited: u64,
}

/// All threads below this process, by their folders; `None` if one ends just now.
fn threads(process: u32) -> Option<HashMap<String, Thread>> {
    let mut found = HashMap::new();
    for one in below(process).iter().filter(|one| !one.is_zombie) {
        for task in fs::read_dir(format!("/proc/{}/task", one.id))
            .ok()?
            .flatten()
        {
            let text = fs::read_to_string(task.path().join("status")).ok()?;
            let schedule = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            let mut schedule = schedule.split(' ').map(|number| number.parse().ok());
            let is_state = |line: &str| line.starts_with("State:") && line.contains("R (");
            let switches = text.lines().filter(|line| line.contains("ctxt_switches"));
            let thread = Thread {
                wants: text.lines().any(is_state),
                switches: switches.collect(),
                processor: schedule.next().flatten(),
                waited: schedule.next().flatten().unwrap_or(0),
            };
            found.insert(task.path().display().to_string(), thread);
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

//! The threads, as seen from outside.

use std::collections::BTreeMap;

use rt0_doctor::observed::{Seen, Thread};

/// The threads of the process, but for its first one and ours, in the order in which they were seen.
pub fn others(seen: &Seen) -> Vec<Thread> {
    let mut all: BTreeMap<u32, Thread> = BTreeMap::new();
    let told = seen.said.iter().flat_map(|said| &said.threads);
    let told =
        told.flat_map(|(at, list)| list.iter().map(move |(id, name)| (*at, *id as u32, name)));
    let told = told.map(|(at, id, name)| Thread {
        id,
        name: name.clone(),
        first: at,
        last: at,
    });
    for thread in told.chain(seen.threads.iter().cloned()) {
        let known = all.entry(thread.id).or_insert_with(|| thread.clone());
        known.first = known.first.min(thread.first);
        if thread.last >= known.last {
            known.last = thread.last;
            known.name = thread.name;
        }
    }
    // A thread that nobody has named has the name of the first one.
    let first = all.remove(&seen.process).map(|thread| thread.name);
    all.retain(|_, thread| thread.name != "rt0-doctor");
    let is_unnamed = |thread: &&mut Thread| Some(&thread.name) == first.as_ref();
    for thread in all.values_mut().filter(is_unnamed) {
        thread.name = "unnamed".to_owned();
    }
    let mut all: Vec<Thread> = all.into_values().collect();
    all.sort_by_key(|thread| thread.first);
    all
}

/// The names of all threads.
pub fn names(seen: &Seen) -> Vec<(u32, String)> {
    let main = std::iter::once((seen.process, "main".to_owned()));
    let others = others(seen).into_iter();
    main.chain(others.map(|thread| (thread.id, thread.name)))
        .collect()
}

/// What names there are, and how often: `hello-boot, hello (2)`.
pub fn counted(threads: &[Thread]) -> String {
    let mut names: Vec<(&str, usize)> = Vec::new();
    for thread in threads {
        match names.iter_mut().find(|(name, _)| *name == thread.name) {
            Some((_, count)) => *count += 1,
            None => names.push((&thread.name, 1)),
        }
    }
    let text = |(name, count): &(&str, usize)| match count {
        1 => (*name).to_owned(),
        count => format!("{name} ({count})"),
    };
    names.iter().map(text).collect::<Vec<_>>().join(", ")
}

//! The end: the shutdown, and the exit of the process.

use rt0_doctor::observed::{self, Seen, Watch};

use super::lane::{Raw, lane, pair};
use super::report::Life;
use crate::model::{Look, Part};

/// The kinds of steps, and what they are called here.
const STEPS: [(&str, &str); 8] = [
    ("process-exit", "exit handler"),
    ("calls-leave", "calls leave"),
    ("main-ends", "main ends"),
    ("exit-hook", "the author's exit"),
    ("handles-drop", "handles are dropped"),
    ("runtime-ends", "runtime ends"),
    ("state-drops", "state is dropped"),
    ("parts-end", "events and queues end"),
];

/// The part; `None` if nothing was seen of an end.
pub fn part(watch: &Watch, seen: &Seen, life: &Life) -> Option<Part> {
    let host = host(watch, seen);
    let library = library(life);
    let all = || host.iter().chain(&library);
    let zero = all().map(|raw| raw.begin).min()?;
    let last = all().map(|raw| raw.end.unwrap_or(seen.ended)).max();
    let title = match watch.shuts_down {
        true => "Shutdown and exit",
        false => "Exit",
    };
    let lanes = [
        lane("Host", Look::Host, zero, host, "call", 0),
        lane("Library", Look::Library, zero, library, "step", 0),
    ];
    Some(Part {
        title: title.to_owned(),
        zero,
        length: last.unwrap_or(zero).saturating_sub(zero),
        lanes: lanes.into_iter().flatten().collect(),
    })
}

fn host(watch: &Watch, seen: &Seen) -> Vec<Raw> {
    let mut raw = Vec::new();
    if let Some((begin, end)) = pair(seen.noted.shutdown) {
        let answer = seen.said.as_ref().and_then(|said| said.shutdown.clone());
        let call = watch.plan.shutdown.as_ref();
        let call = call.map(|call| call.symbol.clone());
        let name = answer.or(call).unwrap_or_default();
        raw.push(Raw::new(name, begin, end).on(seen.process));
    }
    if seen.noted.exit != 0 {
        let is_over = seen.end != Some(observed::End::Deadline);
        let end = is_over.then_some(seen.ended.max(seen.noted.exit));
        raw.push(Raw::new("exit, until it is gone", seen.noted.exit, end).on(seen.process));
    }
    raw
}

/// The steps of the last generation, with those of the exit inside of it.
fn library(life: &Life) -> Vec<Raw> {
    let kinds = STEPS.map(|(kind, _)| kind);
    let steps = life
        .last
        .as_ref()
        .map(|report| report.steps(&kinds))
        .unwrap_or_default();
    // The exit asks again whether they are over.
    let ends = steps.iter().filter(|step| step.step == "parts-end");
    let longest = ends.max_by_key(|step| step.end - step.begin).cloned();
    let steps: Vec<_> = steps
        .into_iter()
        .filter(|step| step.step != "parts-end" || Some(step) == longest.as_ref())
        .collect();
    let exit = steps
        .iter()
        .find(|step| step.step == "process-exit")
        .cloned();
    let raw = |step: &super::report::Step| {
        let name = STEPS.iter().find(|(kind, _)| *kind == step.step);
        let is_inside = exit
            .as_ref()
            .is_some_and(|exit| exit != step && step.begin >= exit.begin);
        Raw::new(
            name.map_or("", |(_, name)| name),
            step.begin,
            Some(step.end),
        )
        .inside(is_inside.into())
        .on(step.thread)
    };
    steps.iter().map(raw).collect()
}

//! The load and the start: from `dlopen` to the first results.

use rt0_doctor::observed::{Seen, Watch};

use super::lane::{Raw, lane, pair};
use super::loader::Words;
use super::report::{Life, Report};
use super::threads;
use crate::model::{Look, Part};

/// The part; `None` if nothing was seen of the library.
pub fn part(watch: &Watch, seen: &Seen, life: &Life, words: &Words) -> Option<Part> {
    let host = host(watch, seen, life);
    let failed = life.failure.is_some();
    let library = life.first.as_ref().map(|report| library(report, failed));
    let library = library.unwrap_or_default();
    let waits = life
        .first
        .as_ref()
        .map(|report| waits(report, seen.process));
    let waits = waits.unwrap_or_default();
    let left_out = life
        .first
        .as_ref()
        .map_or(0, |report| report.steps_left_out);
    let all = || host.iter().chain(&library).chain(&waits).chain(&words.bars);
    let zero = all().map(|raw| raw.begin).min()?;
    let open = all().any(|raw| raw.end.is_none());
    let last = all().filter_map(|raw| raw.end).max().unwrap_or(zero);
    // What is never over goes on to the edge. The axis to the deadline would leave no room for all else.
    let begun = all().map(|raw| raw.begin).max().unwrap_or(zero).max(last);
    let last = match open {
        true if begun > zero => begun + (begun - zero) / 3,
        true => seen.ended.max(zero + 1),
        false => last,
    };
    let threads = thread_bars(seen, last);
    let lanes = [
        lane("Host", Look::Host, zero, host, "call", 0),
        lane("Library", Look::Library, zero, library, "step", 0),
        lane(
            "Calls that wait",
            Look::Wait,
            zero,
            waits,
            "step",
            left_out as usize,
        ),
        lane(
            "Dynamic loader",
            Look::Loader,
            zero,
            words.bars.clone(),
            "step",
            0,
        ),
        lane("Threads, as seen", Look::Thread, zero, threads, "thread", 0),
    ];
    Some(Part {
        title: "Load and start".to_owned(),
        zero,
        length: last - zero,
        lanes: lanes.into_iter().flatten().collect(),
    })
}

/// What the host does.
fn host(watch: &Watch, seen: &Seen, life: &Life) -> Vec<Raw> {
    let plan = &watch.plan;
    let main = seen.process;
    let mut raw = Vec::new();
    let mut push = |name: &str, times: (u64, u64)| {
        if let Some((begin, end)) = pair(times) {
            raw.push(Raw::new(name, begin, end).on(main));
        }
    };
    push("dlopen", seen.noted.dlopen);
    let answers = seen.said.as_ref().map_or(&[][..], |said| &said.answers);
    if let Some(setup) = &plan.setup {
        let answer = seen.said.as_ref().and_then(|said| said.setup.clone());
        push(
            &answer.unwrap_or_else(|| setup.symbol.clone()),
            seen.noted.setup,
        );
    }
    for (number, (call, times)) in plan.calls.iter().zip(&seen.noted.calls).enumerate() {
        let name = answers.get(number).cloned();
        push(&name.unwrap_or_else(|| call.symbol.clone()), *times);
    }
    let first = seen.noted.calls.first().map_or(0, |times| times.1);
    push("first result", (first, first));
    let called = life.first.as_ref().and_then(|report| report.at("called"));
    if let Some(called) = called.filter(|_| !watch.program.is_empty()) {
        raw.push(Raw::new("first call comes through", called, Some(called)));
    }
    raw.sort_by_key(|raw| raw.begin);
    raw
}

/// What the library does.
fn library(report: &Report, failed: bool) -> Vec<Raw> {
    let at = |mark: &str| report.at(mark);
    let mut raw = Vec::new();
    let mut push = |name: &str, begin: Option<u64>, end: Option<u64>| {
        if let Some(begin) = begin {
            raw.push(Raw::new(name, begin, end.map(|end| end.max(begin))));
        }
    };
    push("constructor", at("constructor"), at("returned"));
    if let Some(thread) = at("thread") {
        let since = at("returned").unwrap_or(thread).min(thread);
        push("boot thread waits to run", Some(since), Some(thread));
    }
    if at("thread").is_some() && at("barrier").is_some() {
        push("waits for dlopen to return", at("thread"), at("barrier"));
    }
    if let Some(claimed) = at("claimed") {
        let built = at("runtime").or(at("init").filter(|_| failed));
        push("runtime is built", Some(claimed), built);
        push("init", at("runtime"), at("init"));
    }
    let spans = report.steps(&["span"]);
    let mut open: Vec<u64> = Vec::new();
    for span in &spans {
        open.retain(|end| *end > span.begin);
        raw.push(
            Raw::new(span.name.clone(), span.begin, Some(span.end))
                .inside(1 + open.len())
                .on(span.thread),
        );
        open.push(span.end);
    }
    if let Some(ready) = at("ready") {
        let name = match failed {
            true => "start-up has failed",
            false => "ready",
        };
        raw.push(Raw::new(name, ready, Some(ready)));
    }
    raw
}

/// The calls that waited.
fn waits(report: &Report, process: u32) -> Vec<Raw> {
    let waits = report.steps(&["wait"]);
    let raw = |step: &super::report::Step| {
        let name = match step.thread == process {
            true => format!("main thread ({process})"),
            false => format!("thread {}", step.thread),
        };
        Raw::new(name, step.begin, Some(step.end)).on(step.thread)
    };
    waits.iter().map(raw).collect()
}

/// The threads that were seen before this time.
fn thread_bars(seen: &Seen, last: u64) -> Vec<Raw> {
    let all = threads::others(seen).into_iter();
    let early = all.filter(|thread| thread.first < last);
    early
        .map(|thread| {
            let name = format!("{} ({})", thread.name, thread.id);
            Raw::new(name, thread.first, Some(thread.last.min(last))).on(thread.id)
        })
        .collect()
}

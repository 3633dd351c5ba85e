//! How it ended, and what else there is to say, in sentences.

use std::path::Path;

use rt0_doctor::observed::{End, Seen, Watch};

use super::loader::Words;
use super::names::file_name;
use super::report::Life;
use super::threads;
use crate::scale::{cut, time};

/// What the process is called.
pub fn process_name(watch: &Watch) -> String {
    match watch.program.first() {
        Some(program) => file_name(Path::new(program)),
        None => "cargo rt0 trace".to_owned(),
    }
}

/// What the library is, and what loaded it.
pub fn about(watch: &Watch) -> String {
    let kind = match watch.plan.rt0 {
        true => "built with rt0",
        false => "not built with rt0, so seen from outside only",
    };
    let by = match watch.program.first() {
        Some(_) => format!("loaded by {}", cut(&one_line(&watch.program), 60)),
        None => "loaded by a process of its own".to_owned(),
    };
    format!("{}: {kind}; {by}", watch.plan.library.display())
}

/// A command without its line breaks.
fn one_line(words: &[String]) -> String {
    let all = words.join(" ");
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What went wrong.
pub fn problem(watch: &Watch, seen: &Seen, life: &Life) -> Option<String> {
    let is_own = watch.program.is_empty();
    let (what, doing) = match is_own {
        true => (
            "the process",
            format!(
                " while {}",
                if seen.step.is_empty() {
                    "starting"
                } else {
                    &seen.step
                }
            ),
        ),
        false => ("the program", String::new()),
    };
    let complete = seen.said.as_ref().is_some_and(|said| said.complete);
    let limit = time(watch.deadline_ms * 1_000_000);
    let until = "what was seen until then is below";
    let sentence = match &seen.end {
        Some(End::Signal(signal)) => format!("{what} was killed by {signal}{doing}; {until}"),
        Some(End::Deadline) => {
            let hung = match is_own {
                true => format!("it hung{doing} (deadline {limit})"),
                false => format!("the program had not ended after {limit}"),
            };
            format!("{hung} and was killed; {until}")
        }
        Some(End::TooMuch) => {
            format!(
                "{what} printed, or made processes, without end{doing}, and was killed; {until}"
            )
        }
        Some(End::Exit(code)) if is_own && !complete => {
            format!("the process ended with exit code {code}{doing}; {until}")
        }
        Some(End::Exit(code)) if *code != 0 => format!("{what} ended with exit code {code}"),
        Some(End::Exit(_)) => {
            let said = seen.said.as_ref();
            let unloaded = said.and_then(|said| said.failure.clone());
            let wrong = said.and_then(|said| said.objection.clone());
            let failed = || {
                life.failure
                    .as_ref()
                    .map(|text| format!("start-up failed: {text}"))
            };
            return unloaded.or_else(failed).or(wrong);
        }
        None => format!("{what} can't be started: {}", seen.step),
    };
    Some(sentence)
}

/// What else there is to say. `zero` is the beginning of the trace.
pub fn notes(watch: &Watch, seen: &Seen, life: &Life, words: &Words, zero: u64) -> Vec<String> {
    let mut notes = Vec::new();
    let is_own = watch.program.is_empty();
    if let Some((all, cached)) = words.relocations.filter(|_| is_own) {
        notes.push(format!(
            "The loader made {all} relocations by name for what was loaded, {cached} of them from its cache."
        ));
    }
    if words.bars.is_empty() && watch.loader && seen.end.is_some() {
        notes.push(
            "The dynamic loader said nothing about the library (only glibc's does).".to_owned(),
        );
    } else if !words.bars.is_empty() {
        let late = match is_own {
            true => "",
            false => "The loader's times are when its words were read, a little late. ",
        };
        notes.push(format!(
            "{late}Saying what it does makes the loader slower; --no-loader leaves it alone."
        ));
    }
    if !is_own && zero > seen.started && (life.first.is_some() || !words.bars.is_empty()) {
        notes.push(format!(
            "The program had run for {} when the library was loaded, and ended after {}.",
            time(zero - seen.started),
            time(seen.ended.saturating_sub(seen.started))
        ));
    }
    if watch.plan.rt0 && life.first.is_none() && seen.end.is_some() {
        notes.push(match is_own {
            true => "The library has not said anything of itself.".to_owned(),
            false => "The library has not said anything of itself: the program did not load it, or this library is \
                      of an rt0 that does not know RT0_TRACE."
                .to_owned(),
        });
    }
    if let Some(report) = life.first.as_ref().filter(|report| report.start != "load") {
        notes.push(format!(
            "Its start policy is `{}`: the load begins no start.",
            report.start
        ));
    }
    if life.generations > 1 {
        notes.push(format!(
            "It booted {} times: the first start and the last end are shown.",
            life.generations
        ));
    }
    if life.others > 0 {
        notes.push(format!(
            "{} other process(es) loaded it as well; this is process {}.",
            life.others,
            life.first
                .as_ref()
                .map_or(seen.process, |report| report.pid)
        ));
    }
    let threads = threads::others(seen);
    if !threads.is_empty() {
        notes.push(format!("Threads seen: {}.", threads::counted(&threads)));
    }
    notes
}

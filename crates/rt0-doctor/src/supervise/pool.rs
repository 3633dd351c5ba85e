//! Runs one check in a keeper, from the tool.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{End, Ended, Job, KEEPER, process};
use crate::check::{Check, Stop, Verdict};
use crate::observed::{self, Seen, Watch};
use crate::plan::Plan;
use crate::subject::signal_name;

/// Runs a dynamic check once, in a process of its own. Gives the verdict, after how many rounds of a repetition it has
/// come, and how many there are at least.
pub fn run(check: &Check, plan: &Plan, deadline: Duration) -> (Verdict, [u32; 2]) {
    let job = Job {
        id: check.id.to_owned(),
        plan: plan.clone(),
        deadline_ms: deadline.as_millis() as u64,
        niceness: process::niceness(),
        watch: None,
    };
    match kept(&job) {
        Ok(ended) => {
            let rounds = ended.rounds;
            (judge(ended, deadline), rounds)
        }
        Err(error) => {
            let why = format!("no process can be made for it: {error}");
            (Err(Stop::could_not(why)), [0; 2])
        }
    }
}

/// Watches a library or a program.
pub fn watch(watch: &Watch) -> io::Result<Seen> {
    let ended = kept(&Job {
        id: String::new(),
        plan: Plan::default(),
        deadline_ms: watch.deadline_ms,
        niceness: process::niceness(),
        watch: Some(watch.clone()),
    })?;
    Ok(Seen {
        end: match ended.end {
            End::Exit(code) => Some(observed::End::Exit(code)),
            End::Signal(signal) => Some(observed::End::Signal(signal_name(signal))),
            End::Deadline | End::TooLong => Some(observed::End::Deadline),
            End::Flood | End::Storm => Some(observed::End::TooMuch),
            End::NotStarted => None,
        },
        step: ended.step,
        printed: ended.printed,
        stacks: ended.stacks,
        ..ended.seen
    })
}

/// Starts a keeper and gets its answer. Its standard input stays open until then: its end is the tool's end.
fn kept(job: &Job) -> io::Result<Ended> {
    let mut keeper = Command::new(process::own_program())
        .arg(KEEPER)
        // A terminal sends Ctrl-C to the whole group of the tool: a keeper that died of it could end nothing.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut input = keeper.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut line = serde_json::to_string(job)?;
    line.push('\n');
    let sent = input.write_all(line.as_bytes());
    let output = keeper.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let answer = sent.and_then(|()| io::read_to_string(output));
    drop(input);
    keeper.wait()?;
    serde_json::from_str(&answer?).map_err(|_| io::Error::other("its keeper was killed"))
}

/// What a subject's end means.
fn judge(ended: Ended, deadline: Duration) -> Verdict {
    let step = match ended.step.as_str() {
        "" => "starting",
        step => step,
    };
    let what = match (ended.end, ended.verdict) {
        // What it said before its end counts, unless it did not end by itself.
        (End::Exit(0), Some(verdict)) => {
            return verdict.map_err(|stop| with_output(stop, "", &ended.printed));
        }
        (End::NotStarted, _) => {
            return Err(Stop::could_not(format!(
                "no process can be made for it: {step}"
            )));
        }
        (End::Exit(code), _) => format!("the process ended with exit code {code} while {step}"),
        (End::Signal(signal), _) => format!(
            "the process was killed by {} while {step}",
            signal_name(signal)
        ),
        (End::Deadline, _) => format!("it hung while {step} (deadline {deadline:?})"),
        (End::TooLong, _) => {
            return Err(Stop::could_not(format!(
                "it takes too long: it was still {step}"
            )));
        }
        (End::Flood, _) => format!("it printed without end while {step}"),
        (End::Storm, _) => format!("it made processes without end while {step}"),
    };
    let what = match ended.rounds {
        [0 | 1, 0 | 1] => what,
        [round, _] => format!("{what}, in round {round}"),
    };
    Err(with_output(Stop::fail(what), &ended.stacks, &ended.printed))
}

fn with_output(stop: Stop, stacks: &str, printed: &str) -> Stop {
    let mut details: Vec<String> = stop.details.iter().cloned().collect();
    if !stacks.is_empty() {
        details.push(stacks.trim_end().to_owned());
    }
    if !printed.trim().is_empty() {
        let lines: Vec<_> = printed.lines().collect();
        let last = &lines[lines.len().saturating_sub(20)..];
        details.push(format!("it printed:\n{}", last.join("\n")));
    }
    match details.is_empty() {
        true => stop,
        false => stop.with(details.join("\n")),
    }
}

//! The life of a process that is watched: it loads the library, makes the calls, and exits as a program does.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::board::Board;
use crate::calls::{Call, Expect, Kind, Ty, Value};
use crate::observed::{Noted, Said, Watch};
use crate::subject::{Library, Prepared, Subject, now, threads_by_name};

/// Where on the board the times are: of each pair the first.
mod slot {
    pub const DLOPEN: usize = 0;
    pub const SETUP: usize = 2;
    pub const SHUTDOWN: usize = 4;
    pub const EXIT: usize = 6;
    pub const CALLS: usize = 8;
}

/// How many calls have room there.
pub const CALLS: usize = (crate::board::SLOTS - slot::CALLS) / 2;

/// How long the library's report is left alone, and then again and again.
const PATIENCE: Duration = Duration::from_millis(200);

/// Loads the library, makes the calls, and leaves on the board what came of it. The caller then exits.
pub fn run(watch: &Watch, board: Board) {
    let subject = Subject::begin(watch.plan.clone(), board);
    let mut said = Said::default();
    if let Err(why) = live(watch, &subject, board, &mut said) {
        said.failure = Some(why);
    }
    said.complete = true;
    leave(board, &said);
    subject.step("exiting");
    note(board, slot::EXIT);
}

/// What a process has noted on its board.
pub fn noted(board: Board, calls: usize) -> Noted {
    // Acquire: pairs with the release in `note`.
    let at = |slot: usize| board.slot(slot).load(Ordering::Acquire);
    let pair = |slot| (at(slot), at(slot + 1));
    Noted {
        dlopen: pair(slot::DLOPEN),
        setup: pair(slot::SETUP),
        calls: (0..calls.min(CALLS))
            .map(|number| pair(slot::CALLS + 2 * number))
            .collect(),
        shutdown: pair(slot::SHUTDOWN),
        exit: at(slot::EXIT),
    }
}

fn note(board: Board, slot: usize) {
    // Release: pairs with the acquire in `noted`.
    board.slot(slot).store(now(), Ordering::Release);
}

fn leave(board: Board, said: &Said) {
    board.set_verdict(&serde_json::to_string(said).unwrap_or_default());
}

fn live(watch: &Watch, subject: &Subject, board: Board, said: &mut Said) -> Result<(), String> {
    let plan = &watch.plan;
    subject.step("loading the library");
    note(board, slot::DLOPEN);
    let opened = Library::open(&plan.library);
    note(board, slot::DLOPEN + 1);
    let library = opened.map_err(|why| format!("the library can't be loaded: {why}"))?;
    let prepare = |call: &Call| library.prepare(call).map_err(|stop| stop.evidence);
    let report = report(plan.prefix.as_deref(), &library);
    let threads = |said: &mut Said| {
        if !plan.rt0 {
            said.threads.push((now(), threads_by_name()));
        }
    };
    threads(said);
    let setup = plan.setup.as_ref().map(prepare).transpose()?;
    let calls: Vec<Prepared> = plan.calls.iter().map(prepare).collect::<Result<_, _>>()?;
    let shutdown = plan.shutdown.as_ref().filter(|_| watch.shuts_down);
    let shutdown = shutdown.map(prepare).transpose()?;
    let make = |said: &mut Said, call: &Prepared, at: Option<usize>| {
        subject.step(&format!("calling {}", call.call().symbol));
        at.inspect(|at| note(board, *at));
        let answer = call.invoke();
        at.inspect(|at| note(board, at + 1));
        let objection = call.call().objection(&answer);
        said.objection = said.objection.take().or(objection);
        format!("{} → {answer}", call.call().symbol)
    };
    std::thread::scope(|scope| {
        // Dropped when the calls are over, or if this thread panics.
        let (over, rest) = mpsc::channel::<()>();
        if let Some(report) = &report {
            let partial = said.clone();
            let name = std::thread::Builder::new().name(OWN_THREAD.to_owned());
            let watcher = move || keep_reports(board, report, partial, &rest);
            let _ = name.spawn_scoped(scope, watcher);
        }
        if let Some(setup) = &setup {
            said.setup = Some(make(said, setup, Some(slot::SETUP)));
            threads(said);
        }
        for (number, call) in calls.iter().enumerate() {
            let at = (number < CALLS).then_some(slot::CALLS + 2 * number);
            let answer = make(said, call, at);
            said.answers.push(answer);
            threads(said);
        }
        drop(over);
    });
    said.reports.extend(report.as_ref().and_then(text_of));
    leave(board, said);
    if let Some(shutdown) = &shutdown {
        said.shutdown = Some(make(said, shutdown, Some(slot::SHUTDOWN)));
        said.reports.extend(report.as_ref().and_then(text_of));
    }
    Ok(())
}

/// The name of a thread of ours in the process.
pub const OWN_THREAD: &str = "rt0-doctor";

/// While the calls are made: if they hang, or crash, the last report is there.
fn keep_reports(board: Board, report: &Prepared, mut said: Said, rest: &mpsc::Receiver<()>) {
    while let Err(RecvTimeoutError::Timeout) = rest.recv_timeout(PATIENCE) {
        said.reports = text_of(report).into_iter().collect();
        leave(board, &said);
    }
}

/// `NAME_report` of a library built with rt0.
fn report(prefix: Option<&str>, library: &Library) -> Option<Prepared> {
    let call = Call {
        symbol: format!("{}_report", prefix?),
        args: Vec::new(),
        result: Ty::Str,
        expect: Expect::Anything,
        kind: Kind::Plain,
        later: None,
    };
    library.prepare(&call).ok()
}

fn text_of(report: &Prepared) -> Option<String> {
    match report.invoke() {
        Value::Str(text) => Some(text),
        _ => None,
    }
}

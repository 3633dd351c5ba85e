//! The process between the tool and a subject.

use std::fs::File;
use std::io::{self, BufRead, Read, Seek};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::output::Output;
use super::tree::Doing;
use super::watching::{Loader, Sampler};
use super::{End, Ended, Job, SUBJECT, limits, machine, process, stacks, stamped, tree};
use crate::board::{self, Board};
use crate::observed::{Seen, Watch};
use crate::subject::now;
use crate::traced;

/// How often a keeper looks around if nothing happens.
const PULSE: Duration = Duration::from_millis(20);

/// How many times the deadline of a step all steps of a check may take on a machine that is not busy. A library with a
/// slow start makes every check slow that starts it many times.
const STEPS: u32 = 30;

/// The keeper's whole life: it reads a job from standard input, answers on standard output, and has ended everything
/// below itself before it returns.
pub fn keep() {
    process::be_subreaper();
    process::hold_back_child_signals();
    process::be_quicker();
    // If the system refuses, there may be a file more.
    let _ = limits::leave_no_core();
    let mut line = String::new();
    let mut input = io::stdin().lock();
    let job: Option<Job> = match input.read_line(&mut line) {
        Ok(_) => serde_json::from_str(&line).ok(),
        Err(_) => None,
    };
    drop(input);
    let Some(job) = job else { return };
    watch_the_tool();
    let ended = run(&job);
    tree::kill_below(std::process::id());
    // If the tool has gone, nobody wants it.
    let _ = serde_json::to_writer(io::stdout().lock(), &ended);
}

/// If the tool ends, however that may be, its end of the pipe closes.
fn watch_the_tool() {
    std::thread::spawn(|| {
        let mut rest = [0; 64];
        while let Ok(1..) = io::stdin().lock().read(&mut rest) {}
        tree::kill_below(std::process::id());
        std::process::exit(1);
    });
}

fn run(job: &Job) -> Ended {
    let begun = Instant::now();
    let mut ended = Ended {
        verdict: None,
        step: String::new(),
        end: End::NotStarted,
        stacks: String::new(),
        printed: String::new(),
        rounds: [0; 2],
        seconds: 0.0,
        seen: Seen::default(),
    };
    match start(job) {
        Ok(subject) => watch(job, &subject, begun, &mut ended),
        Err(error) => ended.step = error.to_string(),
    }
    ended.seconds = begun.elapsed().as_secs_f64();
    ended
}

struct Started {
    id: u32,
    board: Board,
    output: Output,
    watched: Option<Watched>,
}

/// What is noticed of a process that is watched.
struct Watched {
    started: u64,
    sampler: Sampler,
    loader: Arc<Loader>,
    /// Where libraries write to: `RT0_TRACE`.
    lines: File,
}

fn start(job: &Job) -> io::Result<Started> {
    let memory = board::memory()?;
    let board = Board::of(&memory)?;
    let told = match &job.watch {
        Some(watch) => serde_json::to_string(watch)?,
        None => serde_json::to_string(&(&job.id, &job.plan))?,
    };
    board.set_job(&told);
    let output = Output::default();
    let program = job.watch.as_ref().map_or(&[][..], |watch| &watch.program);
    let mut command = match program {
        [] => Command::new(process::own_program()),
        [program, args @ ..] => {
            let mut command = Command::new(program);
            command.args(args);
            command
        }
    };
    let is_own = program.is_empty();
    if is_own {
        command.arg(SUBJECT);
    }
    command.stdin(Stdio::null());
    let lines = File::from(board::memory_named(c"rt0-trace")?);
    if let Some(watch) = &job.watch {
        let path = format!("/proc/{}/fd/{}", std::process::id(), lines.as_raw_fd());
        command.env("RT0_TRACE", path);
        if watch.loader {
            command.env("LD_DEBUG", "files,reloc,statistics");
            command.env_remove("LD_DEBUG_OUTPUT");
        }
    }
    let (read, write) = pipe()?;
    command.stdout(write.try_clone()?);
    let loader = Arc::<Loader>::default();
    let mut own_errors = None;
    match &job.watch {
        Some(watch) if watch.loader && is_own => {
            let (errors, write) = stamped::pair()?;
            own_errors = Some(errors);
            command.stderr(write);
        }
        _ => {
            command.stderr(write);
        }
    }
    let descriptor = memory.as_raw_fd();
    let (tasks, niceness) = (machine::tasks(), job.niceness);
    let become_subject = move || {
        process::lead_a_session()?;
        process::let_child_signals_through();
        process::be_as_quick_as(niceness);
        limits::set(tasks)?;
        match is_own {
            true => process::keep_only(descriptor, board::DESCRIPTOR),
            false => {
                process::keep_none();
                Ok(())
            }
        }
    };
    // SAFETY: it makes plain system calls and allocates nothing, which a fork's child may.
    unsafe { command.pre_exec(become_subject) };
    let started = now();
    let id = command.spawn()?.id();
    // It holds the pipe's other end, which must close when the subject ends.
    drop(command);
    let watched = job.watch.as_ref().map(|_| Watched {
        started,
        sampler: Sampler::of(id),
        loader: loader.clone(),
        lines,
    });
    match (watched.is_some(), own_errors) {
        (true, Some(mut errors)) => {
            output.read(File::from(read));
            output.read_by(
                move |buffer| errors.next(buffer),
                move |bytes, at| loader.take(bytes, at),
            );
        }
        (true, None) => {
            let mut pipe = File::from(read);
            let next = move |buffer: &mut [u8]| match pipe.read(buffer) {
                Ok(count @ 1..) => Some((count, now())),
                _ => None,
            };
            output.read_by(next, move |bytes, at| loader.take(bytes, at));
        }
        (false, _) => output.read(File::from(read)),
    }
    Ok(Started {
        id,
        board,
        output,
        watched,
    })
}

fn watch(job: &Job, subject: &Started, begun: Instant, ended: &mut Ended) {
    let me = std::process::id();
    let limit = Duration::from_millis(job.deadline_ms);
    let tasks_before = machine::tasks();
    let (mut beats, mut since) = (0, begun);
    let mut ended_at = 0;
    ended.end = loop {
        if let Some(end) = process::ended(subject.id) {
            break end;
        }
        if subject.output.count() > limits::OUTPUT {
            break End::Flood;
        }
        let many = machine::tasks() > tasks_before + limits::NOTABLE;
        if many && tree::below(me).len() > limits::PROCESSES {
            break End::Storm;
        }
        if subject.board.beats() != beats {
            (beats, since) = (subject.board.beats(), Instant::now());
        }
        let taken = since.elapsed();
        if taken >= limit && hangs(me, taken, limit) {
            // That took a moment. Besides, this process may have had no processor since it looked.
            if let Some(end) = process::ended(subject.id) {
                break end;
            }
            if subject.board.beats() != beats {
                continue;
            }
            ended_at = now();
            ended.stacks = stacks::of(&tree::below(me));
            break End::Deadline;
        }
        if begun.elapsed() >= limit * STEPS * machine::times_busy() {
            break End::TooLong;
        }
        process::wait_for_a_child(PULSE);
    };
    if ended_at == 0 {
        ended_at = now();
    }
    // Now nothing changes the board or prints any more.
    tree::kill_below(me);
    subject.output.settle();
    ended.step = subject.board.step();
    ended.rounds = subject.board.rounds();
    if let (Some(watch), Some(watched)) = (&job.watch, &subject.watched) {
        ended.seen = seen(watch, subject, watched, ended_at);
        ended.printed = subject.output.text();
        return;
    }
    ended.verdict = subject
        .board
        .verdict()
        .and_then(|text| serde_json::from_str(&text).ok());
    ended.printed = subject.output.text();
}

/// Whether what is below this process hangs, after a step that has taken so long: nothing runs and nothing wants to; or
/// it has had the processor for as long as it may take, and not only waited for it.
fn hangs(me: u32, taken: Duration, limit: Duration) -> bool {
    if taken >= limit * machine::BUSIEST {
        return true;
    }
    match tree::doing(me) {
        Doing::Nothing => true,
        Doing::Starving => false,
        Doing::Something => {
            let had = taken.saturating_sub(tree::longest_wait(me));
            had >= limit && taken >= limit * machine::times_busy()
        }
    }
}

/// What was noticed of a process that was watched.
fn seen(watch: &Watch, subject: &Started, watched: &Watched, ended: u64) -> Seen {
    let mut lines = Vec::new();
    let mut file = &watched.lines;
    let read = file.rewind().and_then(|()| file.read_to_end(&mut lines));
    let calls = watch.plan.calls.len();
    Seen {
        started: watched.started,
        ended,
        process: subject.id,
        noted: traced::noted(subject.board, calls),
        said: subject
            .board
            .verdict()
            .and_then(|text| serde_json::from_str(&text).ok()),
        threads: watched.sampler.stop(),
        loader: watched.loader.over(),
        lines: read
            .map(|_| String::from_utf8_lossy(&lines).into_owned())
            .unwrap_or_default(),
        ..Seen::default()
    }
}

fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut ends = [0; 2];
    // SAFETY: pipe2(2) writes two descriptors.
    if unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: they are new, and nobody else has them.
    Ok(unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) })
}

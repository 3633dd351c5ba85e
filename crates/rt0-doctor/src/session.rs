//! One run of the doctor: what is asked for, and what comes of it.

mod refused;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::calls::{self, Call, config};
use crate::check::{Check, Finding, How, Needs, Outcome, Severity, Stop, Verdict, seconds};
use crate::checks;
use crate::error::{Error, Result};
use crate::file::File;
use crate::plan::Plan;
use crate::report::Report;
use crate::supervise;

/// What is asked for: the options of the command line.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The library.
    pub library: PathBuf,
    /// Calls into it.
    pub calls: Vec<String>,
    /// The call that comes first.
    pub setup: Option<String>,
    /// The call that shuts it down.
    pub shutdown: Option<String>,
    /// Its C header.
    pub header: Option<PathBuf>,
    /// `doctor.toml`.
    pub config: Option<PathBuf>,
    /// Only these checks or groups.
    pub only: Vec<String>,
    /// Not these: `ID=reason`.
    pub exclude: Vec<String>,
    /// These must pass.
    pub require: Vec<String>,
    /// How often each check runs, at least.
    pub repeat: Option<u32>,
    /// How long a step of a check may take: `10s`, `500ms`, `2m`.
    pub deadline: Option<String>,
    /// How many checks run at the same time.
    pub jobs: Option<usize>,
}

/// What happens in a run, for whoever shows it.
#[derive(Clone, Copy)]
pub enum Event<'a> {
    /// A check begins.
    Begun(&'static Check),
    /// A check is over.
    Over(&'a Finding),
}

/// A run that can begin.
pub struct Session {
    plan: Plan,
    bytes: Vec<u8>,
    chosen: Vec<&'static Check>,
    exclude: BTreeMap<&'static str, String>,
    require: Vec<&'static str>,
    repeat: u32,
    deadline: Duration,
    jobs: usize,
    command: String,
}

impl Session {
    /// Looks at the options and at the file.
    ///
    /// # Errors
    /// An option is wrong, or the file can't be read or is no library.
    pub fn new(options: &Options) -> Result<Session> {
        let config = match &options.config {
            Some(path) => config::read(path)?,
            None => config::Config::default(),
        };
        let (plan, bytes) = planned(options, &config)?;
        // A command that names checks runs just these, whatever the file names.
        let is_narrowed = !options.only.is_empty();
        let only = if is_narrowed {
            &options.only
        } else {
            &config.only
        };
        let chosen = choose(only)?;
        let mut exclude = BTreeMap::new();
        for text in &options.exclude {
            let (id, reason) = text.split_once('=').unwrap_or((text, ""));
            excluded(id, reason, &mut exclude)?;
        }
        for (id, reason) in &config.exclude {
            excluded(id, reason, &mut exclude)?;
        }
        let is_chosen = |id: &str| chosen.iter().any(|check| check.id == id);
        let mut require = Vec::new();
        for (id, is_optional) in options
            .require
            .iter()
            .map(|id| (id, false))
            .chain(config.require.iter().map(|id| (id, is_narrowed)))
        {
            let id = known(id)?.id;
            match (is_chosen(id), exclude.contains_key(id)) {
                (false, _) if is_optional => {}
                (false, _) => return Err(contrary(id, "is not among the checks that are to run")),
                (true, true) => return Err(contrary(id, "is excluded")),
                (true, false) => require.push(id),
            }
        }
        let deadline = options.deadline.as_ref().or(config.deadline.as_ref());
        Ok(Session {
            command: command(options),
            plan,
            bytes,
            chosen,
            exclude,
            require,
            repeat: options.repeat.or(config.repeat).unwrap_or(1).max(1),
            deadline: deadline.map_or(Ok(DEADLINE), |text| time(text))?,
            jobs: options
                .jobs
                .or(config.jobs)
                .unwrap_or_else(processors)
                .max(1),
        })
    }

    /// How many checks there are to run.
    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// Runs the checks. `tell` is called for each that begins and for each that is over, on any thread.
    ///
    /// # Errors
    /// The file is no library that can be checked.
    pub fn run(&self, tell: &(dyn Fn(Event<'_>) + Sync)) -> Result<Report> {
        let shown = self.plan.library.display();
        let file = File::read(&self.plan, &self.bytes)
            .map_err(|why| Error::new(format!("{shown} {why}")))?;
        let begun = Instant::now();
        let refused = match self.chosen.iter().any(|check| self.loads(check)) {
            true => refused::why(&self.plan, &file, self.deadline),
            false => None,
        };
        let next = AtomicUsize::new(0);
        let found = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.min(self.chosen.len()) {
                scope.spawn(|| {
                    // Relaxed: each number is taken once, and nothing else depends on it.
                    while let Some(check) = self.chosen.get(next.fetch_add(1, Ordering::Relaxed)) {
                        tell(Event::Begun(check));
                        let finding = self.finding(check, &file, refused.as_deref());
                        tell(Event::Over(&finding));
                        found
                            .lock()
                            .expect("no thread panics with it")
                            .push(finding);
                    }
                });
            }
        });
        let mut found = found.into_inner().expect("no thread panics with it");
        let place = |finding: &Finding| self.chosen.iter().position(|check| check.id == finding.id);
        found.sort_by_key(place);
        let mut report = Report::new(&self.plan, found, seconds(begun.elapsed()));
        report.unloadable = refused;
        Ok(report)
    }

    /// Runs one dynamic check in this process, without a keeper.
    ///
    /// # Errors
    /// There is no such check.
    pub fn in_this_process(&self, id: &str) -> Result<Verdict> {
        let check = known(id)?;
        let file = File::read(&self.plan, &self.bytes).map_err(Error::new)?;
        Ok(match check.how {
            How::Static(run) => run(&file),
            How::Dynamic(_) => self
                .may_run(check)
                .and_then(|()| supervise::in_this_process(check, self.plan.clone())),
        })
    }

    /// Whether it runs and loads the library.
    fn loads(&self, check: &Check) -> bool {
        matches!(check.how, How::Dynamic(_))
            && !self.exclude.contains_key(check.id)
            && self.may_run(check).is_ok()
    }

    fn finding(&self, check: &Check, file: &File<'_>, refused: Option<&str>) -> Finding {
        let begun = Instant::now();
        let excluded = self.exclude.get(check.id).cloned();
        let (verdict, often) = match &excluded {
            Some(reason) => {
                let why = format!("excluded: {reason}");
                (Err(Stop::skip(why)), Often::default())
            }
            None => match refused.filter(|_| self.loads(check)) {
                Some(why) => (Err(Stop::could_not(why)), Often::default()),
                None => self.verdict(check, file),
            },
        };
        Finding {
            seconds: seconds(begun.elapsed()),
            runs: often.runs,
            rounds: often.rounds,
            least_rounds: often.least,
            excluded,
            required: self.require.contains(&check.id),
            reproduce: format!("{} --only {}", self.command, check.id),
            ..Finding::of(check, verdict)
        }
    }

    /// The verdict, and after how many runs.
    fn verdict(&self, check: &Check, file: &File<'_>) -> (Verdict, Often) {
        if let Err(stop) = self.may_run(check) {
            return (Err(stop), Often::default());
        }
        match check.how {
            How::Static(run) => {
                let run = std::panic::AssertUnwindSafe(|| run(file));
                let panicked = |_| {
                    Err(Stop::could_not(
                        "the check itself panicked: the file may be damaged",
                    ))
                };
                let verdict = std::panic::catch_unwind(run).unwrap_or_else(panicked);
                let once = Often {
                    runs: 1,
                    rounds: 1,
                    least: 1,
                };
                (verdict, once)
            }
            How::Dynamic(_) => self.repeated(check),
        }
    }

    /// Runs until it fails, or often enough.
    fn repeated(&self, check: &Check) -> (Verdict, Often) {
        let times = check.runs.max(self.repeat);
        let mut worst: Option<Verdict> = None;
        let mut often = Often::default();
        for run in 1..=times {
            let (verdict, [rounds, least]) = supervise::run(check, &self.plan, self.deadline);
            often.runs = run;
            often.rounds += rounds.max(1);
            often.least = times * least.max(1);
            let rank = |verdict: &Verdict| {
                verdict
                    .as_ref()
                    .map_or_else(|stop| stop.outcome, |_| Outcome::Pass)
            };
            match rank(&verdict) {
                Outcome::Fail if times > 1 => {
                    let named = |stop: Stop| Stop {
                        evidence: format!("{} (run {run} of {times})", stop.evidence),
                        ..stop
                    };
                    return (verdict.map_err(named), often);
                }
                Outcome::Fail | Outcome::Skip | Outcome::CouldNotRun => return (verdict, often),
                Outcome::Pass | Outcome::Warn => {}
            }
            if worst
                .as_ref()
                .is_none_or(|worst| rank(worst) <= rank(&verdict))
            {
                worst = Some(verdict);
            }
        }
        let verdict = worst.unwrap_or_else(|| Err(Stop::could_not("it never ran")));
        let counted = |evidence: String| match times {
            1 => evidence,
            times => format!("{evidence} ({times} runs)"),
        };
        (verdict.map(counted), often)
    }

    fn may_run(&self, check: &Check) -> std::result::Result<(), Stop> {
        match check.needs {
            Needs::Call | Needs::Shutdown if self.plan.calls.is_empty() => Err(Stop::skip(
                "it needs a call into the library: give one with --call",
            )),
            Needs::Shutdown if self.plan.shutdown.is_none() => Err(Stop::skip(
                "it needs the call that shuts the library down: give it with --shutdown",
            )),
            _ => Ok(()),
        }
    }
}

/// How often a check has looked.
#[derive(Clone, Copy, Default)]
struct Often {
    runs: u32,
    /// The rounds of its repetitions, in all runs.
    rounds: u32,
    /// How many there are at least if nothing fails.
    least: u32,
}

/// What is to be checked, and with which calls, and the file's bytes.
///
/// # Errors
/// A call is written wrongly, or the file can't be read.
pub fn planned(options: &Options, config: &config::Config) -> Result<(Plan, Vec<u8>)> {
    let shown = options.library.display();
    let cannot_read = |e: std::io::Error| Error::new(format!("cannot read {shown}: {e}"));
    let library = options.library.canonicalize().map_err(cannot_read)?;
    let bytes = std::fs::read(&library).map_err(cannot_read)?;
    let read = |text: &String| calls::parse(text).map_err(Error::new);
    let one = |text: &Option<String>, other: &Option<String>| -> Result<Option<Call>> {
        text.as_ref().or(other.as_ref()).map(read).transpose()
    };
    let mut plan = Plan {
        library,
        calls: options
            .calls
            .iter()
            .chain(&config.call)
            .map(read)
            .collect::<Result<_>>()?,
        setup: one(&options.setup, &config.setup)?,
        shutdown: one(&options.shutdown, &config.shutdown)?,
        header: options.header.clone().or_else(|| config.header.clone()),
        glibc: config.glibc.clone(),
        ..Plan::default()
    };
    describe(&mut plan, &bytes).map_err(|why| Error::new(format!("{shown} {why}")))?;
    Ok((plan, bytes))
}

/// How long a step of a check may take, unless somebody says otherwise.
const DEADLINE: Duration = Duration::from_secs(10);

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Adds what the file says of itself.
fn describe(plan: &mut Plan, bytes: &[u8]) -> std::result::Result<(), String> {
    let Ok(object) = object::File::parse(bytes) else {
        return Ok(());
    };
    let Some(described) = calls::described(&object)? else {
        return Ok(());
    };
    plan.rt0 = true;
    plan.pins_itself = described.pins_itself;
    plan.prefix = Some(described.prefix);
    if plan.calls.is_empty() {
        plan.described = true;
        plan.calls = described.calls;
    }
    if plan.shutdown.is_none() {
        plan.shutdown = described.shutdown;
    }
    Ok(())
}

/// The check with this id.
///
/// # Errors
/// There is none.
pub fn known(id: &str) -> Result<&'static Check> {
    checks::find(id)
        .ok_or_else(|| Error::new(format!("there is no check `{id}`: --list names them all")))
}

/// Checks and whole groups.
fn choose(only: &[String]) -> Result<Vec<&'static Check>> {
    if only.is_empty() {
        return Ok(checks::all().collect());
    }
    for name in only {
        let is_group = checks::all().any(|check| check.group() == name.as_str());
        if !is_group {
            known(name)?;
        }
    }
    let wanted = |check: &&Check| {
        only.iter()
            .any(|name| name == check.id || name == check.group())
    };
    Ok(checks::all().filter(wanted).collect())
}

fn contrary(id: &str, why: &str) -> Error {
    Error::new(format!("`{id}` is required, and {why}"))
}

fn excluded(id: &str, reason: &str, into: &mut BTreeMap<&'static str, String>) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::new(format!(
            "why is `{id}` excluded? --exclude {id}='the reason'"
        )));
    }
    into.insert(known(id)?.id, reason.to_owned());
    Ok(())
}

/// Reads `10s`, `500ms`, `2m`.
///
/// # Errors
/// It is none of that kind.
pub fn time(text: &str) -> Result<Duration> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let each = match &text[digits.len()..] {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60_000),
        _ => None,
    };
    match (digits.parse::<u64>(), each) {
        (Ok(count @ 1..=1_000_000), Some(each)) => Ok(Duration::from_millis(count * each)),
        _ => Err(Error::new(format!("`{text}` is no time: 500ms, 10s, 2m"))),
    }
}

/// The command that was given, without what chooses checks.
fn command(options: &Options) -> String {
    let mut words = vec![
        "cargo rt0 doctor".to_owned(),
        quoted(&options.library.to_string_lossy()),
    ];
    let mut push = |name: &str, value: &str| words.push(format!("{name} {}", quoted(value)));
    options.calls.iter().for_each(|call| push("--call", call));
    options.setup.iter().for_each(|call| push("--setup", call));
    options
        .shutdown
        .iter()
        .for_each(|call| push("--shutdown", call));
    let path = |path: &Path| path.to_string_lossy().into_owned();
    options
        .header
        .iter()
        .for_each(|header| push("--header", &path(header)));
    options
        .config
        .iter()
        .for_each(|config| push("--config", &path(config)));
    options
        .deadline
        .iter()
        .for_each(|time| push("--deadline", time));
    options
        .repeat
        .iter()
        .for_each(|count| push("--repeat", &count.to_string()));
    words.join(" ")
}

/// The word as a shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@%".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// Whether somebody must look at this one.
pub fn is_bad(finding: &Finding) -> bool {
    finding.is_failure()
        || (finding.severity == Severity::Warning && finding.outcome == Outcome::Fail)
}

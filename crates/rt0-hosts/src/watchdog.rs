//! Runs a process that may hang, crash or print what it should not.

use std::ffi::{OsStr, OsString};
use std::io::{ErrorKind, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::ran::Ran;
use crate::target::{is_under_wine, times_slower, variables};
use crate::{processes, stacks, wine};

/// How long a host may take on a machine with nothing else to do, unless its test says otherwise: far longer
/// than the slowest machine needs. Only a failing test waits that long.
pub const LIMIT: Duration = Duration::from_secs(60);

/// A process to run. It gets a clean environment: `PATH`, what the system's own libraries need, and what [`Host::env`]
/// adds.
pub struct Host {
    command: Command,
    limit: Duration,
    /// What it says last, and how long it may take after that.
    last: Option<(&'static str, Duration)>,
}

impl Host {
    /// Runs this program.
    pub fn new(program: impl AsRef<OsStr>) -> Host {
        let mut command = Command::new(program);
        let value = |name: &&'static str| Some((*name, std::env::var_os(name)?));
        command
            .env_clear()
            .envs(processes::NEEDED.iter().filter_map(value))
            .stdin(Stdio::null());
        Host {
            command,
            limit: LIMIT,
            last: None,
        }
    }

    /// Runs a compiled host: as [`Host::new`], but under the emulator or valgrind that a command of xtask
    /// names, and with its options for a sanitizer.
    pub fn compiled(program: impl AsRef<OsStr>) -> Host {
        let runner = std::env::var("RT0_HOSTS_RUNNER").unwrap_or_default();
        let mut words = runner.split_whitespace();
        let host = match words.next() {
            Some(runner) => Host::new(runner).args(words).arg(program),
            None => Host::new(program),
        };
        host.envs(variables("RT0_FOR_HOSTS_"))
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Host {
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Host {
        self.command.args(args);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Host {
        self.command.env(name, value);
        self
    }

    /// Sets these environment variables.
    pub fn envs<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        mut self,
        all: impl IntoIterator<Item = (K, V)>,
    ) -> Host {
        self.command.envs(all);
        self
    }

    /// Removes every environment variable, `PATH` too.
    pub fn env_clear(mut self) -> Host {
        self.command.env_clear();
        self
    }

    /// Runs as this user and group.
    pub fn user(mut self, id: u32) -> Host {
        processes::as_user(&mut self.command, id);
        self
    }

    /// Runs it in this directory.
    pub fn dir(mut self, dir: impl AsRef<std::path::Path>) -> Host {
        self.command.current_dir(dir);
        self
    }

    /// How long it may take on a machine with nothing else to do.
    pub fn limit(mut self, limit: Duration) -> Host {
        self.limit = limit;
        self
    }

    /// How long it may take, on a machine with nothing else to do, when it has printed this: its last words but those of
    /// its end.
    pub fn limit_after(mut self, words: &'static str, limit: Duration) -> Host {
        self.last = Some((words, limit));
        self
    }

    /// Runs it to its end, then kills all processes that it left in its group.
    ///
    /// # Panics
    /// It can't be started, or does not end in time: with everything that it printed.
    #[track_caller]
    pub fn run(mut self) -> Ran {
        processes::prepare(&mut self.command);
        let mut ran = self.once();
        if is_under_wine() {
            if wine::has_failed(&ran) {
                ran = self.once();
            }
            ran.stderr = wine::without_its_words(&ran.stderr);
        }
        ran
    }

    #[track_caller]
    fn once(&mut self) -> Ran {
        let mut child = self
            .command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("can't run {:?}: {error}", self.command));
        let (words, after) = self.last.unwrap_or(("", self.limit));
        let said = Arc::new(AtomicBool::new(false));
        let stdout = reader(child.stdout.take(), words, &said);
        let stderr = reader(child.stderr.take(), "", &said);
        let begun = Instant::now();
        let in_time = wait(
            &mut child,
            self.limit * times_slower(),
            &said,
            after * times_slower(),
        );
        let taken = begun.elapsed();
        let threads = (!in_time).then(|| stacks::of_group(child.id()));
        processes::kill_all(&mut child);
        let ran = Ran {
            command: shown(&self.command),
            status: child.wait().expect("it is our child"),
            stdout: stdout.join().expect("the reader does not panic"),
            stderr: stderr.join().expect("the reader does not panic"),
        };
        if let Some(threads) = threads {
            panic!("not over after {taken:.0?}\n{ran}\nits threads:\n{threads}");
        }
        ran
    }
}

fn shown(command: &Command) -> String {
    let quoted = |text: &OsStr| format!("{text:?}");
    let mut words: Vec<String> = command
        .get_envs()
        .filter(|(name, _)| processes::NEEDED.iter().all(|needed| name != needed))
        .filter_map(|(name, value)| Some((name, value?)))
        .map(|(name, value)| {
            let mut pair = OsString::from(name);
            pair.push("=");
            pair.push(value);
            quoted(&pair)
        })
        .collect();
    words.push(quoted(command.get_program()));
    words.extend(command.get_args().map(quoted));
    words.join(" ")
}

/// Reads all. `said` becomes true when these words, unless they are empty, have come.
fn reader(
    pipe: Option<impl Read + Send + 'static>,
    words: &'static str,
    said: &Arc<AtomicBool>,
) -> JoinHandle<Vec<u8>> {
    let said = said.clone();
    thread::spawn(move || {
        let (mut bytes, mut some) = (Vec::new(), [0; 4096]);
        let Some(mut pipe) = pipe else {
            return bytes;
        };
        loop {
            match pipe.read(&mut some) {
                Ok(0) => return bytes,
                Ok(count) => bytes.extend_from_slice(&some[..count]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return bytes,
            }
            if !words.is_empty() && bytes.ends_with(words.as_bytes()) {
                // Relaxed: nothing else is read by it.
                said.store(true, Ordering::Relaxed);
            }
        }
    })
}

/// Waits for the child's end; when it has said its last words, no longer than `after` from then on. On a busy machine it
/// waits longer than both.
fn wait(child: &mut Child, limit: Duration, said: &AtomicBool, after: Duration) -> bool {
    let begun = Instant::now();
    let mut last: Option<Instant> = None;
    let is_over = |since: Instant, limit: Duration| {
        let taken = since.elapsed();
        taken >= limit && taken >= limit * times_busy()
    };
    loop {
        if processes::has_ended(child) {
            return true;
        }
        // Relaxed: see `reader`.
        if last.is_none() && said.load(Ordering::Relaxed) {
            last = Some(Instant::now());
        }
        if is_over(begun, limit) || last.is_some_and(|last| is_over(last, after)) {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// How many processes or threads have shared a processor; at least 1.
fn times_busy() -> u32 {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let each = processes::load().map_or(1.0, |load| load / processors as f64);
    each.ceil().clamp(1.0, 50.0) as u32
}

//! What the attribute of `#[rt0::init]` says, and what the host's environment says instead.

use std::any::Any;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::Arc;

use rt0_core::library::settings;
use rt0_core::{CollectorSignals, Library, Start};

use crate::boot::{self, Booting};
use crate::forked::Text;
use crate::shutdown;

/// What std gives a thread when nobody chooses, and what tokio gives its own.
const USUAL_STACK: usize = 2 * 1024 * 1024;

/// Which async runtime a library has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuntimeKind {
    /// tokio with worker threads.
    MultiThread,
    /// tokio on the boot thread alone.
    CurrentThread,
    /// None.
    None,
}

impl RuntimeKind {
    /// What a library has whose author did not choose.
    #[cfg(feature = "tokio")]
    pub const DEFAULT: RuntimeKind = RuntimeKind::MultiThread;
    /// What a library has whose author did not choose.
    #[cfg(not(feature = "tokio"))]
    pub const DEFAULT: RuntimeKind = RuntimeKind::None;

    /// This kind, if it was built in.
    ///
    /// # Panics
    /// At compile time, when it was not.
    pub const fn possible(self) -> RuntimeKind {
        assert!(
            cfg!(feature = "tokio") || matches!(self, RuntimeKind::None),
            "this runtime needs the feature `tokio` of the dependency `rt0`"
        );
        self
    }

    /// The name in attributes and reports.
    pub const fn name(self) -> &'static str {
        match self {
            RuntimeKind::MultiThread => "multi_thread",
            RuntimeKind::CurrentThread => "current_thread",
            RuntimeKind::None => "none",
        }
    }
}

/// What a state is, to those who do not know its type.
pub type AnyState = Arc<dyn Any + Send + Sync>;

/// The options of `#[rt0::init]`, and the function itself.
pub struct Config {
    /// The library's name, which its symbols begin with.
    pub name: &'static str,
    /// When to boot.
    pub start: Start,
    /// How long a call waits, in milliseconds; `None`: for ever.
    pub wait_ms: Option<u32>,
    /// Which runtime.
    pub runtime: RuntimeKind,
    /// How many worker threads; 0: one for each processor.
    pub workers: usize,
    /// How long the exit of the process may wait, in milliseconds.
    pub exit_ms: u32,
    /// What thread names begin with; empty: the library's name.
    pub thread_name: &'static str,
    /// The stack of every thread, in bytes; 0: 8 MiB for the boot thread, 2 MiB for the others.
    pub stack_size: usize,
    /// What is said in a child in which nothing can be allocated.
    pub forked: Text,
    /// Whether a call that finds a failed boot boots again.
    pub retry: bool,
    /// How long after a failure the first call does so, in milliseconds.
    pub retry_pause_ms: u32,
    /// Whether calls that come during a shutdown wait until it is over.
    pub waits_for_shutdown: bool,
    /// Which of the host's signals may stop the library's threads.
    pub collector_signals: CollectorSignals,
    /// The author's init, called in the runtime's context.
    pub init: fn(&Booting<'_>) -> Result<AnyState, String>,
}

/// The core's table for a library with this configuration.
pub const fn library(config: &'static Config) -> Library {
    // std is inside, so it is never unloaded: see `rt0_core::platform::image`.
    Library::new(config.name)
        .start(config.start)
        .wait_ms(config.wait_ms)
        .stack_size(config.stack_size)
        .boot(boot::boot)
        .main(boot::main)
        .exit_ms(config.exit_ms)
        .at_exit(crate::exit::at_exit)
        .needs_thread(boot::needs_thread)
        .retry(config.retry)
        .retry_pause_ms(config.retry_pause_ms)
        .end_failed(shutdown::end_failed)
        .waits_for_shutdown(shutdown::is_waited_for)
        .collector_signals(config.collector_signals)
        .settle_signals(crate::runtime::settle_all_signals)
        .keep(config)
        .on_own_thread(crate::runtime::on_own_thread)
}

impl Config {
    /// The configuration of a library that [`library`] made.
    pub(crate) fn of(library: &Library) -> &'static Config {
        library
            .kept()
            .downcast_ref()
            .expect("rt0::init and nothing else makes this library's table")
    }

    /// The configuration of the library that this code is part of.
    pub(crate) fn present() -> Option<&'static Config> {
        rt0_core::this_library().ok().map(Config::of)
    }
}

/// The configuration after the environment had its say.
#[cfg_attr(
    not(feature = "tokio"),
    expect(dead_code, reason = "checked all the same")
)]
pub(crate) struct Settings {
    pub runtime: RuntimeKind,
    pub workers: Option<usize>,
    pub thread_name: String,
    /// Of the runtime's threads. Never left to std, which would ask the environment.
    pub stack_size: usize,
    pub print_panics: bool,
    /// No thread is to be made.
    pub quiet: bool,
}

/// Whether the library is to make no thread.
pub(crate) fn is_quiet(library: &Library) -> bool {
    settings::is_quiet(library)
}

/// The runtime that is in force: one with threads of its own is not, where none is to be made.
pub(crate) fn runtime_kind(library: &Library) -> RuntimeKind {
    match Config::of(library).runtime {
        RuntimeKind::MultiThread if is_quiet(library) => RuntimeKind::CurrentThread,
        kind => kind,
    }
}

impl Settings {
    /// # Errors
    /// A variable has a value that it can't have: which, and what it takes.
    pub fn read(library: &Library) -> Result<Settings, String> {
        let config = Config::of(library);
        let host = Environment(library);
        host.number("RT0_EXIT_TIMEOUT", settings::EXIT_TIMES)?;
        host.word("RT0_START", &["load", "lazy", "manual", "quiet"])?;
        host.word("RT0_RETRY", &["never", "on-call"])?;
        host.number("RT0_RETRY_PAUSE", settings::RETRY_PAUSES)?;
        host.word("RT0_COLLECTOR_SIGNALS", &["none", "usual", "usr"])?;
        let chosen = |number| (number != 0).then_some(number);
        Ok(Settings {
            runtime: runtime_kind(library),
            workers: host
                .number("RT0_WORKERS", 1..=32768)?
                .or(chosen(config.workers)),
            thread_name: match host.text("RT0_THREAD_NAME")? {
                Some("") => {
                    return Err("RT0_THREAD_NAME is empty: give it a name or unset it".into());
                }
                Some(name) => name.to_owned(),
                None if config.thread_name.is_empty() => config.name.to_owned(),
                None => config.thread_name.to_owned(),
            },
            stack_size: host
                .number("RT0_STACK_SIZE", settings::STACK_SIZES)?
                .or(chosen(config.stack_size))
                .unwrap_or(USUAL_STACK),
            print_panics: host.word("RT0_PANIC", &["print", "silent"])? == Some("print"),
            quiet: is_quiet(library),
        })
    }
}

struct Environment<'a>(&'a Library);

impl Environment<'_> {
    fn text(&self, key: &str) -> Result<Option<&'static str>, String> {
        settings::variable(self.0, key.as_bytes())
            .map(|value| {
                std::str::from_utf8(value).map_err(|_| format!("{key} is not valid UTF-8"))
            })
            .transpose()
    }

    fn word(&self, key: &str, words: &[&str]) -> Result<Option<&'static str>, String> {
        match self.text(key)? {
            Some(value) if !words.contains(&value) => {
                let mut text = format!("{key}={value}: it takes one of ");
                for (i, word) in words.iter().enumerate() {
                    text.push_str(if i == 0 { "" } else { ", " });
                    text.push_str(word);
                }
                Err(text)
            }
            value => Ok(value),
        }
    }

    fn number<N>(&self, key: &str, range: RangeInclusive<N>) -> Result<Option<N>, String>
    where
        N: FromStr + PartialOrd + Display,
    {
        let Some(value) = self.text(key)? else {
            return Ok(None);
        };
        match value.parse() {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            _ => {
                let (from, to) = range.into_inner();
                Err(format!(
                    "{key}={value}: it takes a whole number from {from} to {to}"
                ))
            }
        }
    }
}

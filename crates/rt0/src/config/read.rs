//! Reads the host's environment, which overrides the author's options.

use std::ops::RangeInclusive;

use rt0_core::Library;
use rt0_core::library::settings;

use super::Config;
use crate::runtime::settings::{RuntimeKind, Settings};

/// The default stack size of std's threads, and of tokio's.
const USUAL_STACK: usize = 2 * 1024 * 1024;

/// Whether the library must make no thread.
pub(crate) fn is_quiet(library: &Library) -> bool {
    settings::is_quiet(library)
}

/// The kind of runtime that the library really gets: if it must make no thread, not one with threads of its
/// own.
pub(crate) fn runtime_kind(library: &Library) -> RuntimeKind {
    match Config::of(library).runtime {
        RuntimeKind::MultiThread if is_quiet(library) => RuntimeKind::CurrentThread,
        kind => kind,
    }
}

/// The settings for this boot.
///
/// # Errors
/// A variable's value is not allowed. The text names the variable and the values that it takes.
pub(crate) fn settings(library: &Library) -> Result<Settings, String> {
    let config = Config::of(library);
    let host = Environment(library);
    let times = |range: RangeInclusive<u32>| (*range.start()).into()..=(*range.end()).into();
    let sizes = |range: RangeInclusive<usize>| *range.start() as u64..=*range.end() as u64;
    host.number("RT0_EXIT_TIMEOUT", times(settings::EXIT_TIMES))?;
    host.word("RT0_START", "load, lazy, manual, quiet")?;
    host.word("RT0_RETRY", "never, on-call")?;
    host.number("RT0_RETRY_PAUSE", times(settings::RETRY_PAUSES))?;
    host.word("RT0_COLLECTOR_SIGNALS", "none, usual, usr")?;
    let chosen = |number| (number != 0).then_some(number);
    Ok(Settings {
        runtime: runtime_kind(library),
        workers: host
            .number("RT0_WORKERS", 1..=32768)?
            .map(|number| number as usize)
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
            .number("RT0_STACK_SIZE", sizes(settings::STACK_SIZES))?
            .map(|number| number as usize)
            .or(chosen(config.stack_size))
            .unwrap_or(USUAL_STACK),
        print_panics: host.word("RT0_PANIC", "print, silent")? == Some("print"),
        quiet: is_quiet(library),
        parts: config.parts,
        on_thread_start: config.on_thread_start,
        on_thread_stop: config.on_thread_stop,
    })
}

struct Environment<'a>(&'a Library);

impl Environment<'_> {
    #[inline(never)]
    fn text(&self, key: &str) -> Result<Option<&'static str>, String> {
        settings::variable(self.0, key.as_bytes())
            .map(|value| {
                std::str::from_utf8(value).map_err(|_| format!("{key} is not valid UTF-8"))
            })
            .transpose()
    }

    /// One of some words, which are written as the error lists them.
    #[inline(never)]
    fn word(&self, key: &str, words: &str) -> Result<Option<&'static str>, String> {
        let value = self.text(key)?;
        let is = |value: &str| {
            let mut words = words.as_bytes().split(|byte| *byte == b',');
            words.any(|word| word.trim_ascii_start() == value.as_bytes())
        };
        match value {
            Some(value) if !is(value) => {
                Err(format!("{key}={value} is not valid: use one of {words}"))
            }
            value => Ok(value),
        }
    }

    #[inline(never)]
    fn number(&self, key: &str, range: RangeInclusive<u64>) -> Result<Option<u64>, String> {
        let Some(value) = self.text(key)? else {
            return Ok(None);
        };
        match value.parse() {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(format!(
                "{key}={value} is not valid: use a whole number from {} to {}",
                range.start(),
                range.end()
            )),
        }
    }
}

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
    let mut host = Environment {
        library,
        refused: None,
    };
    let times = |range: RangeInclusive<u32>| (*range.start()).into()..=(*range.end()).into();
    let sizes = |range: RangeInclusive<usize>| *range.start() as u64..=*range.end() as u64;
    host.number("RT0_EXIT_TIMEOUT", times(settings::EXIT_TIMES));
    host.word("RT0_START", "load, lazy, manual, quiet");
    host.word("RT0_RETRY", "never, on-call");
    host.number("RT0_RETRY_PAUSE", times(settings::RETRY_PAUSES));
    host.word("RT0_COLLECTOR_SIGNALS", "none, usual, usr");
    let workers = host.number("RT0_WORKERS", 1..=32768);
    let thread_name = host.text("RT0_THREAD_NAME");
    if thread_name == Some("") {
        host.refuse("RT0_THREAD_NAME is empty: give it a name or unset it".into());
    }
    let stack_size = host.number("RT0_STACK_SIZE", sizes(settings::STACK_SIZES));
    let print_panics = host.word("RT0_PANIC", "print, silent") == Some("print");
    if let Some(text) = host.refused {
        return Err(text);
    }
    let chosen = |number| (number != 0).then_some(number);
    let of_the_author = match config.thread_name {
        "" => config.name,
        name => name,
    };
    Ok(Settings {
        runtime: runtime_kind(library),
        workers: workers
            .map(|number| number as usize)
            .or(chosen(config.workers)),
        thread_name: thread_name.unwrap_or(of_the_author).to_owned(),
        stack_size: stack_size
            .map(|number| number as usize)
            .or(chosen(config.stack_size))
            .unwrap_or(USUAL_STACK),
        print_panics,
        quiet: is_quiet(library),
        parts: config.parts,
        on_thread_start: config.on_thread_start,
        on_thread_stop: config.on_thread_stop,
    })
}

struct Environment<'a> {
    library: &'a Library,
    /// Why the first variable is refused that has a value which is not allowed.
    refused: Option<String>,
}

impl Environment<'_> {
    #[inline(never)]
    fn refuse(&mut self, why: String) {
        self.refused.get_or_insert(why);
    }

    #[inline(never)]
    fn text(&mut self, key: &str) -> Option<&'static str> {
        let value = settings::variable(self.library, key.as_bytes())?;
        let text = std::str::from_utf8(value).ok();
        if text.is_none() {
            self.refuse(format!("{key} is not valid UTF-8"));
        }
        text
    }

    /// One of some words, which are written as the error lists them.
    #[inline(never)]
    fn word(&mut self, key: &str, words: &str) -> Option<&'static str> {
        let value = self.text(key)?;
        let mut list = words.as_bytes().split(|byte| *byte == b',');
        if !list.any(|word| word.trim_ascii_start() == value.as_bytes()) {
            self.refuse(format!("{key}={value} is not valid: use one of {words}"));
        }
        Some(value)
    }

    #[inline(never)]
    fn number(&mut self, key: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.text(key)?;
        let number = value.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            self.refuse(format!(
                "{key}={value} is not valid: use a whole number from {} to {}",
                range.start(),
                range.end()
            ));
        }
        number
    }
}

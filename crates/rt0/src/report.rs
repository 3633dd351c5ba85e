//! `NAME_report()`: what the library can say of itself at run time, as JSON.

use std::fmt::Write;

use rt0_core::generation::{self, page};
use rt0_core::timeline::Mark;
use rt0_core::{Library, gate::State, settings};

use crate::config::Config;
use crate::generation::Generation;
use crate::inflight::Inside;

/// The report. Its keys are documented in the C header.
pub(crate) fn json(library: &Library) -> String {
    let config = Config::of(library);
    let state = page().gate.state();
    let here = Here::look();
    let mut out = String::from("{");
    let mut field = |key: &str, value: String| {
        let comma = if out.len() > 1 { "," } else { "" };
        let _ = write!(out, "{comma}\"{key}\":{value}");
    };
    field("library", quoted(library.name));
    field("generation", generation::number().to_string());
    field("state", quoted(state.name()));
    field("start", quoted(settings::start(library).name()));
    field("runtime", quoted(config.runtime.name()));
    field("workers", here.workers.to_string());
    field("pid", std::process::id().to_string());
    field("fork_child", generation::in_fork_child().to_string());
    field("timeline_ns", timeline());
    let constructor = page().timeline.get(Mark::Constructor);
    field(
        "constructor_monotonic_ns",
        optional(constructor.map(|at| at.to_string())),
    );
    field("error", optional(here.failure.as_deref().map(quoted)));
    field(
        "main_error",
        optional(here.main_failure.as_deref().map(quoted)),
    );
    out.push('}');
    out
}

/// What is read from the generation itself, if there is one.
#[derive(Default)]
struct Here {
    workers: usize,
    failure: Option<String>,
    main_failure: Option<String>,
}

impl Here {
    fn look() -> Here {
        let usable = || matches!(page().gate.state(), State::Ready | State::Failed);
        let Some(_inside) = Inside::enter(usable) else {
            return Here::default();
        };
        // SAFETY: `_inside` holds a shutdown off.
        let Some(generation) = (unsafe { Generation::present() }) else {
            return Here::default();
        };
        Here {
            workers: generation.runtime.workers(),
            failure: generation.failure.clone(),
            main_failure: generation.main_failure.get().cloned(),
        }
    }
}

/// Nanoseconds since the constructor was entered, or since the first mark where it never ran.
fn timeline() -> String {
    let times = Mark::ALL.map(|mark| (mark.name(), page().timeline.get(mark)));
    let zero = times.iter().filter_map(|(_, at)| *at).min().unwrap_or(0);
    let fields = times
        .iter()
        .filter_map(|(name, at)| Some(format!("\"{name}\":{}", (*at)? - zero)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

fn optional(value: Option<String>) -> String {
    value.unwrap_or_else(|| "null".to_owned())
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_are_quoted_as_json_wants_them() {
        assert_eq!(
            super::quoted("a\"b\\c\nd\u{e4}"),
            "\"a\\\"b\\\\c\\u000ad\u{e4}\""
        );
    }
}

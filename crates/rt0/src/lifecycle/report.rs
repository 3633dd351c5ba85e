//! `NAME_report()`: the library's status at run time, as JSON.

use rt0_abi::linking;
use rt0_core::generation::timeline::Mark;
use rt0_core::generation::{self, page};
use rt0_core::library::settings;
use rt0_core::platform::image;
use rt0_core::protocol::gate::State;
use rt0_core::{Library, Status, fork};

use crate::config::read::runtime_kind;
use crate::generation::Generation;
use crate::in_flight::Inside;
use crate::interpose::in_place;
use crate::runtime::settings::RuntimeKind;

/// The report. Its keys are documented in the C header.
pub(crate) fn json(library: &Library) -> String {
    let retry = match settings::of(library).retry_pause_ms {
        Some(_) => "on-call",
        None => "never",
    };
    let state = page().gate.state().reported();
    let present = Present::look();
    let mut out = Json::default();
    out.open();
    out.text("library", Some(library.name()));
    out.number("generation", Some(generation::number().into()));
    out.text("state", Some(state.name()));
    out.text("start", Some(settings::of(library).start.name()));
    out.text("retry", Some(retry));
    out.text("runtime", Some(runtime_kind(library).name()));
    out.number("workers", Some(present.workers as u64));
    out.number("pid", Some(std::process::id().into()));
    out.truth("fork_child", Some(fork::is_child()));
    protections(&mut out, library);
    timeline(&mut out);
    out.number(
        "constructor_monotonic_ns",
        page().timeline.get(Mark::Constructor),
    );
    out.text("error", present.failure.as_deref());
    out.text("main_error", present.main_failure.as_deref());
    out.text("thread_error", present.thread_failure.as_deref());
    out.push("}");
    out.0
}

/// What is read from the generation itself, if there is one.
#[derive(Default)]
struct Present {
    workers: usize,
    failure: Option<String>,
    main_failure: Option<String>,
    thread_failure: Option<String>,
}

impl Present {
    fn look() -> Present {
        let usable = || matches!(page().gate.state().reported(), State::Ready | State::Failed);
        let Some(_inside) = Inside::enter(usable) else {
            return Present::default();
        };
        // SAFETY: `_inside` holds a shutdown off.
        let Some(generation) = (unsafe { Generation::present() }) else {
            return Present::default();
        };
        Present {
            workers: generation.runtime.workers(),
            failure: generation.failure.clone().or_else(lost),
            main_failure: generation.main_failure.get().cloned(),
            thread_failure: generation.runtime.thread_failure().cloned(),
        }
    }
}

/// The text for a generation that booted and was lost later.
fn lost() -> Option<String> {
    let lost = page().failure() == Status::RuntimeLost;
    lost.then(|| Status::RuntimeLost.text().to_owned())
}

/// What the linker has done for the library; null for what this system or this runtime does not need.
fn protections(out: &mut Json, library: &Library) {
    let in_place = in_place::look();
    let marks = image::marks();
    // Only tokio reads the environment and opens descriptors.
    let of_tokio = |present: Option<bool>| {
        present.filter(|_| !matches!(runtime_kind(library), RuntimeKind::None))
    };
    out.key("protections");
    out.open();
    for (protection, present) in [
        (linking::THREADS, in_place.threads),
        (linking::ENVIRONMENT, of_tokio(in_place.environment)),
        (linking::DESCRIPTORS, of_tokio(in_place.descriptors)),
        (linking::PINNED, marks.map(|marks| marks.pinned)),
        (linking::BOUND, marks.map(|marks| marks.bound)),
    ] {
        out.truth(protection.name, present);
    }
    out.push("}");
}

/// Writes each mark in nanoseconds since the earliest one, which is the constructor's unless it never ran.
fn timeline(out: &mut Json) {
    let at = |mark: &Mark| page().timeline.get(*mark);
    let zero = Mark::ALL.iter().filter_map(at).min().unwrap_or(0);
    out.key("timeline_ns");
    out.open();
    for mark in &Mark::ALL {
        if let Some(at) = at(mark) {
            out.number(mark.name(), Some(at - zero));
        }
    }
    out.push("}");
}

/// Writes JSON piece by piece. It does not use `std::fmt`, which would be a large part of what rt0 adds to a
/// library's size.
#[derive(Default)]
struct Json(String);

impl Json {
    #[inline(never)]
    fn push(&mut self, text: &str) {
        self.0.push_str(text);
    }

    fn open(&mut self) {
        self.push("{");
    }

    #[inline(never)]
    fn key(&mut self, key: &str) {
        let first = self.0.ends_with('{');
        self.push(if first { "\"" } else { ",\"" });
        self.push(key);
        self.push("\":");
    }

    #[inline(never)]
    fn text(&mut self, key: &str, value: Option<&str>) {
        self.key(key);
        match value {
            Some(text) => self.quoted(text),
            None => self.push("null"),
        }
    }

    #[inline(never)]
    fn number(&mut self, key: &str, value: Option<u64>) {
        self.key(key);
        match value {
            Some(number) => self.digits(number),
            None => self.push("null"),
        }
    }

    #[inline(never)]
    fn truth(&mut self, key: &str, value: Option<bool>) {
        self.key(key);
        self.push(match value {
            Some(true) => "true",
            Some(false) => "false",
            None => "null",
        });
    }

    fn digits(&mut self, number: u64) {
        if number >= 10 {
            self.digits(number / 10);
        }
        self.push(&"0123456789"[(number % 10) as usize..][..1]);
    }

    fn quoted(&mut self, text: &str) {
        let is_special = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        self.push("\"");
        let mut rest = text;
        while let Some(at) = rest.bytes().position(is_special) {
            let (before, from) = rest.split_at(at);
            // Special characters are all ASCII: one byte each.
            let (special, after) = from.split_at(1);
            self.push(before);
            self.push("\\");
            if special < " " {
                const HEX: &str = "0123456789abcdef";
                let byte = usize::from(special.as_bytes()[0]);
                self.push(if byte < 16 { "u000" } else { "u001" });
                self.push(&HEX[byte % 16..][..1]);
            } else {
                self.push(special);
            }
            rest = after;
        }
        self.push(rest);
        self.push("\"");
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn texts_are_quoted_as_json_wants_them() {
        let mut out = Json::default();
        out.quoted("a\"b\\c\nd\u{1f}\u{e4}");
        assert_eq!(out.0, "\"a\\\"b\\\\c\\u000ad\\u001f\u{e4}\"");
    }

    #[test]
    fn fields_are_separated_and_may_be_null() {
        let mut out = Json::default();
        out.open();
        out.number("zero", Some(0));
        out.number("most", Some(u64::MAX));
        out.number("none", None);
        out.key("inner");
        out.open();
        out.text("text", Some(""));
        out.text("none", None);
        out.push("}}");
        assert_eq!(
            out.0,
            "{\"zero\":0,\"most\":18446744073709551615,\"none\":null,\
             \"inner\":{\"text\":\"\",\"none\":null}}"
        );
    }
}

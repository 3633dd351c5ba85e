//! The library's status at run time, as JSON: `NAME_report()`, and the lines for `RT0_TRACE`.

pub(crate) mod file;
mod json;

use rt0_abi::linking;
use rt0_core::generation::steps;
use rt0_core::generation::timeline::Mark;
use rt0_core::generation::{self, page};
use rt0_core::library::settings;
use rt0_core::platform::{image, kernel};
use rt0_core::protocol::gate::State;
use rt0_core::{Library, Status, fork};

use self::json::Json;
use crate::config::read::runtime_kind;
use crate::generation::Generation;
use crate::in_flight::Inside;
use crate::interpose::in_place;
use crate::runtime::settings::RuntimeKind;

/// The report. docs/trace.md lists its keys. `failure` is why the boot has failed, if the caller knows.
pub(crate) fn json(library: &Library, failure: Option<&str>) -> String {
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
    out.number("pid", kernel::process_id().map(u64::from));
    out.truth("fork_child", Some(fork::is_child()));
    protections(&mut out, library);
    times(&mut out);
    out.text("error", failure.or(present.failure.as_deref()));
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

/// Writes each mark and each step in nanoseconds since the earliest of them, which is the constructor's mark unless it
/// never ran.
fn times(out: &mut Json) {
    let at = |mark: Mark| page().timeline.get(mark);
    let zero = zero();
    // A step that was written down meanwhile may have begun before.
    let since = |at: u64| Some(at.saturating_sub(zero.unwrap_or(0)));
    out.key("timeline_ns");
    out.open();
    for mark in Mark::ALL {
        if let Some(at) = at(mark) {
            out.number(mark.name(), since(at));
        }
    }
    out.push("}");
    out.number("timeline_zero_monotonic_ns", zero);
    out.number("constructor_monotonic_ns", at(Mark::Constructor));
    out.key("steps");
    out.push("[");
    for step in steps::recorded() {
        out.push(if out.0.ends_with('[') { "" } else { "," });
        out.open();
        out.text("step", Some(step.step.name()));
        if !step.name.is_empty() {
            out.text("name", Some(step.name));
        }
        out.number("thread", Some(step.thread.into()));
        out.number("begin_ns", since(step.begun));
        out.number("end_ns", since(step.ended));
        out.push("}");
    }
    out.push("]");
    out.number("steps_left_out", Some(steps::left_out().into()));
}

/// The earliest mark or step.
fn zero() -> Option<u64> {
    let mut zero = None;
    let mut look = |at: u64| zero = Some(zero.map_or(at, |zero: u64| zero.min(at)));
    for mark in Mark::ALL {
        if let Some(at) = page().timeline.get(mark) {
            look(at);
        }
    }
    for step in steps::recorded() {
        look(step.begun);
    }
    zero
}

//! Steps 4 to 6: ends the parts of a generation, one after the other.

use std::mem::ManuallyDrop;

use rt0_core::generation::page;
use rt0_core::generation::steps::{self, Step};
use rt0_core::sabotage;
use rt0_core::sync::{Deadline, clock};

use super::THREADS_END;
use super::lost::is_lost;
use crate::boot::hooks;
use crate::config::Config;
use crate::generation::Generation;
use crate::runtime::{self, panic};

/// This process is a child that the author's code forked during its parent's shutdown.
pub(super) struct InChild;

/// Checks that the page still has the generation with this number. A child's page does not.
pub(super) fn check_not_forked(number: u32) -> Result<(), InChild> {
    if page().number() == number || sabotage::NO_FORKED_END {
        Ok(())
    } else {
        Err(InChild)
    }
}

/// Runs steps 4 to 6, and returns what went wrong in them. `left` is the number of threads that were lent the
/// state for good.
pub(super) fn end(
    generation: Box<Generation>,
    deadline: Deadline,
    left: usize,
) -> Result<Result<(), String>, InChild> {
    let number = page().number();
    let mut generation = ManuallyDrop::new(generation);
    let mut wrong = Vec::new();
    let mut record = |what: &str, result: Result<(), String>| {
        check_not_forked(number)?;
        wrong.extend(result.err().map(|text| format!("{what}: {text}")));
        Ok(())
    };
    if let Some(exit) = hooks::exit().filter(|_| generation.has_state()) {
        let run = || {
            let _at_hand = generation.runtime.at_hand();
            exit.run_for(&generation, clock::left(deadline))
        };
        let step = steps::begin();
        record("its exit", run_authors(run).and_then(|result| result))?;
        step.ended(Step::Hook);
    }
    if is_lost(&generation) {
        // The runtime was lost after the shutdown began. Leave the rest as it is, like `lost::leave`.
        Config::tell_parts(|part, deadline| part.ended(deadline), deadline);
        return Ok(summary(&wrong));
    }
    let mut handles = ManuallyDrop::new(generation.handles.drain());
    let (dropping, mut dropped) = (steps::begin(), false);
    for handle in &mut *handles {
        dropped = true;
        let run = || {
            let _at_hand = generation.runtime.at_hand();
            drop(handle);
        };
        record("dropping a handle", run_authors(run))?;
    }
    drop(ManuallyDrop::into_inner(handles));
    if dropped {
        dropping.ended(Step::Handles);
    }
    let ending = steps::begin();
    // Even a timeout of zero gives idle threads the time to end.
    let time = clock::left(deadline).map(|left| left.max(THREADS_END));
    let busy = run_authors(|| generation.runtime.shut_down(time));
    record(
        "its runtime",
        busy.and_then(|busy| match busy {
            0 => Ok(()),
            busy => Err(format!(
                "{busy} thread(s) are still busy, and will end when they are done"
            )),
        }),
    )?;
    ending.ended(Step::Runtime);
    // Even a timeout of zero gives threads that have nothing left to do the time to end.
    let until = deadline.max(clock::after(THREADS_END));
    Config::tell_parts(|part, deadline| part.ended(deadline), until);
    check_not_forked(number)?;
    let generation = ManuallyDrop::into_inner(generation);
    if left == 0 {
        let step = steps::begin();
        record("dropping its state", run_authors(|| drop(generation)))?;
        step.ended(Step::State);
    } else {
        generation.keep();
        record("its state stays in memory", Err(LEAKED.to_owned()))?;
    }
    Ok(summary(&wrong))
}

fn summary(wrong: &[String]) -> Result<(), String> {
    match wrong {
        [] => Ok(()),
        [first, others @ ..] => {
            let mut text = "shut down, but ".to_owned();
            text.push_str(first);
            for other in others {
                text.push_str("; ");
                text.push_str(other);
            }
            Err(text)
        }
    }
}

const LEAKED: &str = "the library's main, or a task on its thread, leaked an rt0::Ready or gave \
    an rt0::SharedReady away, through which the state may be used forever; this is a bug in the library";

/// Runs the author's code as part of the shutdown, so that it can't wait for the shutdown, and a panic can't
/// end the host.
pub(super) fn run_authors<R>(run: impl FnOnce() -> R) -> Result<R, String> {
    runtime::as_own_thread(|| panic::caught(run))
}

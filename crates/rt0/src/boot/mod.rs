//! The boot of a library that uses std: the runtime, then the author's init, then main.

pub(crate) mod hooks;

use rt0_core::generation::page;
use rt0_core::generation::timeline::Mark;
use rt0_core::{Boot, Library, Status, sabotage};

use self::hooks::needs_thread;
use crate::config::booting::Booting;
use crate::config::{self, Config};
use crate::generation::{Generation, lost};
use crate::in_flight;
use crate::interpose::{getenv, thread_atexit};
use crate::parts::Parts;
use crate::platform::{leaks, static_link};
use crate::report::file::{self, When};
use crate::runtime::{self, Runtime, panic};

/// The boot function of the core's table.
pub(crate) fn boot(boot: Boot) {
    static_link::keep();
    let library = boot.library();
    let mut generation = Generation::new(Runtime::none());
    if !leaks::unnoticed(thread_atexit::prepare) {
        generation.failure = Some(NO_KEY.to_owned());
        generation.publish();
        boot.failed(Status::NoThread);
        return;
    }
    let start = || start(boot.library(), &mut generation);
    let outcome = runtime::as_own_thread(|| panic::caught(start)).and_then(|result| result);
    if !boot.is_present() {
        // Init has forked, and this is the child. It boots on its own, now or later. What this boot has made
        // belongs to the parent.
        std::mem::forget(generation);
        return;
    }
    page().timeline.set(Mark::Init);
    in_flight::on_boot();
    let mut failure = None;
    match outcome {
        Ok(()) => {
            generation.publish();
            boot.done();
        }
        Err(text) => {
            // Do not wait for what init has left running.
            let _ = panic::caught(|| generation.runtime.abandon());
            failure = Some(text.clone());
            generation.failure = (!sabotage::NO_STORED_TEXT).then_some(text);
            generation.publish();
            boot.failed(Status::BootFailed);
        }
    }
    // Whoever has waited is awake.
    file::write(library, When::Booted, failure.as_deref());
}

const NO_KEY: &str = "the process has no thread-specific key left (pthread_key_create), and Rust's threads \
     need one; delete an unused key and call again";

const MAIN_IN_QUIET: &str = "the library's main (#[rt0::main]) needs a thread, and the start policy `quiet` \
    makes none; set RT0_START=lazy in the environment instead";

fn start(library: &Library, generation: &mut Generation) -> Result<(), String> {
    panic::prepare(lost::panicking);
    if sabotage::NO_SILENCE {
        println!("{} boots", library.name());
    }
    let settings = config::read::settings(library)?;
    panic::print(settings.print_panics);
    if settings.quiet && hooks::main().is_some() {
        return Err(MAIN_IN_QUIET.to_owned());
    }
    generation.runtime = getenv::from_copy(|| Runtime::build(&settings, lost::sleep_in_lost))?;
    page().timeline.set(Mark::Runtime);
    let config = Config::of(library);
    let mut state = None;
    around(config.parts, &mut || {
        let _at_hand = generation.runtime.at_hand();
        state = Some((config.init)(&Booting::on(&generation.runtime)));
    });
    let state = state.unwrap_or_else(|| Err("its init was not run".to_owned()))?;
    if generation.runtime.is_lost() {
        // What init has made may be lost with the runtime.
        std::mem::forget(state);
        return Err(Status::RuntimeLost.text().to_owned());
    }
    generation.set_state(state);
    Ok(())
}

/// Runs init inside of what each part wants around it.
fn around(parts: Parts, init: &mut dyn FnMut()) {
    match parts {
        [] => init(),
        [first, others @ ..] => first.around_init(&mut || around(others, init)),
    }
}

/// What the boot thread does after the boot: runs the author's main, or drives a runtime that has no threads
/// of its own.
pub(crate) fn main() {
    if !needs_thread() {
        return;
    }
    // SAFETY: this is the boot thread, which a shutdown joins before it takes the generation away.
    let Some(generation) = (unsafe { Generation::present() }) else {
        return;
    };
    in_flight::on_boot_thread();
    runtime::settle_signals();
    let run = || match hooks::main() {
        Some(main) => main.run(generation),
        None => {
            generation.runtime.drive(generation.stop.clone());
            Ok(())
        }
    };
    let config = Config::present();
    let result = runtime::as_own_thread(|| {
        let _at_hand = generation.runtime.at_hand();
        if let Some(starts) = config.and_then(|config| config.on_thread_start) {
            starts();
        }
        let result = panic::caught(run);
        if let Some(stops) = config.and_then(|config| config.on_thread_stop) {
            stops();
        }
        result
    });
    if let Err(text) = result.and_then(|result| result) {
        let _ = generation.main_failure.set(text);
    }
}

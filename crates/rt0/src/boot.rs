//! The boot of a library with std inside: the runtime, then the author's init, then main.

use std::any::Any;
use std::future::Future;
use std::sync::Arc;

use rt0_core::generation::page;
use rt0_core::generation::timeline::Mark;
use rt0_core::{Boot, Library, Status, sabotage};

use crate::config::{AnyState, Config, RuntimeKind, Settings, is_quiet, runtime_kind};
use crate::generation::Generation;
use crate::runtime::Runtime;
use crate::{Args, environment, hooks, inflight, leaks, panic, runtime, thread_exit, wanted};

/// The boot function of the core's table.
pub(crate) fn boot(boot: Boot) {
    wanted::keep();
    let mut generation = Generation::new(Runtime::none());
    if !leaks::unnoticed(thread_exit::prepare) {
        generation.failure = Some(NO_KEY.to_owned());
        generation.publish();
        boot.failed(Status::NoThread);
        return;
    }
    let start = || start(boot.library(), &mut generation);
    let outcome = runtime::as_own_thread(|| panic::caught(start)).and_then(|result| result);
    if !boot.is_present() {
        // Init has forked, and this is the child, which has begun a boot of its own, or may yet. What
        // this one has made is the parent's.
        std::mem::forget(generation);
        return;
    }
    page().timeline.set(Mark::Init);
    match outcome {
        Ok(()) => {
            generation.publish();
            boot.done();
        }
        Err(text) => {
            // Whatever init has left running: nobody waits for it.
            let _ = panic::caught(|| generation.runtime.abandon());
            generation.failure = (!sabotage::NO_STORED_TEXT).then_some(text);
            generation.publish();
            boot.failed(Status::BootFailed);
        }
    }
}

const NO_KEY: &str = "the process has no thread-specific key left (pthread_key_create), and Rust's threads \
     need one; delete one that is not in use, and call again";

const MAIN_IN_QUIET: &str = "its author's main (#[rt0::main]) needs a thread of its own, and the start \
     policy `quiet` makes none; set RT0_START=lazy in the environment instead";

fn start(library: &Library, generation: &mut Generation) -> Result<(), String> {
    panic::prepare();
    if sabotage::NO_SILENCE {
        println!("{} boots", library.name());
    }
    let settings = Settings::read(library)?;
    panic::print(settings.print_panics);
    if settings.quiet && hooks::main().is_some() {
        return Err(MAIN_IN_QUIET.to_owned());
    }
    generation.runtime = environment::from_copy(|| Runtime::build(&settings))?;
    page().timeline.set(Mark::Runtime);
    let state = {
        let _at_hand = generation.runtime.at_hand();
        (Config::of(library).init)(&Booting {
            runtime: &generation.runtime,
        })?
    };
    if generation.runtime.is_lost() {
        // What init has made may be lost with it.
        std::mem::forget(state);
        return Err(Status::RuntimeLost.text().to_owned());
    }
    generation.set_state(state);
    Ok(())
}

/// Whether [`main`] has anything to do. Where no thread is to be made, calls drive the runtime, and
/// [`start`] refuses a library with a main.
pub(crate) fn needs_thread() -> bool {
    rt0_core::this_library().is_ok_and(|library| {
        let drives = runtime_kind(library) == RuntimeKind::CurrentThread;
        !is_quiet(library) && (drives || hooks::main().is_some())
    })
}

/// What comes after boot, on the boot thread: the author's main, or driving a runtime that has no
/// threads of its own.
pub(crate) fn main() {
    if !needs_thread() {
        return;
    }
    // SAFETY: this is the boot thread, which a shutdown joins before it takes the generation away.
    let Some(generation) = (unsafe { Generation::present() }) else {
        return;
    };
    inflight::on_boot_thread();
    runtime::settle_signals();
    let run = || match hooks::main() {
        Some(main) => {
            let _at_hand = generation.runtime.at_hand();
            main.run(generation)
        }
        None => {
            generation.runtime.drive(generation.stop.clone());
            Ok(())
        }
    };
    let result = runtime::as_own_thread(|| panic::caught(run));
    if let Err(text) = result.and_then(|result| result) {
        let _ = generation.main_failure.set(text);
    }
}

/// What the expansion of `#[rt0::init]` gets to run the author's function with.
pub struct Booting<'a> {
    runtime: &'a Runtime,
}

impl Booting<'_> {
    /// What the author's init is given.
    pub fn args(&self) -> Args {
        Args::now()
    }

    /// Runs an async init.
    pub fn block_on<F: Future>(&self, init: F) -> F::Output {
        self.runtime.wait_for(init)
    }

    /// An init that can't fail.
    pub fn state<T: Any + Send + Sync>(&self, state: T) -> Result<AnyState, String> {
        Ok(Arc::new(state))
    }

    /// An init that can.
    pub fn fallible<T: Any + Send + Sync>(
        &self,
        result: Result<T, String>,
    ) -> Result<AnyState, String> {
        self.state(result?)
    }
}

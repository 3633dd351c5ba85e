//! What a dynamic check has at hand in its process.

mod callback;
mod calling;
mod cell;
mod copied;
mod footprint;
mod forked;
mod invoke;
mod later;
mod library;
mod made;
mod patience;
mod rounds;
mod stack;
mod system;
mod unstarted;

pub mod futex;
pub mod limits;
pub mod program;
pub mod sandbox;
pub mod signals;
pub mod watched;

use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

pub use callback::{callbacks, last_caller, on_callback};
pub use calling::Calls;
pub use footprint::{Footprint, Growth};
pub use forked::{Child, Status, fork, fork_by};
pub use invoke::Prepared;
pub use library::{Library, Namespace};
pub use made::Made;
pub use patience::{give, is_busy, wait_until};
pub use rounds::Rounds;
pub use signals::name as signal_name;
pub use system::{
    become_plain_host, clock, descriptors, exit_now, glibc_version, now, threads, threads_by_name,
    tid,
};
pub use unstarted::Unstarted;

use crate::board::Board;
use crate::calls::Call;
use crate::plan::Plan;
use crate::verdict::Stop;

/// What a dynamic check has at hand. The process is fresh: the library is not loaded, there is one thread, signals
/// are as a C program has them, and only the descriptors 0 to 2 are open: `/dev/null`, and a pipe twice.
///
/// No check needs a deadline of its own. If it hangs, the keeper says so, with the last [`Subject::step`] and the
/// stacks of all threads, and kills everything.
pub struct Subject {
    /// What is to be checked.
    pub plan: Plan,
    board: Board,
}

impl Subject {
    /// Makes this process one in which a check can run.
    pub fn begin(plan: Plan, board: Board) -> Subject {
        become_plain_host();
        let _ = STEPS.set(board);
        Subject { plan, board }
    }

    /// The board that the keeper has given this process.
    ///
    /// # Errors
    /// There is none: this is no keeper's child.
    pub(crate) fn inherited_board() -> std::io::Result<Board> {
        system::inherited_board()
    }

    /// Says what is being done: a crash or a hang is reported with it, as in "hung while {step}". Allocates nothing
    /// and takes no lock, so any child may call it.
    pub fn step(&self, step: &str) {
        self.board.set_step(step);
    }

    /// A number that this process and all its children share. At first it is zero.
    pub fn slot(&self, index: usize) -> &'static AtomicU64 {
        self.board.slot(index)
    }

    /// Loads the library as most hosts do: every symbol bound, none for others.
    ///
    /// # Errors
    /// It can't be loaded: the check could not run.
    pub fn load(&self) -> Result<Library, Stop> {
        self.step("loading the library");
        Library::open(&self.plan.library)
            .map_err(|why| Stop::could_not(format!("the library can't be loaded: {why}")))
    }

    /// Loads the library and makes the setup call, if there is one.
    ///
    /// # Errors
    /// As [`Subject::load`]; or the call is not answered as it should be.
    pub fn ready(&self) -> Result<Library, Stop> {
        let library = self.load()?;
        self.set_up(&library)?;
        Ok(library)
    }

    /// Makes the setup call, if there is one.
    ///
    /// # Errors
    /// It is not answered as it should be.
    pub fn set_up(&self, library: &Library) -> Result<(), Stop> {
        match &self.plan.setup {
            Some(setup) => self.call(library, setup),
            None => Ok(()),
        }
    }

    /// Makes every call once, in order.
    ///
    /// # Errors
    /// One is not answered as it should be.
    pub fn call_all(&self, library: &Library) -> Result<(), Stop> {
        self.plan
            .calls
            .iter()
            .try_for_each(|call| self.call(library, call))
    }

    /// Makes one call.
    ///
    /// # Errors
    /// It is not answered as it should be, or there is no such function.
    pub fn call(&self, library: &Library, call: &Call) -> Result<(), Stop> {
        let prepared = library.prepare(call)?;
        self.step(&format!("calling {}", call.label()));
        prepared.check()
    }

    /// All calls, prepared: what is called then allocates nothing.
    ///
    /// # Errors
    /// There is no such function in the library.
    pub fn prepare_all(&self, library: &Library) -> Result<Vec<Prepared>, Stop> {
        self.plan
            .calls
            .iter()
            .map(|call| library.prepare(call))
            .collect()
    }

    /// Waits until the library has made neither a thread nor a descriptor for a while, and no thread of it has run or
    /// wanted to: what it does by itself after a load or a call, it has done then. A check that must not miss it makes
    /// a call first.
    pub fn settle(&self) {
        const QUIET: Duration = Duration::from_millis(200);
        const LONGEST: Duration = Duration::from_secs(2);
        let begun = Instant::now();
        let mut last = (threads(), descriptors());
        let mut since = begun;
        while since.elapsed() < QUIET && begun.elapsed() < LONGEST {
            std::thread::sleep(Duration::from_millis(10));
            let now = (threads(), descriptors());
            if now != last || is_busy() {
                (last, since) = (now, Instant::now());
            }
        }
    }

    /// The shutdown call; the check is skipped if there is none.
    ///
    /// # Errors
    /// There is none.
    pub fn shutdown(&self) -> Result<&Call, Stop> {
        self.plan
            .shutdown
            .as_ref()
            .ok_or_else(|| Stop::skip("no shutdown call is known"))
    }
}

/// The board of this process, for evidence about children.
static STEPS: OnceLock<Board> = OnceLock::new();

/// What this process or a child of it was doing last, as in " while calling add".
fn doing() -> String {
    let step = STEPS.get().map(Board::step).unwrap_or_default();
    if step.is_empty() {
        step
    } else {
        format!(" while {step}")
    }
}

//! The generation that a thread uses which is inside a call already.

use rt0_core::sabotage;

use super::Generation;
use crate::in_flight::{Inside, is_ending_process_here};

/// A generation that is used inside a call, with an announcement of its own.
pub(crate) struct Held {
    #[expect(dead_code, reason = "held for its drop")]
    own: Option<Inside>,
    generation: &'static Generation,
}

impl Held {
    pub fn generation(&self) -> &Generation {
        self.generation
    }
}

impl Generation {
    /// The present one, when this thread is inside a call: a shutdown, which may have begun, waits for
    /// the end of that, and of what is given here. Not on the thread that ends the process inside a call:
    /// that one is not waited for.
    pub fn hold_here() -> Option<Held> {
        if !Inside::already() || is_ending_process_here() || sabotage::NO_HELD_RUNTIME {
            return None;
        }
        // The thread is announced already, and saw the gate open when it was: it is not asked again.
        let own = Inside::enter_at_once(|| true)?;
        // SAFETY: `own` holds a shutdown off for as long as it is there, and so does what the thread has
        // been announced by until then.
        let generation = unsafe { Generation::present() }?;
        Some(Held {
            own: (!sabotage::NO_OWN_ANNOUNCEMENT).then_some(own),
            generation,
        })
    }
}

//! The generation, for a thread that is already inside a call.

use rt0_core::sabotage;

use super::Generation;
use crate::in_flight::{Inside, is_ending_process_here};

/// A generation that is used inside a call, held by an announcement of its own.
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
    /// The present generation, if this thread is inside a call. A shutdown, even one that has begun, waits
    /// until the call has ended and the result is dropped. `None` on the thread that ends the process inside
    /// a call, because nothing waits for that thread.
    pub fn hold_here() -> Option<Held> {
        if !Inside::already() || is_ending_process_here() || sabotage::NO_HELD_RUNTIME {
            return None;
        }
        // The thread is already announced and saw the gate open then, so the gate is not checked again.
        let own = Inside::enter(|| true)?;
        // SAFETY: `own` holds off a shutdown as long as it lives. Until `own` was made, the thread's earlier
        // announcement did.
        let generation = unsafe { Generation::present() }?;
        Some(Held {
            own: (!sabotage::NO_OWN_ANNOUNCEMENT).then_some(own),
            generation,
        })
    }
}

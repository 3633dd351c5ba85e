//! What took time in a generation: waits at the gate, spans of the author's init, the steps of its end.
//!
//! ```text
//!   0 .. 16   steps of an end        16 .. 40   waits        40 .. 64   spans
//!
//!   free ──► BUSY, by the thread that has something to say ──► DONE ──► BUSY, by a later generation
//! ```
//!
//! Each step is written once, when it is over, into a place of its own. Nobody waits: if all places of its kind are
//! taken, the step is left out and counted. The word of a place says which generation has it, so a report shows those
//! of one generation only, and the next generation takes the places over. In a fork's child no generation has begun,
//! so it shows nothing of its parent's. (A thread of the parent's may have been writing. The child may have one place
//! less then. The places lie in the block behind the page; those in the same page of memory are cleared with it.)

use core::sync::atomic::{AtomicU32, Ordering};

use super::page::{page, places};
use super::places::{ENDS, Place};
pub use super::places::{Recorded, Step};
use crate::platform::kernel;
use crate::sabotage;

/// The places of this kind.
fn places_of(step: Step) -> &'static [Place] {
    let (ends, others) = places().split_at(ENDS);
    match step {
        Step::Wait => &others[..24],
        Step::Span => &others[24..],
        _ => ends,
    }
}

/// A step that has begun.
#[must_use = "it is written down when it is over"]
pub struct Begun(u64);

/// Begins a step now.
pub fn begin() -> Begun {
    Begun(kernel::monotonic())
}

impl Begun {
    /// The step is over now.
    pub fn ended(self, step: Step) {
        self.ended_as(step, "");
    }

    /// The same for a step with a name.
    #[cold]
    pub fn ended_as(self, step: Step, name: &'static str) {
        let now = kernel::monotonic();
        let Some(number) = present() else { return };
        match places_of(step).iter().find(|place| place.take(number)) {
            Some(place) => {
                let thread = page().id_of_this_thread();
                place.write(step, name, (self.0, now), (thread, number));
            }
            None => leave_out(number),
        }
    }
}

/// The steps of the generation that was begun last in this process.
pub fn recorded() -> impl Iterator<Item = Recorded> {
    let number = present();
    // The steps of an end come last.
    let all = (0..places().len()).map(|i| &places()[(ENDS + i) % places().len()]);
    all.filter_map(move |place| place.read(number?))
}

/// How many steps of that generation found no place; 255 stands for any larger number.
pub fn left_out() -> u32 {
    // Relaxed: a number that nothing else depends on.
    let word = LEFT_OUT.load(Ordering::Relaxed);
    let is_ours = Some(word >> 8) == present().map(|number| number & NUMBER);
    if is_ours { word & 0xff } else { 0 }
}

/// A generation's number, in so many bits, and how many steps of it were left out.
static LEFT_OUT: AtomicU32 = AtomicU32::new(0);

/// The bits of a number that stand in [`LEFT_OUT`].
const NUMBER: u32 = u32::MAX >> 8;

/// The generation that was begun last in this process.
fn present() -> Option<u32> {
    let number = page().number();
    if sabotage::NO_OWN_STEPS {
        return Some(1);
    }
    (number != 0).then_some(number)
}

#[cold]
fn leave_out(number: u32) {
    let number = number & NUMBER;
    let count = |word: u32| match word >> 8 == number {
        true if word & 0xff == 0xff => None,
        true => Some(word + 1),
        false => Some(number << 8 | 1),
    };
    // Relaxed: a number that nothing else depends on.
    let _ = LEFT_OUT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, count);
}

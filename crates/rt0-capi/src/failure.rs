//! The code and text of a failed boot.
//!
//! ```text
//!   a boot                      who asks
//!   VERSION + 1: odd            VERSION: odd? again
//!   code, text                  code, text
//!   VERSION + 1: even           VERSION: another? again
//! ```
//!
//! Only one boot writes at a time. If a fork's child finds an odd number, nothing is writing: the child's own
//! boot, which comes first, makes it even.

use core::ffi::{CStr, c_int};
use core::sync::atomic::{AtomicI32, AtomicU8, AtomicU32, AtomicUsize, Ordering, fence};

use rt0_core::generation::page;
use rt0_core::protocol::gate::State;
use rt0_core::text;

use crate::texts;

/// How many bytes of a text are kept.
pub const ROOM: usize = 1024;

static VERSION: AtomicU32 = AtomicU32::new(0);
static CODE: AtomicI32 = AtomicI32::new(0);
static LEN: AtomicUsize = AtomicUsize::new(0);
static TEXT: [AtomicU8; ROOM] = [const { AtomicU8::new(0) }; ROOM];

/// Called when a boot begins.
pub fn forget() {
    write(0, b"");
}

/// Keeps the code and the text, or the code's own text if there is none. Call it before the gate reports the
/// failure.
pub fn keep(code: c_int, text: Option<&CStr>) {
    write(code, text.unwrap_or(texts::of_status(code)).to_bytes());
}

fn write(code: c_int, text: &[u8]) {
    // Relaxed, here and below: only one boot writes at a time, and the boot's claim orders them.
    let odd = VERSION.load(Ordering::Relaxed) | 1;
    VERSION.store(odd, Ordering::Relaxed);
    // Pairs with the fence in `read`: a reader that sees any of the writes below also sees the odd number.
    fence(Ordering::Release);
    let text = &text[..text::len_that_fits(text, ROOM)];
    CODE.store(code, Ordering::Relaxed);
    LEN.store(text.len(), Ordering::Relaxed);
    for (to, from) in TEXT.iter().zip(text) {
        to.store(*from, Ordering::Relaxed);
    }
    // Release pairs with the Acquire in `read`.
    VERSION.store(odd.wrapping_add(1), Ordering::Release);
}

/// Copies the text to `to`; returns the code and the text's length. `None` while a boot is writing.
fn read(to: &mut [u8; ROOM]) -> Option<(c_int, usize)> {
    // Acquire pairs with the Release at the end of `write`.
    let version = VERSION.load(Ordering::Acquire);
    let code = CODE.load(Ordering::Relaxed);
    let len = LEN.load(Ordering::Relaxed).min(ROOM);
    for (to, from) in to.iter_mut().zip(&TEXT[..len]) {
        *to = from.load(Ordering::Relaxed);
    }
    // Pairs with the fence in `write`.
    fence(Ordering::Acquire);
    (version % 2 == 0 && VERSION.load(Ordering::Relaxed) == version).then_some((code, len))
}

/// The code and the text of the failed boot; 0 and an empty text if none failed.
pub fn kept(room: &mut [u8; ROOM]) -> (c_int, &[u8]) {
    loop {
        if page().gate.state() != State::Failed {
            return (0, b"");
        }
        match read(room) {
            Some((0, _)) => {
                // The core reported the failure without calling a boot function.
                let status = page().failure().code();
                return (status, texts::of_status(status).to_bytes());
            }
            Some((code, len)) => return (code, &room[..len]),
            // The writer is about to boot: the state will say so in a moment.
            None => core::hint::spin_loop(),
        }
    }
}

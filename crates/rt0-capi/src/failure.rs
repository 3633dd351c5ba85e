//! What a boot that failed has said: `rt0_boot_error`.
//!
//! ```text
//!   a boot                      who asks
//!   VERSION + 1: odd            VERSION: odd? again
//!   code, text                  code, text
//!   VERSION + 1: even           VERSION: another? again
//! ```
//!
//! One boot writes at a time. A fork's child that finds an odd number has no writer: its own boot, which
//! comes first, makes it even.

use core::ffi::{CStr, c_char, c_int};
use core::sync::atomic::{AtomicI32, AtomicU8, AtomicU32, AtomicUsize, Ordering, fence};

use rt0_core::generation::page;
use rt0_core::protocol::gate::State;
use rt0_core::text;

use crate::texts;

rt0_core::define_function!("rt0_boot_error", crate::failure::rt0_boot_error);

/// As much of a text is kept.
const ROOM: usize = 1024;

static VERSION: AtomicU32 = AtomicU32::new(0);
static CODE: AtomicI32 = AtomicI32::new(0);
static LEN: AtomicUsize = AtomicUsize::new(0);
static TEXT: [AtomicU8; ROOM] = [const { AtomicU8::new(0) }; ROOM];

/// A boot begins.
pub fn forget() {
    write(0, b"");
}

/// Keeps the code, and the text, or the code's own where there is none. Before the gate tells anybody.
pub fn keep(code: c_int, text: Option<&CStr>) {
    write(code, text.unwrap_or(texts::of_status(code)).to_bytes());
}

fn write(code: c_int, text: &[u8]) {
    // Relaxed, here and below: one boot at a time, and the claim orders them.
    let odd = VERSION.load(Ordering::Relaxed) | 1;
    VERSION.store(odd, Ordering::Relaxed);
    // Pairs with the fence in `read`: who sees what is written now sees the odd number as well.
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

/// Puts a text into C's memory, cut between characters if need be, with a zero at its end. No slice of that:
/// nobody has written there yet, and the room may be the largest number there is.
///
/// # Safety
/// `to` is null, or so many bytes can be written there.
unsafe fn give(text: &[u8], to: *mut u8, room: usize) {
    let Some(most) = room.checked_sub(1).filter(|_| !to.is_null()) else {
        return;
    };
    let fits = text::len_that_fits(text, most);
    // SAFETY: less than the room that our caller vouches for.
    unsafe {
        to.copy_from_nonoverlapping(text.as_ptr(), fits);
        to.add(fits).write(0);
    }
}

/// The code, and how long the text is that now stands in `to`. `None` while it is being written.
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
    (version.is_multiple_of(2) && VERSION.load(Ordering::Relaxed) == version).then_some((code, len))
}

/// `rt0_boot_error(code, text, room)`
unsafe extern "C" fn rt0_boot_error(code: *mut c_int, text: *mut c_char, room: usize) -> usize {
    let mut kept = [0; ROOM];
    let (found, whole) = loop {
        if page().gate.state() != State::Failed {
            break (0, &b""[..]);
        }
        match read(&mut kept) {
            Some((0, _)) => {
                // The core has said it, without a boot function to call.
                let status = page().failure().code();
                break (status, texts::of_status(status).to_bytes());
            }
            Some((code, len)) => break (code, &kept[..len]),
            // Whoever writes is about to boot: the state says so in a moment.
            None => core::hint::spin_loop(),
        }
    };
    // SAFETY: `room` bytes to write to: `rt0.h` says so.
    unsafe { give(whole, text.cast(), room) };
    if !code.is_null() {
        // SAFETY: a place for a number: `rt0.h` says so.
        unsafe { *code = found };
    }
    whole.len()
}

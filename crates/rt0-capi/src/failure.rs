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
use core::ptr::null_mut;
use core::sync::atomic::{AtomicI32, AtomicU8, AtomicU32, AtomicUsize, Ordering, fence};

use rt0_core::gate::State;
use rt0_core::generation::page;

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
    let text = &text[..text.len().min(ROOM)];
    CODE.store(code, Ordering::Relaxed);
    LEN.store(text.len(), Ordering::Relaxed);
    for (to, from) in TEXT.iter().zip(text) {
        to.store(*from, Ordering::Relaxed);
    }
    // Release pairs with the Acquire in `read`.
    VERSION.store(odd.wrapping_add(1), Ordering::Release);
}

/// C's memory, for a text: nobody has written there yet, and the room may be the largest number there is. So
/// there is no slice of it.
struct To {
    start: *mut u8,
    room: usize,
}

impl To {
    /// # Safety
    /// So many bytes can be written there, or it is null.
    unsafe fn new(start: *mut c_char, room: usize) -> To {
        match start.is_null() {
            true => To {
                start: null_mut(),
                room: 0,
            },
            false => To {
                start: start.cast(),
                room,
            },
        }
    }

    /// Puts these bytes there as far as they fit, with room for a zero left.
    fn put(&self, bytes: impl Iterator<Item = u8>) {
        for (at, byte) in bytes.take(self.room.saturating_sub(1)).enumerate() {
            // SAFETY: less than the room that `new` was promised.
            unsafe { self.start.add(at).write(byte) };
        }
    }

    /// Ends a text of this length.
    fn end(&self, len: usize) {
        if let Some(last) = self.room.checked_sub(1) {
            // SAFETY: as above.
            unsafe { self.start.add(len.min(last)).write(0) };
        }
    }
}

/// The code, and the text as far as it fits; how long it is. `None` while it is being written.
fn read(to: &To) -> Option<(c_int, usize)> {
    // Acquire pairs with the Release at the end of `write`.
    let version = VERSION.load(Ordering::Acquire);
    let code = CODE.load(Ordering::Relaxed);
    let len = LEN.load(Ordering::Relaxed).min(ROOM);
    to.put(TEXT[..len].iter().map(|byte| byte.load(Ordering::Relaxed)));
    // Pairs with the fence in `write`.
    fence(Ordering::Acquire);
    (version.is_multiple_of(2) && VERSION.load(Ordering::Relaxed) == version).then_some((code, len))
}

/// `rt0_boot_error(code, text, room)`
unsafe extern "C" fn rt0_boot_error(code: *mut c_int, text: *mut c_char, room: usize) -> usize {
    // SAFETY: `room` bytes to write to: `rt0.h` says so.
    let to = unsafe { To::new(text, room) };
    let (found, len) = loop {
        if page().gate.state() != State::Failed {
            break (0, 0);
        }
        match read(&to) {
            Some((0, _)) => {
                // The core has said it, without a boot function to call.
                let status = page().failure().code();
                let own = texts::of_status(status).to_bytes();
                to.put(own.iter().copied());
                break (status, own.len());
            }
            Some(read) => break read,
            // Whoever writes is about to boot: the state says so in a moment.
            None => core::hint::spin_loop(),
        }
    };
    to.end(len);
    if !code.is_null() {
        // SAFETY: a place for a number: `rt0.h` says so.
        unsafe { *code = found };
    }
    len
}

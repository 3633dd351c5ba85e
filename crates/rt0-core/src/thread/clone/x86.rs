//! On 32-bit x86.
//!
//! There the thread pointer is a segment, and clone(2) wants to know its number. A thread has three, in a
//! table of its own, which begins as a copy of its creator's. So a new one puts its own in the place of the
//! one that its creator uses; where the creator uses none, in a place that is free.

use core::arch::asm;

use super::{Entry, Record};

/// Where the thread pointer lies behind the start of the thread's own data. Code looks on both sides.
pub const POINTER_AT: usize = 2048;

/// The kernel's `struct user_desc`.
#[repr(C)]
struct Segment {
    number: u32,
    base: usize,
    limit: u32,
    flags: u32,
}

impl Segment {
    /// The whole memory, as seen from `base`: 32 bits, data that can be written, up to the limit in pages,
    /// usable.
    fn new(number: u32, base: usize) -> Segment {
        Segment {
            number,
            base,
            limit: 0xf_ffff,
            flags: 1 | 1 << 4 | 1 << 6,
        }
    }

    /// What stands in a place that is free: not to be written, not present.
    fn none(number: u32) -> Segment {
        Segment {
            number,
            base: 0,
            limit: 0,
            flags: 1 << 3 | 1 << 5,
        }
    }
}

/// set_thread_area(2), for the calling thread. A free place's number is written.
///
/// # Safety
/// Nobody uses the place.
unsafe fn set(segment: &mut Segment) -> isize {
    let result;
    // SAFETY: the kernel reads and writes the structure alone, and the place is free, as our caller says.
    unsafe {
        asm!(
            "int 0x80",
            inlateout("eax") 243_usize => result,
            in("ebx") segment,
        );
    }
    result
}

/// The place for a new thread's segment, or the kernel's error: there is none that is free.
fn place() -> Result<u32, isize> {
    const FREE_ONE: u32 = u32::MAX;
    let selector: u32;
    // SAFETY: it only reads a register.
    unsafe { asm!("mov {:e}, gs", out(reg) selector, options(nomem, nostack, preserves_flags)) };
    // That of a program, in this table.
    if selector & 7 == 3 {
        return Ok(selector >> 3);
    }
    let mut found = Segment::new(FREE_ONE, 0);
    // SAFETY: a free place, and free again at once. Nobody comes between: other threads have their own, and
    // signals are blocked.
    unsafe {
        let result = set(&mut found);
        if result < 0 {
            return Err(result);
        }
        set(&mut Segment::none(found.number));
    }
    Ok(found.number)
}

/// What the thread finds on its stack, from the lowest address on.
#[repr(C)]
struct Found {
    /// What leads to its segment.
    selector: u32,
    entry: Entry,
    /// At the call: aligned to 16 bytes.
    record: *mut Record,
    rest: [usize; 3],
}

/// clone(2). A thread that was made runs `entry(record)` on its stack.
///
/// # Safety
/// `top` is the upper end of a stack that nothing else uses, aligned to 16 bytes; the entry does not
/// return. `pointer` leads to the thread's own data, `exit_word` to a word that lasts longer than the
/// thread, and the flags say that the two are given. All signals are blocked.
pub unsafe fn clone(
    flags: usize,
    top: usize,
    exit_word: usize,
    pointer: usize,
    entry: Entry,
    record: *mut Record,
) -> isize {
    let number = match place() {
        Ok(number) => number,
        Err(error) => return error,
    };
    let segment = Segment::new(number, pointer);
    // The record's place is aligned to 16 bytes, as a call wants it.
    let found = (top - 32 - size_of::<Found>().next_multiple_of(16) + 8) as *mut Found;
    let result;
    // SAFETY: the thread's stack is ours to write. On this side it is a call like any other of the
    // kernel's, which reads the segment before it comes back. On the other, all registers have the values
    // from here but esp and eax, and the code below is left by a call only.
    unsafe {
        found.write(Found {
            selector: number << 3 | 3,
            entry,
            record,
            rest: [0; 3],
        });
        asm!(
            "push esi", // not to be had as an operand
            "mov esi, edx",
            "int 0x80",
            "test eax, eax",
            "jnz 2f",
            "xor ebp, ebp", // no frame before this one
            "pop eax",
            "mov gs, ax",
            "pop eax",
            "call eax",
            "ud2",
            "2:",
            "pop esi",
            inlateout("eax") 120_usize => result,
            in("ebx") flags,
            in("ecx") found,
            in("edx") &raw const segment,
            in("edi") exit_word,
        );
    }
    result
}

/// Unmaps the stack that this runs on and ends the thread: in registers only.
///
/// # Safety
/// Nothing else uses the memory.
pub unsafe fn unmap_and_exit(at: usize, len: usize) -> ! {
    // SAFETY: no memory is touched once it is gone; the rest is our caller's promise.
    unsafe {
        asm!(
            "int 0x80",
            "xor ebx, ebx",
            "mov eax, 1", // exit(2): this thread alone
            "int 0x80",
            "ud2",
            in("eax") 91_usize,
            in("ebx") at,
            in("ecx") len,
            options(noreturn),
        );
    }
}

//! On 32-bit x86.
//!
//! There the thread pointer is a segment, and clone(2) wants to know its number. The thread asks for a
//! free one instead, before it does anything else.

use core::arch::asm;

use super::{Entry, Record};

/// Whether clone(2) itself sets the thread pointer.
pub const SET_BY_CLONE: bool = false;

/// Where the thread pointer lies behind the start of the thread's own data. Code looks on both sides.
pub const POINTER_AT: usize = 2048;

/// What set_thread_area(2) is given: the kernel's `struct user_desc`.
#[repr(C)]
struct Segment {
    number: u32,
    base: usize,
    limit: u32,
    flags: u32,
}

/// What the thread finds on its stack, from the lowest address on.
#[repr(C)]
struct Found {
    segment: *const Segment,
    entry: Entry,
    /// At the call: aligned to 16 bytes.
    record: *mut Record,
    rest: [usize; 3],
    its_segment: Segment,
}

/// clone(2). A thread that was made runs `entry(record)` on its stack.
///
/// # Safety
/// `top` is the upper end of a stack that nothing else uses, aligned to 16 bytes; the entry does not
/// return. `pointer` leads to the thread's own data, `exit_word` to a word that lasts longer than the
/// thread, and the flags say that the two are given.
pub unsafe fn clone(
    flags: usize,
    top: usize,
    exit_word: usize,
    pointer: usize,
    entry: Entry,
    record: *mut Record,
) -> isize {
    const FREE_ONE: u32 = u32::MAX;
    /// 32 bits, data that can be written, up to the limit in pages, usable.
    const FLAGS: u32 = 1 | 1 << 4 | 1 << 6;
    // The record's place is aligned to 16 bytes, as a call wants it.
    let found = (top - 32 - size_of::<Found>().next_multiple_of(16) + 8) as *mut Found;
    let result;
    // SAFETY: the thread's stack is ours to write. On this side it is a call like any other of the
    // kernel's. On the other, all registers have the values from here but esp and eax, and the code
    // below is left by a call only.
    unsafe {
        found.write(Found {
            segment: &raw const (*found).its_segment,
            entry,
            record,
            rest: [0; 3],
            its_segment: Segment {
                number: FREE_ONE,
                base: pointer,
                limit: 0xf_ffff,
                flags: FLAGS,
            },
        });
        asm!(
            "int 0x80",
            "test eax, eax",
            "jnz 2f",
            "xor ebp, ebp", // no frame before this one
            "pop ebx",
            "mov eax, 243", // set_thread_area(2)
            "int 0x80",
            "test eax, eax",
            "mov eax, 0", // no data of its own: better a fault than the creator's
            "jnz 3f",
            "mov eax, [ebx]",
            "lea eax, [eax * 8 + 3]",
            "3:",
            "mov gs, ax",
            "pop eax",
            "call eax",
            "ud2",
            "2:",
            inlateout("eax") 120_usize => result,
            in("ebx") flags,
            in("ecx") found,
            in("edx") 0_usize,
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

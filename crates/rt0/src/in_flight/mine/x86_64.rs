//! On x86-64 Linux: a thread-local in assembly, accessed through a TLS descriptor. If the loader has found room
//! for it in the memory that every thread begins with, it is equally far from every thread's pointer. The
//! boot checks this, and the page tells the calls: they then reach it with one instruction.
//!
//! Room there is scarce. In a copy of the library that has none, and in one that a loader without descriptors for
//! it loads, a call goes by way of its thread pointer: a table leads from there to the slot. A call that
//! finds another thread's slot takes the longest way: it calls the function that the descriptor names.

use core::arch::{asm, global_asm};

use rt0_core::branch;
use rt0_core::generation::hot;
use rt0_core::platform::kernel;
use rt0_core::protocol::hints::Hints;
use rt0_core::protocol::in_flight::{Announced, Mine, Slot, in_key};
use rt0_core::sabotage;

// As std's thread-locals are: zeros at a thread's start. So is `Mine::new`.
global_asm!(
    ".pushsection .tbss.rt0_mine,\"awT\",@nobits",
    ".balign {align}",
    ".globl rt0_mine",
    ".hidden rt0_mine",
    ".type rt0_mine,@object",
    ".size rt0_mine,{size}",
    "rt0_mine: .zero {size}",
    ".popsection",
    align = const align_of::<Mine>(),
    size = const size_of::<Mine>(),
);

// In a section of its own: see `zeros!` in the core's `assembler/elf/mod.rs`.
global_asm!(
    ".pushsection .rt0_hints,\"aw\",@nobits",
    ".balign {align}",
    ".globl rt0_hints",
    ".hidden rt0_hints",
    ".type rt0_hints,@object",
    ".size rt0_hints,{size}",
    "rt0_hints: .zero {size}",
    ".popsection",
    align = const align_of::<Hints<Slot>>(),
    size = const size_of::<Hints<Slot>>(),
);

unsafe extern "C" {
    // All-zero bytes are an empty table.
    #[link_name = "rt0_hints"]
    safe static HINTS: Hints<Slot>;
}

// Calls the function that the descriptor names, for a function that has not prepared its stack for a call.
// It is jumped to, with the address to return to in rax, and keeps all registers but rax and rcx. It stays below
// the red zone, aligns the stack, and says how to unwind: the loader may allocate, and an allocator of the host's
// may look up its callers.
global_asm!(
    ".pushsection .text.rt0_distance,\"ax\",@progbits",
    ".globl rt0_distance",
    ".hidden rt0_distance",
    ".type rt0_distance,@function",
    "rt0_distance:",
    ".cfi_startproc",
    ".cfi_def_cfa rsp, 0",
    ".cfi_register rip, rax",
    "lea rsp, [rsp - 128]",
    ".cfi_def_cfa_offset 128",
    "push rax",
    ".cfi_def_cfa_offset 136",
    ".cfi_offset rip, -136",
    "push rbp",
    ".cfi_def_cfa_offset 144",
    ".cfi_offset rbp, -144",
    "mov rbp, rsp",
    ".cfi_def_cfa_register rbp",
    "and rsp, -16",
    "lea rax, [rip + rt0_mine@tlsdesc]",
    "call [rax + rt0_mine@tlscall]",
    "mov rsp, rbp",
    ".cfi_def_cfa_register rsp",
    "pop rbp",
    ".cfi_def_cfa_offset 136",
    ".cfi_restore rbp",
    "pop rcx",
    ".cfi_def_cfa_offset 128",
    ".cfi_register rip, rcx",
    "lea rsp, [rsp + 128]",
    ".cfi_def_cfa_offset 0",
    "jmp rcx",
    ".cfi_endproc",
    ".size rt0_distance, . - rt0_distance",
    ".popsection",
);

/// The distance of this thread's `rt0_mine` from its thread pointer.
#[inline(always)]
fn distance() -> usize {
    let distance: usize;
    // SAFETY: `rt0_distance` changes rax, rcx and flags, and what the function behind the descriptor changes:
    // flags; glibc's before 2.40 also the vector registers, if it must allocate. It comes back here with the
    // stack as it was. (A call would need a stack that is ready for it, and each hot half would pay for that,
    // whether it comes here or not.)
    unsafe {
        asm!(
            "lea rax, [rip + 2f]",
            "jmp rt0_distance",
            "2:",
            out("rax") distance,
            out("rcx") _,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
            out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _,
            out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _,
            out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
            out("zmm16") _, out("zmm17") _, out("zmm18") _, out("zmm19") _,
            out("zmm20") _, out("zmm21") _, out("zmm22") _, out("zmm23") _,
            out("zmm24") _, out("zmm25") _, out("zmm26") _, out("zmm27") _,
            out("zmm28") _, out("zmm29") _, out("zmm30") _, out("zmm31") _,
            out("k0") _, out("k1") _, out("k2") _, out("k3") _,
            out("k4") _, out("k5") _, out("k6") _, out("k7") _,
            options(nostack),
        );
    }
    distance
}

#[inline(always)]
pub fn with<R>(run: impl FnOnce(&Mine) -> R) -> R {
    let pointer: usize;
    // SAFETY: the first word of what a thread pointer points to is the thread pointer.
    unsafe {
        asm!("mov {}, fs:[0]", out(reg) pointer, options(nostack, preserves_flags, readonly));
    }
    let mine = pointer.wrapping_add(distance()) as *const Mine;
    // SAFETY: it is this thread's, which was zeros at first, as `Mine::new` is. `run` can't keep it.
    run(unsafe { &*mine })
}

#[inline(always)]
pub fn enter(usable: impl Fn() -> bool) -> Option<(Announced, *const ())> {
    match slot() {
        Some(slot) => slot.enter(usable).map(|call| (call, hot::state())),
        None => super::enter_with_local(usable),
    }
}

/// This thread's slot, if this thread is prepared for the present generation and the slot is found at once.
#[inline(always)]
fn slot() -> Option<&'static Slot> {
    let pass = hot::pass();
    let fixed = hot::fixed();
    // SAFETY: if `fixed` is not 0, boot has found that every thread has its `rt0_mine` there. If it is 0, this reads
    // the thread pointer, which the ABI demands to be there. It is aligned, so it is never equal to `pass`, which is
    // odd; nor is it 0, which `pass` is where no generation has begun.
    branch! {
        unsafe jne usize "fs:[{fixed} + {at}]", pass,
        [fixed = in(reg) fixed, at = const Mine::PASS_AT,] => { return hinted(pass) }
    }
    let slot: *const Slot;
    // SAFETY: boot has found that every thread has its `rt0_mine` there.
    unsafe {
        asm!(
            "mov {slot}, qword ptr fs:[{fixed} + {at}]",
            fixed = in(reg) fixed,
            slot = out(reg) slot,
            at = const Mine::SLOT_AT,
            options(nostack, preserves_flags),
        );
        // A thread that holds a pass has a slot, which lives for ever. (Without the hint the compiler may test
        // for null once more.)
        std::hint::assert_unchecked(!slot.is_null());
        Some(&*slot)
    }
}

/// The same by way of the thread pointer: what `Slot::of` is in the model.
#[inline(always)]
fn hinted(pass: usize) -> Option<&'static Slot> {
    let key: usize;
    let slot: *const Slot;
    // SAFETY: the first word of what a thread pointer points to is the thread pointer. `mask` keeps the load inside
    // the table. (Loads on this processor have Acquire ordering, which `Hints` asks for.)
    unsafe {
        asm!(
            "add {key}, qword ptr fs:[0]",
            "movzx {slot:e}, word ptr fs:[{bytes_out}]",
            "and {slot:e}, {mask}",
            "lea {table}, [rip + rt0_hints]",
            "mov {slot}, qword ptr [{table} + {slot} + {places}]",
            "add {slot}, {table}",
            key = inout(reg) in_key(pass) => key,
            slot = out(reg) slot,
            table = out(reg) _,
            bytes_out = const Hints::<Slot>::BYTES_OUT,
            mask = const Hints::<Slot>::MASK,
            places = const Hints::<Slot>::PLACES_AT,
            options(nostack),
        );
    }
    if sabotage::NO_OWNER_CHECK {
        // SAFETY: wrong on purpose.
        return Some(unsafe { &*slot });
    }
    // SAFETY: an entry leads to a slot, which lives for ever, or to zeros, which are no key.
    branch! {
        unsafe je usize "[{slot} + {at}]", key,
        [slot = in(reg) slot, at = const Slot::KEY_AT,] => {
            // SAFETY: it has a key, so it is a slot, and this thread's. (The hint is as in `slot`.)
            return Some(unsafe {
                std::hint::assert_unchecked(!slot.is_null());
                &*slot
            });
        }
    }
    None
}

/// Nobody follows them where the distance is known.
pub fn hints() -> Option<(&'static Hints<Slot>, usize)> {
    (hot::fixed() == 0).then(|| (&HINTS, kernel::thread_pointer()))
}

/// Asks what the linker and the loader have made of the descriptor.
pub fn fixed() -> usize {
    if sabotage::NO_FIXED_CHECK {
        return distance();
    }
    let (distance, descriptor): (usize, usize);
    // SAFETY: as in `distance`, in a function of its own, which aligns the stack. Of the instruction that the
    // linker may have changed, `descriptor` gets the result.
    unsafe {
        asm!(
            "lea rax, [rip + rt0_mine@tlsdesc]",
            "mov r12, rax",
            "call [rax + rt0_mine@tlscall]",
            out("r12") descriptor,
            out("rax") distance,
            clobber_abi("C"),
        );
    }
    if is_negative(descriptor) {
        // No address, but a distance: the linker knew it, or that the loader would, as in a program.
        return distance;
    }
    // SAFETY: it is the descriptor: two words, of which the loader has written both by now.
    let argument = unsafe { (descriptor as *const usize).add(1).read_volatile() };
    // In the kind with a known distance the second word is that distance: thread-locals are below the thread
    // pointer. In the other kind it is the address of something.
    if is_negative(argument) && argument == distance {
        distance
    } else {
        0
    }
}

fn is_negative(word: usize) -> bool {
    (word as isize) < 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In a program the distance is always known. `rt0-hosts` tests libraries.
    #[test]
    fn in_a_program_every_thread_has_it_at_the_same_distance() {
        let fixed = fixed();
        assert!(is_negative(fixed), "{fixed:#x}");
        let here = || with(|mine| (&raw const *mine).addr());
        let threads: Vec<_> = (0..3)
            .map(|_| std::thread::spawn(move || (distance(), here())))
            .collect();
        let mut places = vec![here()];
        for thread in threads {
            let (distance, place) = thread.join().unwrap();
            assert_eq!(distance, fixed);
            places.push(place);
        }
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), 4, "each thread has its own");
    }
}

//! Signals: the calling thread's mask, and what the process does with them.

use core::array::from_fn;

use super::arch::nr;
use super::files::read_file;

/// SIGABRT.
pub const ABORT: SignalMask = 1 << 5;

/// SIGXCPU, SIGPWR and the real-time signals. (Those that the C library uses itself are in
/// `signals_of_the_c_library`.)
pub const COLLECTORS: SignalMask = 1 << 23 | 1 << 29 | !0 << 33;

/// SIGUSR1 and SIGUSR2.
pub const USR: SignalMask = 1 << 9 | 1 << 11;

/// SIGKILL and SIGSTOP, which are never in a mask.
pub const UNBLOCKABLE: SignalMask = 1 << 8 | 1 << 18;

pub const FAULTS: &[u32] = &[
    4,  // SIGILL
    5,  // SIGTRAP
    7,  // SIGBUS
    8,  // SIGFPE
    11, // SIGSEGV
    31, // SIGSYS
];

pub type SignalMask = u64;

/// The kernel's set of signals: 64 bits in words, with the first signals in the first word.
type SignalSet = [usize; 64 / usize::BITS as usize];

pub fn block_signals(mask: SignalMask) -> SignalMask {
    const SIG_BLOCK: usize = 0;
    change_signal_mask(SIG_BLOCK, mask)
}

pub fn unblock_signals(mask: SignalMask) -> SignalMask {
    const SIG_UNBLOCK: usize = 1;
    change_signal_mask(SIG_UNBLOCK, mask)
}

pub fn set_signal_mask(mask: SignalMask) -> SignalMask {
    const SIG_SETMASK: usize = 2;
    change_signal_mask(SIG_SETMASK, mask)
}

#[inline(never)]
fn change_signal_mask(how: usize, mask: SignalMask) -> SignalMask {
    let mask: SignalSet = from_fn(|i| (mask >> (i as u32 * usize::BITS)) as usize);
    let mut former = SignalSet::default();
    // SAFETY: both pointers are to eight bytes, which is the size of the kernel's signal set.
    unsafe {
        syscall!(
            nr::RT_SIGPROCMASK,
            how,
            &raw const mask,
            &raw mut former,
            size_of::<SignalSet>(),
        )
    };
    (0..).zip(former).fold(0, |all, (i, word)| {
        all | (word as SignalMask) << (i * usize::BITS)
    })
}

pub fn is_caught(signal: u32) -> bool {
    const SIG_IGN: usize = 1;
    const NO_NEW_ACTION: usize = 0;
    // On all of these processors the kernel's `struct sigaction` begins with the handler, and is smaller than
    // this.
    let mut action = [0_usize; 8];
    // SAFETY: with null for the new action, the kernel only writes the present one (rt_sigaction(2)), and
    // `action` is large enough for it.
    let result = unsafe {
        syscall!(
            nr::RT_SIGACTION,
            signal,
            NO_NEW_ACTION,
            action.as_mut_ptr(),
            size_of::<SignalSet>(),
        )
    };
    result == 0 && action[0] > SIG_IGN
}

pub fn first_threads_mask() -> Option<SignalMask> {
    const BEFORE: &[u8; 9] = b"\nSigBlk:\t";
    const DIGITS: usize = 16;
    let mut text = [0; 4096];
    let len = read_file(c"/proc/self/status", &mut text)?;
    let mut windows = text.get(..len)?.windows(BEFORE.len() + DIGITS);
    let digits = windows.find_map(|window| window.strip_prefix(BEFORE))?;
    digits.iter().try_fold(0, |mask, byte| {
        let digit = char::from(*byte).to_digit(16)?;
        Some(mask << 4 | SignalMask::from(digit))
    })
}

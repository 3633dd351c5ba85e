//! Linux, by its own system calls: the same in a glibc process, a musl process, and one with no C
//! library at all. None of them touches `errno` or is a cancellation point.
//!
//! Any of them may be refused, by the filter of a sandbox (seccomp(2)), also one that the manual says can't
//! fail, and from any moment on. So each answer is looked at, and each question that matters has another
//! way: threads are known by their thread pointers, the time comes from the C library, which asks no kernel
//! as a rule, and a wait that the kernel does not know is a sleep.

// One file per processor, all with the same names in the same order; `unsupported.rs` is for all others.
#[cfg(all(target_arch = "aarch64", target_pointer_width = "64"))]
mod aarch64;
#[cfg(target_arch = "arm")]
mod arm;
#[cfg(target_arch = "powerpc64")]
mod powerpc64;
#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "s390x")]
mod s390x;
#[cfg(not(any(
    all(target_arch = "aarch64", target_pointer_width = "64"),
    target_arch = "arm",
    target_arch = "powerpc64",
    target_arch = "riscv64",
    target_arch = "s390x",
    target_arch = "x86",
    all(target_arch = "x86_64", target_pointer_width = "64"),
)))]
mod unsupported;
#[cfg(target_arch = "x86")]
mod x86;
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
mod x86_64;

cfg_select! {
    all(target_arch = "aarch64", target_pointer_width = "64") => { use self::aarch64 as arch; }
    target_arch = "arm" => { use self::arm as arch; }
    target_arch = "powerpc64" => { use self::powerpc64 as arch; }
    target_arch = "riscv64" => { use self::riscv64 as arch; }
    target_arch = "s390x" => { use self::s390x as arch; }
    target_arch = "x86" => { use self::x86 as arch; }
    all(target_arch = "x86_64", target_pointer_width = "64") => { use self::x86_64 as arch; }
    _ => { use self::unsupported as arch; }
}

#[cfg(any(target_arch = "aarch64", target_arch = "riscv64"))]
mod generic_nr;

#[cfg(target_pointer_width = "32")]
mod time32;
#[cfg(target_pointer_width = "64")]
mod time64;
#[cfg(target_pointer_width = "32")]
use self::time32 as time;
#[cfg(target_pointer_width = "64")]
use self::time64 as time;

// And one per C library where that makes a difference.
#[cfg(target_os = "android")]
mod bionic;
#[cfg(not(target_os = "android"))]
mod glibc_musl;
#[cfg(target_os = "android")]
use self::bionic as c_library;
#[cfg(not(target_os = "android"))]
use self::glibc_musl as c_library;

mod no_clock;
mod without_libc;

use core::array::from_fn;
use core::ffi::{CStr, c_char, c_int, c_ulong, c_void};
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicU32, Ordering};

use self::arch::{MAP_NORESERVE, mmap, nr, syscall};
use crate::platform::weak_symbols;
use crate::sabotage;

pub use self::arch::{LARGEST_PAGE, call_on_stack, thread_pointer, trap};
pub(crate) use self::arch::{POINTER_AT, clone, unmap_and_exit};
pub use self::c_library::{
    RTLD_DEFAULT, constructors_get_arguments, may_be_for_a_moment, signals_of_the_c_library,
};
pub use self::without_libc::is_without_libc;

/// `dlopen`: bind what is called when it is called.
pub const RTLD_LAZY: c_int = 1;
/// `dlopen`: only what is loaded already.
pub const RTLD_NOLOAD: c_int = 4;
/// `dlopen`: never unmap it.
pub const RTLD_NODELETE: c_int = 0x1000;
/// `pthread_setcancelstate`: no cancellation.
pub const PTHREAD_CANCEL_DISABLE: c_int = 1;

/// Whether `pthread_atfork`'s handlers go with the file that they lie in. glibc and bionic
/// are told which one that is; musl unmaps nothing.
pub const TAKES_FORK_HANDLERS_BACK: bool = true;

/// What the loader barrier opens; null: the program itself.
pub const FOR_THE_BARRIER: *const c_char = null();

/// Signals that a thread causes by what it does: the host's crash reporter wants them.
pub const FAULTS: [u32; 6] = [
    4,  // SIGILL
    5,  // SIGTRAP
    7,  // SIGBUS
    8,  // SIGFPE
    11, // SIGSEGV
    31, // SIGSYS
];

/// What a thread that no C library has made runs.
pub type ThreadEntry = unsafe extern "C" fn(*mut c_void) -> !;

const FUTEX_WAIT_PRIVATE: usize = 128;
const FUTEX_WAKE_PRIVATE: usize = 1 | 128;
const FUTEX_WAIT_BITSET_PRIVATE: usize = 9 | 128;
const MATCH_ANY: usize = u32::MAX as usize;
const ETIMEDOUT: isize = -110;
const EINTR: isize = -4;
const EAGAIN: isize = -11;
const CLOCK_MONOTONIC: usize = 1;
const PR_SET_NAME: usize = 15;
const MEMBARRIER_PRIVATE: usize = 8;
const MEMBARRIER_REGISTER_PRIVATE: usize = 16;
const AT_FDCWD: usize = -100_isize as usize;
const O_CLOEXEC: usize = 0o2000000;

/// The kernel's time, with 64 bits on every processor.
#[repr(C)]
#[derive(Default)]
struct Timespec {
    seconds: i64,
    nanos: i64,
}

impl Timespec {
    fn new(nanos: u64) -> Timespec {
        Timespec {
            seconds: (nanos / 1_000_000_000) as i64,
            nanos: (nanos % 1_000_000_000) as i64,
        }
    }

    fn as_nanos(&self) -> u64 {
        self.seconds as u64 * 1_000_000_000 + self.nanos as u64
    }
}

/// Sleeps while `word` is `seen`, at most until `deadline` on the monotonic clock. False when that has passed.
pub fn futex_wait(word: &AtomicU32, seen: u32, deadline: Option<u64>) -> bool {
    let deadline = deadline.filter(|_| !sabotage::NO_DEADLINE);
    if let Some(deadline) = deadline
        && time::clock_gettime(CLOCK_MONOTONIC).is_none()
        && !sabotage::NO_OTHER_CLOCK
    {
        return no_clock::wait(word, seen, deadline);
    }
    let until = deadline.map(Timespec::new);
    let until = until
        .as_ref()
        .map_or(null(), |until| until as *const Timespec);
    // SAFETY: the word and the time outlive the call, by the references held here; the kernel
    // only reads them (futex(2)).
    let result = unsafe {
        time::futex([
            word.as_ptr() as usize,
            FUTEX_WAIT_BITSET_PRIVATE,
            seen as usize,
            until as usize,
            0,
            MATCH_ANY,
        ])
    };
    match result {
        ETIMEDOUT => false,
        EINTR if sabotage::NO_INTERRUPT_CHECK => false,
        0 | EINTR | EAGAIN => true,
        _ if sabotage::NO_NAP => true,
        _ => {
            nap();
            deadline.is_none_or(|deadline| monotonic() < deadline)
        }
    }
}

/// Sleeps for a millisecond: where the kernel refuses to wait for a word. Where it refuses that as well the
/// other threads get their turn, as they do anyway.
fn nap() {
    time::nanosleep(&Timespec::new(1_000_000));
}

/// Wakes everyone who sleeps on `word`.
pub fn futex_wake_all(word: &AtomicU32) {
    // SAFETY: FUTEX_WAKE uses the address as a key and does not read or write it (futex(2)).
    unsafe {
        syscall(
            nr::FUTEX,
            [
                word.as_ptr() as usize,
                FUTEX_WAKE_PRIVATE,
                i32::MAX as usize,
                0,
                0,
                0,
            ],
        )
    };
}

/// Sleeps until the kernel has cleared this word, which it does at the end of a thread that was made so.
pub fn wait_for_thread(word: &AtomicU32) {
    // The kernel does not know that the word is this process's alone.
    const FUTEX_WAIT: usize = 0;
    loop {
        // Acquire pairs with what the thread did before its end: the kernel is in between.
        let seen = word.load(Ordering::Acquire);
        if seen == 0 {
            return;
        }
        // SAFETY: the word outlives the call; the kernel only reads it (futex(2)).
        let result =
            unsafe { time::futex([word.as_ptr() as usize, FUTEX_WAIT, seen as usize, 0, 0, 0]) };
        if !matches!(result, 0 | EINTR | EAGAIN) {
            nap();
        }
    }
}

/// Has the kernel clear no word at the end of this thread.
pub fn forget_exit_word() {
    // SAFETY: set_tid_address(2) touches no memory now, and with null none later.
    unsafe { syscall(nr::SET_TID_ADDRESS, [0; 6]) };
}

/// Now, in nanoseconds of `CLOCK_MONOTONIC`; where nobody tells the time, what waits have slept since
/// somebody did.
pub fn monotonic() -> u64 {
    match time::clock_gettime(CLOCK_MONOTONIC) {
        Some(now) => {
            let nanos = now.as_nanos();
            no_clock::keep(nanos);
            nanos
        }
        None if sabotage::NO_OTHER_CLOCK => 0,
        None => no_clock::now(),
    }
}

/// What the calling thread is known by: no other thread of the process has the same, and a fork's child
/// keeps it. No system call where there is a C library. 0 where there is none, and the kernel does not
/// tell either.
pub fn this_thread() -> usize {
    if sabotage::NO_THREAD_POINTER {
        // SAFETY: as in `thread_id`.
        return unsafe { syscall(nr::GETTID, [0; 6]) as u32 as usize };
    }
    if is_without_libc() {
        thread_id() as usize
    } else {
        thread_pointer()
    }
}

/// The calling thread's id; 0: the kernel does not tell.
pub fn thread_id() -> u32 {
    // SAFETY: gettid(2) takes nothing.
    let id = unsafe { syscall(nr::GETTID, [0; 6]) };
    u32::try_from(id).unwrap_or(0)
}

/// This process's id. `None`: the kernel does not tell.
pub fn process_id() -> Option<u32> {
    // SAFETY: getpid(2) takes nothing.
    let id = unsafe { syscall(nr::GETPID, [0; 6]) };
    u32::try_from(id).ok()
}

/// Whether this process may do more than the one that has started it: the environment is then under
/// the control of somebody with fewer rights.
pub fn has_more_rights() -> bool {
    const AT_SECURE: c_ulong = 23;
    match weak_symbols::getauxval() {
        // SAFETY: getauxval(3) reads what the kernel passed at start.
        Some(getauxval) => unsafe { getauxval(AT_SECURE) != 0 },
        // It may be more rights that keep it from being read.
        None => auxiliary(AT_SECURE as usize) != Some(0),
    }
}

/// What the kernel has told the process at its start under this key (getauxval(3)), without a C library. `None`:
/// nothing, or it can't be read.
pub fn auxiliary(wanted: usize) -> Option<usize> {
    let mut bytes = [0; 64 * size_of::<[usize; 2]>()];
    let len = read_file(c"/proc/self/auxv", &mut bytes)?;
    let (words, _) = bytes[..len].as_chunks::<{ size_of::<usize>() }>();
    let (pairs, _) = words.as_chunks::<2>();
    let mut pairs = pairs.iter().map(|pair| pair.map(usize::from_ne_bytes));
    pairs.find_map(|[key, value]| (key == wanted).then_some(value))
}

/// Whether the calling thread is the one that the process began with, or may be, where the kernel does not
/// tell.
pub fn is_first_thread() -> bool {
    match (thread_id(), process_id()) {
        (0, _) | (_, None) => true,
        (thread, Some(process)) => thread == process,
    }
}

/// Gives the calling thread a name. The kernel keeps fifteen bytes of it.
pub fn name_thread(name: &CStr) {
    // SAFETY: the kernel reads at most sixteen bytes and stops at the zero that a CStr has.
    unsafe { syscall(nr::PRCTL, [PR_SET_NAME, name.as_ptr() as usize, 0, 0, 0, 0]) };
}

/// A set of signals: the first is the lowest bit.
pub type SignalMask = u64;

/// The kernel's set of signals: 64 bits in words, the first signals in the first of them.
type SignalSet = [usize; 64 / usize::BITS as usize];

/// SIGABRT.
pub const ABORT: SignalMask = 1 << 5;

/// What collectors stop threads with that have no other use, or hardly one: SIGXCPU, SIGPWR and the real-time
/// signals. (What the C library keeps of these is in [`signals_of_the_c_library`].)
pub const COLLECTORS: SignalMask = 1 << 23 | 1 << 29 | !0 << 33;

/// What others of them use, and many programs for something else: SIGUSR1 and SIGUSR2.
pub const USR: SignalMask = 1 << 9 | 1 << 11;

/// SIGKILL and SIGSTOP, which no mask has.
const UNBLOCKABLE: SignalMask = 1 << 8 | 1 << 18;

/// Adds to the calling thread's signal mask and returns the former one.
pub fn block_signals(mask: SignalMask) -> SignalMask {
    const SIG_BLOCK: usize = 0;
    change_signal_mask(SIG_BLOCK, mask)
}

/// Takes away from the calling thread's signal mask and returns the former one.
pub fn unblock_signals(mask: SignalMask) -> SignalMask {
    const SIG_UNBLOCK: usize = 1;
    change_signal_mask(SIG_UNBLOCK, mask)
}

/// Replaces the calling thread's signal mask and returns the former one.
pub fn set_signal_mask(mask: SignalMask) -> SignalMask {
    const SIG_SETMASK: usize = 2;
    change_signal_mask(SIG_SETMASK, mask)
}

fn change_signal_mask(how: usize, mask: SignalMask) -> SignalMask {
    let mask: SignalSet = from_fn(|i| (mask >> (i as u32 * usize::BITS)) as usize);
    let mut former: SignalSet = [0; _];
    // SAFETY: both pointers are to the eight bytes that the kernel's signal set has.
    unsafe {
        syscall(
            nr::RT_SIGPROCMASK,
            [
                how,
                &raw const mask as usize,
                &raw mut former as usize,
                size_of::<SignalSet>(),
                0,
                0,
            ],
        )
    };
    (0..).zip(former).fold(0, |all, (i, word)| {
        all | (word as SignalMask) << (i * usize::BITS)
    })
}

/// Whether the process has a handler for this signal: neither the default action nor none.
pub fn is_caught(signal: u32) -> bool {
    const SIG_IGN: usize = 1;
    // The kernel's `struct sigaction` begins with the handler on all of these processors, and is smaller
    // than this.
    let mut action = [0_usize; 8];
    // SAFETY: with null for the new action the kernel only writes the present one, into memory that is large
    // enough for it (rt_sigaction(2)).
    let result = unsafe {
        syscall(
            nr::RT_SIGACTION,
            [
                signal as usize,
                0,
                action.as_mut_ptr() as usize,
                size_of::<SignalSet>(),
                0,
                0,
            ],
        )
    };
    result == 0 && action[0] > SIG_IGN
}

/// What the thread that the process began with blocks; nothing when it can't be known.
pub fn first_threads_mask() -> Option<SignalMask> {
    let mut text = [0; 4096];
    let len = read_file(c"/proc/self/status", &mut text)?;
    let mut lines = text[..len].split(|byte| *byte == b'\n');
    let mask = lines.find_map(|line| line.strip_prefix(b"SigBlk:"))?;
    let digit = |mask: SignalMask, byte: &u8| {
        let digit = char::from(*byte).to_digit(16)?;
        Some(mask << 4 | SignalMask::from(digit))
    };
    mask.trim_ascii().iter().try_fold(0, digit)
}

const PRIVATE_ANONYMOUS: usize = 2 | 32;

/// Fresh zeroed memory of `len` bytes, or nothing when there is none.
pub fn map(len: usize) -> Option<*mut u8> {
    map_with(len, PRIVATE_ANONYMOUS)
}

/// Fresh memory for a stack.
pub fn map_stack(len: usize) -> Option<*mut u8> {
    map(len)
}

/// Whether `len` bytes of addresses are free. No memory is set aside for them.
pub fn has_room(len: usize) -> bool {
    let room = map_with(len, PRIVATE_ANONYMOUS | MAP_NORESERVE);
    // SAFETY: a whole mapping, which nobody was told of.
    room.map(|at| unsafe { unmap(at, len) }).is_some()
}

fn map_with(len: usize, flags: usize) -> Option<*mut u8> {
    const READ_WRITE: usize = 1 | 2;
    // SAFETY: without MAP_FIXED the kernel chooses an address that nothing else uses.
    let at = unsafe { mmap([0, len, READ_WRITE, flags, usize::MAX, 0]) };
    (!(-4095..=0).contains(&at)).then_some(at as *mut u8)
}

/// Gives memory back.
///
/// # Safety
/// `at` and `len` are a whole mapping of [`map`], and nothing points into it any more.
pub unsafe fn unmap(at: *mut u8, len: usize) {
    // SAFETY: passed on to our caller.
    unsafe { syscall(nr::MUNMAP, [at as usize, len, 0, 0, 0, 0]) };
}

/// Takes all access to `len` bytes at `at` away. False when the kernel refuses.
///
/// # Safety
/// Whole pages of a mapping of [`map`], which nothing uses.
pub unsafe fn forbid(at: *mut u8, len: usize) -> bool {
    // SAFETY: passed on to our caller.
    unsafe { syscall(nr::MPROTECT, [at as usize, len, 0, 0, 0, 0]) == 0 }
}

/// Asks the kernel to hand a fork's child zeros in these pages. False when it can't (Linux < 4.14).
///
/// # Safety
/// Whole pages that hold nothing which a child needs.
pub unsafe fn wipe_on_fork(at: *mut u8, len: usize) -> bool {
    const MADV_WIPEONFORK: usize = 18;
    // SAFETY: passed on to our caller; madvise(2) changes nothing in this process.
    unsafe { syscall(nr::MADVISE, [at as usize, len, MADV_WIPEONFORK, 0, 0, 0]) == 0 }
}

/// Whether [`fence_all_threads`] can be had in this process.
pub fn can_fence_all_threads() -> bool {
    const QUERY: usize = 0;
    const NEEDED: isize = (MEMBARRIER_PRIVATE | MEMBARRIER_REGISTER_PRIVATE) as isize;
    if !c_library::may_use_membarrier() {
        return false;
    }
    // SAFETY: membarrier(2) with this command only answers.
    let commands = unsafe { syscall(nr::MEMBARRIER, [QUERY, 0, 0, 0, 0, 0]) };
    commands > 0 && commands & NEEDED == NEEDED
}

/// A full memory fence on every thread of this process, as if each had executed one at some point
/// during this call. False when the kernel refuses.
pub fn fence_all_threads() -> bool {
    // SAFETY: membarrier(2) touches no memory. Registering, which it wants once, does no harm twice.
    unsafe {
        syscall(nr::MEMBARRIER, [MEMBARRIER_REGISTER_PRIVATE, 0, 0, 0, 0, 0]) == 0
            && syscall(nr::MEMBARRIER, [MEMBARRIER_PRIVATE, 0, 0, 0, 0, 0]) == 0
    }
}

/// The arguments of this process, each with its zero, as the kernel has them. See [`read_file`].
pub fn read_arguments(buffer: &mut [u8]) -> Option<usize> {
    read_file(c"/proc/self/cmdline", buffer)
}

/// The same for the environment.
pub fn read_environment(buffer: &mut [u8]) -> Option<usize> {
    read_file(c"/proc/self/environ", buffer)
}

/// Reads a file from its start into `buffer`; how many bytes were there, or nothing when it can't be
/// read. A result of `buffer.len()` says that there may be more.
pub fn read_file(path: &CStr, buffer: &mut [u8]) -> Option<usize> {
    // SAFETY: the path ends with a zero; openat(2) only reads it.
    let file = unsafe {
        syscall(
            nr::OPENAT,
            [AT_FDCWD, path.as_ptr() as usize, O_CLOEXEC, 0, 0, 0],
        )
    };
    if file < 0 {
        return None;
    }
    let mut len = 0;
    let mut whole = true;
    while len < buffer.len() {
        let rest = &mut buffer[len..];
        // SAFETY: the kernel writes at most `rest.len()` bytes into `rest`.
        let got = unsafe {
            syscall(
                nr::READ,
                [
                    file as usize,
                    rest.as_mut_ptr() as usize,
                    rest.len(),
                    0,
                    0,
                    0,
                ],
            )
        };
        match got {
            EINTR => {}
            1.. => len += got as usize,
            _ => {
                whole = got == 0;
                break;
            }
        }
    }
    // SAFETY: the descriptor is the one opened above, and used no more.
    unsafe { syscall(nr::CLOSE, [file as usize, 0, 0, 0, 0, 0]) };
    whole.then_some(len)
}

/// A null pointer of the kind that thread functions return.
pub const NOTHING: *mut c_void = null_mut();

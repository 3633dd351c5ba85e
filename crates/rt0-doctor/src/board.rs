//! Memory that the keeper, a subject and its children share: what the subject is told, what it is doing, and what it
//! has found. It works when all descriptors are closed, and in a child in which no lock may be taken.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};

/// The number under which a subject inherits the board.
pub const DESCRIPTOR: i32 = 3;

/// How many numbers a check may share with its children.
pub const SLOTS: usize = 64;

#[repr(C)]
struct Layout {
    slots: [AtomicU64; SLOTS],
    beats: AtomicU64,
    /// How many rounds of a repetition have begun, and how many there are at least.
    rounds: [AtomicU32; 2],
    step: Text<512>,
    verdict: Text<{ 64 << 10 }>,
    job: Text<{ 256 << 10 }>,
}

/// A text that any process may replace. Two that do so at once mix it up, and harm nobody.
#[repr(C)]
struct Text<const N: usize> {
    len: AtomicU32,
    bytes: [AtomicU8; N],
}

/// The shared memory. It is never unmapped.
#[derive(Clone, Copy)]
pub struct Board(&'static Layout);

impl<const N: usize> Text<N> {
    /// Allocates nothing and takes no lock.
    fn set(&self, text: &str) {
        let len = text.len().min(N);
        for (byte, new) in self.bytes.iter().zip(&text.as_bytes()[..len]) {
            // Relaxed: the length's release publishes it.
            byte.store(*new, Ordering::Relaxed);
        }
        // Release: pairs with the acquire in `get`.
        self.len.store(len as u32, Ordering::Release);
    }

    fn get(&self) -> String {
        // Acquire: pairs with the release in `set`.
        let len = (self.len.load(Ordering::Acquire) as usize).min(N);
        let bytes: Vec<u8> = self.bytes[..len]
            .iter()
            .map(|byte| byte.load(Ordering::Relaxed))
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// A file of this name that lies in memory only, as a descriptor that exec closes.
///
/// # Errors
/// The system has none.
pub fn memory_named(name: &CStr) -> io::Result<OwnedFd> {
    // SAFETY: the name is a C string.
    let descriptor = unsafe { libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it is new, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

/// New memory for a board, as a descriptor that exec closes.
///
/// # Errors
/// The system has none.
pub fn memory() -> io::Result<OwnedFd> {
    let memory = memory_named(c"rt0-doctor")?;
    let size = size_of::<Layout>() as libc::off_t;
    // SAFETY: ftruncate(2) touches no memory of this process.
    match unsafe { libc::ftruncate(memory.as_raw_fd(), size) } {
        0 => Ok(memory),
        _ => Err(io::Error::last_os_error()),
    }
}

impl Board {
    /// The board in this memory, which [`memory`] has made.
    ///
    /// # Errors
    /// It can't be mapped.
    pub fn of(memory: &impl AsFd) -> io::Result<Board> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let (size, descriptor) = (size_of::<Layout>(), memory.as_fd().as_raw_fd());
        // SAFETY: a new mapping overlaps nothing.
        let base = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                protection,
                libc::MAP_SHARED,
                descriptor,
                0,
            )
        };
        if base == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the mapping is as large as a Layout, aligned to a page, and never unmapped; a Layout consists of
        // atomics, for which all bytes are valid, whoever else writes them.
        Ok(Board(unsafe { &*base.cast::<Layout>() }))
    }

    /// A board that only this process and its future children have.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn private() -> io::Result<Board> {
        Board::of(&memory()?)
    }

    /// Says what is being done: "calling add in the fork's child". Allocates nothing and takes no lock.
    pub fn set_step(&self, step: &str) {
        self.0.step.set(step);
        // Relaxed: a number that only has to become another one.
        self.0.beats.fetch_add(1, Ordering::Relaxed);
    }

    /// How often somebody has said what is being done: as long as this changes, nothing hangs.
    pub fn beats(&self) -> u64 {
        // Relaxed: as above.
        self.0.beats.load(Ordering::Relaxed)
    }

    /// What was being done last.
    pub fn step(&self) -> String {
        self.0.step.get()
    }

    /// Says that another round of a repetition has begun, of which there are so many at least.
    pub fn set_rounds(&self, begun: u32, least: u32) {
        // Relaxed: read when the process has ended, or by the keeper for its evidence.
        self.0.rounds[0].store(begun, Ordering::Relaxed);
        self.0.rounds[1].store(least, Ordering::Relaxed);
    }

    /// What was said so last; zeros if nothing is repeated.
    pub fn rounds(&self) -> [u32; 2] {
        // Relaxed: as above.
        [&self.0.rounds[0], &self.0.rounds[1]].map(|count| count.load(Ordering::Relaxed))
    }

    /// Leaves a verdict.
    pub fn set_verdict(&self, text: &str) {
        self.0.verdict.set(text);
    }

    /// The verdict, if there is one.
    pub fn verdict(&self) -> Option<String> {
        Some(self.0.verdict.get()).filter(|text| !text.is_empty())
    }

    /// Leaves what a subject is to do.
    pub fn set_job(&self, text: &str) {
        self.0.job.set(text);
    }

    /// What it is to do.
    pub fn job(&self) -> String {
        self.0.job.get()
    }

    /// A number that all processes see. At first it is zero.
    pub fn slot(&self, index: usize) -> &'static AtomicU64 {
        &self.0.slots[index]
    }
}

//! The host's arguments and environment, copied once when the library is loaded.
//!
//! They are copied because the host may change its environment with `setenv` at any time, and reading it from
//! another thread then is a race that can't be avoided. (The copy itself can meet a `setenv` by another
//! thread of the host during `dlopen`: no library can prevent that.) The copy is one mapping of our own, is
//! never written again, and lasts as long as the library: a fork's child has it too.
//!
//! Where the platform does not pass them to the constructor, they are read from the operating system. Where
//! that can't be done either, they are absent, never wrong.

use core::ffi::{CStr, c_char, c_int};
use core::mem::size_of;
use core::ptr::{null_mut, slice_from_raw_parts};
use core::slice;
use core::sync::atomic::{AtomicPtr, Ordering};

use crate::platform::kernel;

/// The vectors that a platform passes to its constructors.
pub struct Given {
    arguments: &'static [*const c_char],
    environment: &'static [*const c_char],
}

impl Given {
    /// The vectors, if they look as they should. A host may have cut its arguments short with a null among
    /// them, or cleared its environment, so that `envp` is null. Both are taken as they are.
    ///
    /// # Safety
    /// `argv`, unless null, is `argc` pointers that each point to text or are null, and then a null. `envp`,
    /// unless null, is pointers to text, up to a null.
    pub unsafe fn new(
        argc: c_int,
        argv: *const *const c_char,
        envp: *const *const c_char,
    ) -> Option<Given> {
        let argc = usize::try_from(argc).ok()?;
        if argv.is_null() {
            return None;
        }
        // SAFETY: passed on to our caller.
        unsafe {
            if !(*argv.add(argc)).is_null() {
                return None;
            }
            Some(Given {
                arguments: until_null(argv),
                environment: if envp.is_null() {
                    &[]
                } else {
                    until_null(envp)
                },
            })
        }
    }
}

/// # Safety
/// `vector` is an array of pointers that ends with a null.
unsafe fn until_null(vector: *const *const c_char) -> &'static [*const c_char] {
    let mut len = 0;
    // SAFETY: passed on to our caller.
    unsafe {
        while !(*vector.add(len)).is_null() {
            len += 1;
        }
        slice::from_raw_parts(vector, len)
    }
}

/// The start of the copy. The texts follow, each with its terminating zero: first the arguments, then the
/// environment.
struct Header {
    /// The length of the mapping.
    mapped: usize,
    arguments_len: usize,
    environment_len: usize,
}

static COPY: AtomicPtr<Header> = AtomicPtr::new(null_mut());

/// Makes a copy of the arguments and the environment. Only the first call does anything.
pub fn capture(given: Option<Given>) {
    // Acquire pairs with the Release below.
    if !COPY.load(Ordering::Acquire).is_null() {
        return;
    }
    let copy = match given {
        Some(given) => copy_given(&given),
        None => copy_from_system(),
    };
    if let Some(copy) = copy {
        // Release pairs with the Acquire in `texts`. Two threads can get here at once: two first calls of a
        // library whose constructor never ran. The second one's copy is given back, because texts of the
        // first may already have been handed out.
        let first = COPY.compare_exchange(null_mut(), copy, Ordering::Release, Ordering::Relaxed);
        if first.is_err() {
            // SAFETY: no other thread knows this copy.
            unsafe { give_back(copy) };
        }
    }
}

/// # Safety
/// `copy` is from `finish`, and nobody uses it any more.
unsafe fn give_back(copy: *mut Header) {
    // SAFETY: `finish` wrote the length of the whole mapping into the header.
    unsafe { kernel::unmap(copy.cast(), (*copy).mapped) };
}

/// Whether there is a copy. Once there is one it does not change.
pub(super) fn are_known() -> bool {
    // Relaxed: `texts` does the Acquire before it reads what the pointer leads to.
    !COPY.load(Ordering::Relaxed).is_null()
}

/// Gives the copy back. Nobody may use it any more.
pub(crate) fn release() {
    // Acquire pairs with the Release in `capture`.
    let copy = COPY.swap(null_mut(), Ordering::Acquire);
    if !copy.is_null() {
        // SAFETY: our caller says that nobody uses it.
        unsafe { give_back(copy) };
    }
}

/// The host's arguments, the program's name first. Empty if they are not known.
pub fn arguments() -> Texts {
    texts(|header| (0, header.arguments_len))
}

/// The host's environment as it was at load, each entry as `NAME=value`. Empty if it is not known.
pub fn environment() -> Texts {
    texts(|header| (header.arguments_len, header.environment_len))
}

/// The value of an environment variable as it was at load.
pub fn variable(name: &[u8]) -> Option<&'static [u8]> {
    environment().find_map(|entry| entry.strip_prefix(name)?.strip_prefix(b"="))
}

/// Texts of the copy, in order.
#[derive(Clone)]
pub struct Texts(&'static [u8]);

impl Iterator for Texts {
    type Item = &'static [u8];

    fn next(&mut self) -> Option<&'static [u8]> {
        let end = self.0.iter().position(|&byte| byte == 0)?;
        let (text, rest) = self.0.split_at(end);
        self.0 = &rest[1..];
        Some(text)
    }
}

fn texts(part: impl Fn(&Header) -> (usize, usize)) -> Texts {
    // Acquire pairs with the Release in `capture`.
    let copy = COPY.load(Ordering::Acquire);
    if copy.is_null() {
        return Texts(&[]);
    }
    // SAFETY: `capture` stored a header that is followed by that many bytes, in a mapping that is never
    // written again, nor given back before the library is unmapped.
    unsafe {
        let (from, len) = part(&*copy);
        Texts(&*slice_from_raw_parts(
            copy.add(1).cast::<u8>().add(from),
            len,
        ))
    }
}

fn copy_given(given: &Given) -> Option<*mut Header> {
    // SAFETY: `Given::new` was promised texts.
    let text = |pointer: &*const c_char| unsafe { CStr::from_ptr(*pointer) }.to_bytes_with_nul();
    let len = |texts: &[*const c_char]| texts.iter().map(|entry| text(entry).len()).sum::<usize>();
    // The lengths are measured again while copying: whatever the host does meanwhile, no more is written than
    // was mapped.
    let mut buffer = CopyBuffer::new(len(given.arguments) + len(given.environment))?;
    let arguments_len = given
        .arguments
        .iter()
        .map(|entry| buffer.push(text(entry)))
        .sum();
    let environment_len = given
        .environment
        .iter()
        .map(|entry| buffer.push(text(entry)))
        .sum();
    Some(buffer.finish(arguments_len, environment_len))
}

fn copy_from_system() -> Option<*mut Header> {
    // A full buffer may have cut something off: try a larger one, up to what Linux allows.
    let mut size = 64 * 1024;
    while size <= 16 * 1024 * 1024 {
        let mut buffer = CopyBuffer::new(2 * size)?;
        let (first, second) = buffer.rest().split_at_mut(size);
        let arguments_len = kernel::read_arguments(first);
        let environment_len = kernel::read_environment(second);
        let (Some(arguments_len), Some(environment_len)) = (arguments_len, environment_len) else {
            buffer.give_back();
            return None;
        };
        if arguments_len < size && environment_len < size {
            buffer
                .rest()
                .copy_within(size..size + environment_len, arguments_len);
            return Some(buffer.finish(arguments_len, environment_len));
        }
        buffer.give_back();
        size *= 4;
    }
    None
}

/// A mapping with a header, while it is being filled.
struct CopyBuffer {
    start: *mut u8,
    len: usize,
    used: usize,
}

impl CopyBuffer {
    fn new(len: usize) -> Option<CopyBuffer> {
        let len = size_of::<Header>() + len;
        Some(CopyBuffer {
            start: kernel::map(len)?,
            len,
            used: size_of::<Header>(),
        })
    }

    fn rest(&mut self) -> &mut [u8] {
        // SAFETY: the mapping has `len` bytes, and only we use it until `finish`.
        unsafe { slice::from_raw_parts_mut(self.start.add(self.used), self.len - self.used) }
    }

    /// Appends a text with its terminating zero. Returns how many bytes it took; 0 if it does not fit.
    fn push(&mut self, text: &[u8]) -> usize {
        let rest = self.rest();
        if rest.len() < text.len() {
            return 0;
        }
        rest[..text.len()].copy_from_slice(text);
        self.used += text.len();
        text.len()
    }

    fn finish(self, arguments_len: usize, environment_len: usize) -> *mut Header {
        let header = self.start.cast::<Header>();
        // SAFETY: the mapping begins with space for a header, and every mapping is aligned well enough for
        // one.
        unsafe {
            header.write(Header {
                mapped: self.len,
                arguments_len,
                environment_len,
            })
        };
        header
    }

    fn give_back(self) {
        // SAFETY: this is a whole mapping, and nobody else knows it.
        unsafe { kernel::unmap(self.start, self.len) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    extern crate std;

    /// The size of the process's address space, in bytes.
    fn mapped() -> usize {
        let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages: Option<usize> = text.split(' ').next().and_then(|pages| pages.parse().ok());
        pages.unwrap_or(0) * 4096
    }

    fn race_captures(rounds: usize) {
        const THREADS: usize = 4;
        let (start, end) = (
            std::sync::Barrier::new(THREADS),
            std::sync::Barrier::new(THREADS),
        );
        // No thread panics before the end: the others would wait for ever.
        let each = || {
            let mut other = 0;
            for _ in 0..rounds {
                start.wait();
                capture(None);
                let text = arguments().next().map(<[u8]>::as_ptr);
                let last = end.wait();
                let same = text.is_some() && text == arguments().next().map(<[u8]>::as_ptr);
                other += usize::from(!same);
                start.wait();
                if last.is_leader() {
                    release();
                }
                end.wait();
            }
            other
        };
        std::thread::scope(|scope| {
            let threads = [(); THREADS].map(|()| scope.spawn(each));
            for thread in threads {
                assert_eq!(thread.join().ok(), Some(0), "texts of another copy");
            }
        });
    }

    /// All threads see the same copy, and nothing is left over.
    #[test]
    fn of_threads_that_come_at_once_one_makes_the_copy() {
        // The first round is for what the threads themselves leave: their stacks are kept for the next
        // threads.
        race_captures(1);
        let before = mapped();
        race_captures(300);
        let more = mapped().saturating_sub(before);
        assert!(more < 1024 * 1024, "{more} bytes more than before");
    }
}

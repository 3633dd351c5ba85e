//! The host's arguments and environment, copied once when the library is loaded.
//!
//! They are copied because the host may change its environment with `setenv` at any time, and reading it from
//! another thread then is a race that can't be avoided. (The copy itself can meet a `setenv` by another
//! thread of the host during `dlopen`: no library can prevent that.) The copy is one mapping of our own, is
//! never written again, and lasts as long as the library: a fork's child has it too. A library whose author
//! can't ask for them has a copy of the few variables that a boot asks for, which are mostly none.
//!
//! Where the platform does not pass them to the constructor, they are read from the operating system. Where
//! that can't be done either, they are absent, never wrong.

use core::ffi::{CStr, c_char, c_int};
use core::mem::{align_of, size_of};
use core::ops::Range;
use core::ptr::{null, null_mut, slice_from_raw_parts, without_provenance_mut};
use core::slice;
use core::sync::atomic::{AtomicPtr, Ordering};

use crate::platform::kernel;

/// The vectors that a platform passes to its constructors.
pub struct Given {
    arguments: &'static [*const c_char],
    environment: Vector,
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
            let end_of_arguments = argv.add(argc);
            Some(Given {
                arguments: Vector(argv).all(),
                environment: Vector(if envp.is_null() {
                    end_of_arguments
                } else {
                    envp
                }),
            })
        }
    }
}

/// Pointers to texts, up to a null: `Given::new` was promised them.
#[derive(Clone, Copy)]
struct Vector(*const *const c_char);

impl Vector {
    fn all(self) -> &'static [*const c_char] {
        // SAFETY: as many as there are before the null.
        unsafe { slice::from_raw_parts(self.0, self.count()) }
    }

    /// The next text that is noted. In a large environment this loop is nearly all that a load does about it, so mostly
    /// it looks at the first byte alone.
    #[inline]
    fn next_noted(&mut self) -> Option<&'static [u8]> {
        for pointer in self.by_ref() {
            // SAFETY: a text has at least its terminating zero.
            if can_be_noted(unsafe { pointer.cast::<u8>().read() }) && is_noted(text(pointer)) {
                return Some(text(pointer));
            }
        }
        None
    }
}

impl Iterator for Vector {
    type Item = *const c_char;

    #[inline]
    fn next(&mut self) -> Option<*const c_char> {
        // SAFETY: the null was not reached yet.
        let pointer = unsafe { *self.0 };
        if pointer.is_null() {
            return None;
        }
        self.0 = self.0.wrapping_add(1);
        Some(pointer)
    }
}

/// The start of the copy. The texts follow, each with its terminating zero: first the arguments, then the
/// environment.
struct Header {
    /// The length of the mapping.
    mapped: usize,
    arguments_len: usize,
    environment_len: usize,
    /// Where in the texts the noted variables are, with whatever stands between them. Most hosts have none.
    noted: Range<usize>,
}

/// The beginnings of the names that a boot asks for: rt0's own variables, tokio's, and std's. The constructor notes
/// where these are, so that a boot takes no longer in a large environment.
const NOTED: &[u8] = b"RT0_,RUST_,TOKIO_";

/// Whether a text with this first byte can begin like one of them.
#[inline]
fn can_be_noted(first: u8) -> bool {
    matches!(first, b'R' | b'T')
}

fn is_noted(text: &[u8]) -> bool {
    text.first().is_some_and(|first| can_be_noted(*first))
        && NOTED
            .split(|byte| *byte == b',')
            .any(|start| text.starts_with(start))
}

static COPY: AtomicPtr<Header> = AtomicPtr::new(null_mut());

/// Stands for a copy of no texts. Nothing is there to be read: for most loads that would be one page more.
const NOTHING: *mut Header = without_provenance_mut(align_of::<Header>());

/// Makes a copy of the arguments and the environment. Only the first call of this function or the next two does
/// anything.
pub fn capture(given: Option<Given>) {
    capture_by(given, copy_given);
}

/// Makes a copy of the variables that a boot asks for. The arguments and the other variables are then absent,
/// unless they had to be read from the operating system.
pub(crate) fn capture_noted(given: Option<Given>) {
    capture_by(given, copy_noted);
}

/// The same for a library whose constructor may not have run. Then they are read from the operating system.
pub fn capture_late() {
    capture_by(None, |_| None);
}

fn capture_by(given: Option<Given>, copy: fn(&Given) -> Option<*mut Header>) {
    // Acquire pairs with the Release below.
    if !COPY.load(Ordering::Acquire).is_null() {
        return;
    }
    let copy = match given {
        Some(given) => copy(&given),
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
/// `copy` is `NOTHING` or from `finish`, and nobody uses it any more.
unsafe fn give_back(copy: *mut Header) {
    if copy != NOTHING {
        // SAFETY: passed on to our caller. `finish` wrote the length of the whole mapping into the header.
        unsafe { kernel::unmap(copy.cast(), (*copy).mapped) };
    }
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
    texts(|header| 0..header.arguments_len)
}

/// The host's environment as it was at load, each entry as `NAME=value`. Empty if it is not known.
pub fn environment() -> Texts {
    let end = |header: &Header| header.arguments_len + header.environment_len;
    texts(|header| header.arguments_len..end(header))
}

/// The value of an environment variable as it was at load.
pub fn variable(name: &[u8]) -> Option<&'static [u8]> {
    let mut entries = if is_noted(name) {
        noted()
    } else {
        environment()
    };
    entries.find_map(|entry| entry.strip_prefix(name)?.strip_prefix(b"="))
}

/// Whether [`variable`] can tell if there is a variable with this name: the others may not have been copied.
pub fn can_tell(name: &[u8]) -> bool {
    is_noted(name) || environment().next().is_some()
}

/// The part of the environment in which all of rt0's own variables are.
pub(super) fn noted() -> Texts {
    texts(|header| header.noted.clone())
}

/// Texts of the copy, in order.
#[derive(Clone)]
pub struct Texts(&'static [u8]);

impl Texts {
    /// The texts, each with its terminating zero.
    pub(super) fn bytes(&self) -> &'static [u8] {
        self.0
    }
}

impl Iterator for Texts {
    type Item = &'static [u8];

    fn next(&mut self) -> Option<&'static [u8]> {
        // This search for the zero looks at a word at a time. It is larger than one byte by byte, which the core alone
        // makes do with.
        let text = CStr::from_bytes_until_nul(self.0).ok()?.to_bytes();
        self.0 = &self.0[text.len() + 1..];
        Some(text)
    }
}

fn texts(part: impl Fn(&Header) -> Range<usize>) -> Texts {
    // Acquire pairs with the Release in `capture`.
    let copy = COPY.load(Ordering::Acquire);
    if copy.is_null() || copy == NOTHING {
        return Texts(&[]);
    }
    // SAFETY: `capture_by` stored a header that is followed by that many bytes, in a mapping that is never
    // written again, nor given back before the library is unmapped.
    unsafe {
        let part = part(&*copy);
        Texts(&*slice_from_raw_parts(
            copy.add(1).cast::<u8>().add(part.start),
            part.len(),
        ))
    }
}

fn copy_given(given: &Given) -> Option<*mut Header> {
    let all = [given.arguments, given.environment.all()];
    // If the host has changed a variable, this may be too little.
    let mut buffer = CopyBuffer::new(all.map(likely_len).iter().sum(), kernel::map_written)?;
    if !buffer.push_all(&all) {
        buffer.give_back();
        buffer = CopyBuffer::new(all.map(exact_len).iter().sum(), kernel::map_written)?;
        // Whatever the host does meanwhile, no more is written than was mapped: the rest is left out.
        if !buffer.push_all(&all) {
            buffer.noted = buffer.arguments_len..buffer.len;
        }
    }
    Some(buffer.finish_with_variables())
}

/// A text of the vectors, with its terminating zero.
fn text(pointer: *const c_char) -> &'static [u8] {
    // SAFETY: `Given::new` was promised texts.
    unsafe { CStr::from_ptr(pointer) }.to_bytes_with_nul()
}

fn copy_noted(given: &Given) -> Option<*mut Header> {
    let (mut len, mut variables) = (0, given.environment);
    while let Some(text) = variables.next_noted() {
        len += text.len();
    }
    if len == 0 {
        return Some(NOTHING);
    }
    let mut buffer = CopyBuffer::new(len, kernel::map_written)?;
    let mut variables = given.environment;
    while let Some(text) = variables.next_noted() {
        // If the host has changed it meanwhile and it does not fit any more, it is left out.
        buffer.push_run(text.as_ptr(), text.len());
    }
    buffer.noted = 0..buffer.len;
    Some(buffer.finish(0))
}

fn exact_len(texts: &[*const c_char]) -> usize {
    texts.iter().map(|pointer| text(*pointer).len()).sum()
}

/// How much room these texts need, if they lie one after the other, as the kernel puts them: a guess that
/// looks at no text but the last.
fn likely_len(texts: &[*const c_char]) -> usize {
    const LONG: usize = 256;
    let (Some(first), Some(&last)) = (texts.first(), texts.last()) else {
        return 0;
    };
    let before_last = last.addr().wrapping_sub(first.addr());
    if before_last <= LONG * texts.len() {
        before_last + text(last).len()
    } else {
        exact_len(texts)
    }
}

fn copy_from_system() -> Option<*mut Header> {
    // A full buffer may have cut something off: try a larger one, up to what Linux allows.
    let mut size = 64 * 1024;
    while size <= 16 * 1024 * 1024 {
        let mut buffer = CopyBuffer::new(2 * size, kernel::map)?;
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
            buffer.len = arguments_len;
            buffer.begin_variables();
            buffer.adopt_variables(environment_len);
            return Some(buffer.finish_with_variables());
        }
        buffer.give_back();
        size *= 4;
    }
    None
}

/// A mapping with a header, while it is being filled.
struct CopyBuffer {
    start: *mut u8,
    mapped: usize,
    /// How much of the texts is there.
    len: usize,
    arguments_len: usize,
    noted: Range<usize>,
}

impl CopyBuffer {
    fn new(len: usize, map: fn(usize) -> Option<*mut u8>) -> Option<CopyBuffer> {
        let mapped = size_of::<Header>() + len;
        Some(CopyBuffer {
            start: map(mapped)?,
            mapped,
            len: 0,
            arguments_len: 0,
            noted: 0..0,
        })
    }

    fn rest(&mut self) -> &mut [u8] {
        let used = size_of::<Header>() + self.len;
        // SAFETY: the mapping has `mapped` bytes, and only we use it until `finish`.
        unsafe { slice::from_raw_parts_mut(self.start.add(used), self.mapped - used) }
    }

    /// Appends the arguments and the environment. False if not all of it fits.
    fn push_all(&mut self, [arguments, environment]: &[&[*const c_char]; 2]) -> bool {
        let all = self.push(arguments);
        self.begin_variables();
        self.push(environment) && all
    }

    /// Appends these texts. False if not all of them fit.
    fn push(&mut self, texts: &[*const c_char]) -> bool {
        let mut all = true;
        // Texts that lie one after the other are copied together.
        let (mut run, mut len) = (null::<u8>(), 0);
        for &pointer in texts {
            let text = text(pointer);
            if text.as_ptr() != run.wrapping_add(len) {
                all &= self.push_run(run, len);
                (run, len) = (text.as_ptr(), 0);
            }
            let from = self.len + len;
            len += text.len();
            if is_noted(text) {
                self.note(from..self.len + len);
            }
        }
        self.push_run(run, len) && all
    }

    /// Appends the bytes of texts that lie one after the other. False if they do not fit.
    fn push_run(&mut self, run: *const u8, len: usize) -> bool {
        let rest = self.rest();
        if len > rest.len() {
            return false;
        }
        if len > 0 {
            // SAFETY: `push` has just seen each of these bytes in a text, and they fit.
            unsafe { rest.as_mut_ptr().copy_from_nonoverlapping(run, len) };
            self.len += len;
        }
        true
    }

    /// What comes now is the environment.
    fn begin_variables(&mut self) {
        self.arguments_len = self.len;
        self.noted = self.len..self.len;
    }

    /// Takes what follows as variables, which are already in place.
    fn adopt_variables(&mut self, len: usize) {
        let end = self.len + len;
        let mut from = self.len;
        let first = |texts: &[u8]| {
            let len = texts.iter().position(|byte| *byte == 0)?;
            Some((len + 1, is_noted(&texts[..len])))
        };
        while let Some((taken, noted)) = self.rest().get(..end - from).and_then(first) {
            self.len += taken;
            if noted {
                self.note(from..self.len);
            }
            from = self.len;
        }
        self.len = end;
    }

    fn note(&mut self, text: Range<usize>) {
        if self.noted.is_empty() {
            self.noted.start = text.start;
        }
        self.noted.end = text.end;
    }

    /// Everything after the arguments is the environment.
    fn finish_with_variables(self) -> *mut Header {
        let environment_len = self.len - self.arguments_len;
        self.finish(environment_len)
    }

    fn finish(self, environment_len: usize) -> *mut Header {
        let header = self.start.cast::<Header>();
        // What did not fit may be noted.
        let noted = self.noted.start.min(self.len)..self.noted.end.min(self.len);
        // SAFETY: the mapping begins with space for a header, and every mapping is aligned well enough for
        // one.
        unsafe {
            header.write(Header {
                mapped: self.mapped,
                arguments_len: self.arguments_len,
                environment_len,
                noted,
            })
        };
        header
    }

    fn give_back(self) {
        // SAFETY: this is a whole mapping, and nobody else knows it.
        unsafe { kernel::unmap(self.start, self.mapped) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    extern crate std;

    /// How much memory the process may write, in bytes.
    fn mapped() -> usize {
        let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages: Option<usize> = text.split(' ').nth(5).and_then(|pages| pages.parse().ok());
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

    /// One test at a time makes the copy.
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

    /// A copy of this environment, and what `f` makes of it.
    fn with_environment<R>(variables: &[&CStr], f: impl FnOnce() -> R) -> R {
        with_copy(capture, variables, f)
    }

    fn with_copy<R>(capture: fn(Option<Given>), variables: &[&CStr], f: impl FnOnce() -> R) -> R {
        let arguments = [c"RT0_IS_NO_VARIABLE=1".as_ptr(), core::ptr::null()];
        let pointers = variables.iter().map(|text| text.as_ptr());
        let environment: std::vec::Vec<_> = pointers.chain([core::ptr::null()]).collect();
        let _one = ONE.lock();
        release();
        // SAFETY: both end with a null, and the texts live until the copy is made.
        capture(unsafe { Given::new(1, arguments.as_ptr(), environment.as_ptr()) });
        let result = f();
        release();
        result
    }

    /// Otherwise each setting that a boot looks up costs a walk through the whole environment.
    #[test]
    fn a_look_for_a_setting_walks_only_through_what_is_noted() {
        let other = std::vec![c"OTHER=1"; 1000];
        let between = [c"RT0_START=lazy", c"BETWEEN=1", c"TOKIO_A=2", c"RT0=3"];
        let all = [&other[..], &between, &other].concat();
        with_environment(&all, || {
            let noted: std::vec::Vec<_> = noted().collect();
            assert_eq!(noted, [&b"RT0_START=lazy"[..], b"BETWEEN=1", b"TOKIO_A=2"]);
            assert_eq!(variable(b"RT0_START"), Some(&b"lazy"[..]));
            assert_eq!(variable(b"RT0_STAR"), None);
            assert_eq!(variable(b"TOKIO_A"), Some(&b"2"[..]));
            assert_eq!(variable(b"RT0"), Some(&b"3"[..]));
            assert_eq!(variable(b"OTHER"), Some(&b"1"[..]));
            assert_eq!(environment().count(), all.len());
            assert_eq!(arguments().count(), 1);
        });
        with_environment(&other, || {
            assert_eq!(noted().count(), 0);
            assert_eq!(variable(b"RT0_IS_NO_VARIABLE"), None);
        });
        with_environment(&[c"RT0_A=", c"", c"B"], || {
            assert_eq!(noted().collect::<std::vec::Vec<_>>(), [b"RT0_A="]);
            assert_eq!(environment().count(), 3);
        });
    }

    /// A load must not take longer in a large environment if nobody can ask for it.
    #[test]
    fn without_the_copy_there_is_what_a_boot_asks_for_and_nothing_else() {
        let other = std::vec![c"OTHER=1"; 1000];
        let between = [
            c"RT0_START=lazy",
            c"RT0",
            c"RT0=3",
            c"",
            c"TOKIO_A=2",
            c"RUST_B=",
        ];
        let all = [&other[..], &between, &other].concat();
        with_copy(capture_noted, &all, || {
            let noted: std::vec::Vec<_> = noted().collect();
            assert_eq!(noted, [&b"RT0_START=lazy"[..], b"TOKIO_A=2", b"RUST_B="]);
            assert_eq!(variable(b"RT0_START"), Some(&b"lazy"[..]));
            assert_eq!(variable(b"OTHER"), None);
            assert!(can_tell(b"TOKIO_OTHER") && !can_tell(b"OTHER"));
            assert_eq!(environment().count() + arguments().count(), 0);
            assert!(are_known());
        });
        with_copy(capture_noted, &other, || {
            assert_eq!(COPY.load(Ordering::Relaxed), NOTHING);
            assert_eq!(variable(b"RT0_START"), None);
            assert_eq!(environment().count() + arguments().count(), 0);
            assert!(are_known());
        });
    }

    /// The room is guessed from where the texts are, and for these the guess is too small.
    #[test]
    fn texts_that_lie_elsewhere_are_all_copied() {
        let whole = c"RT0_A=RT0_B=RT0_C=1";
        let at = |from: usize| CStr::from_bytes_with_nul(&whole.to_bytes_with_nul()[from..]);
        let [b, c] = [6, 12].map(|from| at(from).expect("it ends with a zero"));
        with_environment(&[whole, b, c, c"D=1", b], || {
            let all = ["RT0_A=RT0_B=RT0_C=1", "RT0_B=RT0_C=1", "RT0_C=1", "D=1"];
            let all = all.map(str::as_bytes);
            assert!(environment().eq(all.into_iter().chain([all[1]])));
            assert!(noted().eq(environment()));
        });
    }

    /// The same where the environment is read from the system.
    #[test]
    fn what_the_system_gives_is_noted_too() {
        let mut buffer = CopyBuffer::new(64, kernel::map).expect("there is memory");
        let texts = b"program\0A=1\0RT0_B=2\0C=3\0RT0_D=4\0E=5\0cut";
        buffer.rest()[..texts.len()].copy_from_slice(texts);
        buffer.len = 8;
        buffer.begin_variables();
        buffer.adopt_variables(texts.len() - 8);
        assert_eq!(buffer.noted, 12..32);
        assert_eq!(buffer.len, texts.len());
        buffer.give_back();
    }

    /// All threads see the same copy, and nothing is left over.
    #[test]
    fn of_threads_that_come_at_once_one_makes_the_copy() {
        let _one = ONE.lock();
        // The first round is for what the threads themselves leave: their stacks are kept for the next
        // threads.
        race_captures(1);
        let before = mapped();
        race_captures(3000);
        let more = mapped().saturating_sub(before);
        // The stacks of other tests' threads come and go meanwhile.
        assert!(more < 16 << 20, "{more} bytes more than before");
    }
}

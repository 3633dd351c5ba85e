//! Calls on a thread of which it is known how much stack they have.

use std::ffi::c_void;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Calls, Prepared, Subject};
use crate::calls::{Call, Expect, Kind, Ty};
use crate::verdict::Stop;

/// What no frame of a call jumps over, below the stack.
const GUARD: usize = 16 << 20;

/// The stack of the thread that measures how much of it is gone when a call begins.
const PROBE: usize = 256 << 10;

/// Stacks begin and end at multiples of this.
const PAGE: usize = 4 << 10;

/// Where a function found itself that was called as the library is.
static DEPTH: AtomicUsize = AtomicUsize::new(0);

extern "C" fn depth() {
    let here = 0u8;
    // Relaxed: the thread is joined before anybody looks.
    DEPTH.store((&raw const here) as usize, Ordering::Relaxed);
}

struct Job<'a> {
    calls: &'a Calls,
    subject: &'a Subject,
    done: Result<(), Stop>,
}

impl Calls {
    /// Makes every call once on a new thread, on which each has this many bytes of stack.
    ///
    /// # Errors
    /// One is not answered as it should be.
    pub fn answered_on_stack(&self, subject: &Subject, size: usize) -> Result<(), Stop> {
        let probe = Call {
            symbol: "a probe".to_owned(),
            args: Vec::new(),
            result: Ty::Void,
            expect: Expect::Anything,
            kind: Kind::Plain,
            later: None,
        };
        let probe = Calls::only(Prepared::new(|_| Ok(depth as *mut c_void), &probe)?);
        let top = probe.on(subject, PROBE)?;
        // Relaxed: as above.
        let taken = top - DEPTH.load(Ordering::Relaxed);
        self.on(subject, (taken + size).next_multiple_of(PAGE))?;
        Ok(())
    }

    /// Gives the upper end of the stack.
    fn on(&self, subject: &Subject, size: usize) -> Result<usize, Stop> {
        let mut job = Job {
            calls: self,
            subject,
            done: Ok(()),
        };
        let argument = (&raw mut job).cast();
        // SAFETY: a new mapping overlaps nothing; its upper part becomes the stack of a thread that is joined before
        // anything else happens. It is never unmapped. `main` gets the job that it expects, which nobody else uses
        // meanwhile.
        let top = unsafe {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
            let low = libc::mmap(
                std::ptr::null_mut(),
                GUARD + size,
                libc::PROT_NONE,
                flags,
                -1,
                0,
            );
            if low == libc::MAP_FAILED {
                return Err(Stop::could_not("there is no memory for a stack"));
            }
            let stack = low.byte_add(GUARD);
            libc::mprotect(stack, size, libc::PROT_READ | libc::PROT_WRITE);
            let mut attributes = std::mem::zeroed();
            let mut thread = std::mem::zeroed();
            libc::pthread_attr_init(&raw mut attributes);
            let made = libc::pthread_attr_setstack(&raw mut attributes, stack, size) == 0
                && libc::pthread_create(&raw mut thread, &raw const attributes, main, argument)
                    == 0;
            if !made {
                return Err(Stop::could_not("no thread can be made on a small stack"));
            }
            libc::pthread_join(thread, std::ptr::null_mut());
            stack as usize + size
        };
        job.done.map(|()| top)
    }
}

extern "C" fn main(job: *mut c_void) -> *mut c_void {
    // SAFETY: `on` passes such a job, and waits for this thread's end.
    let job = unsafe { &mut *job.cast::<Job<'_>>() };
    job.done = job.calls.answered(job.subject);
    std::ptr::null_mut()
}

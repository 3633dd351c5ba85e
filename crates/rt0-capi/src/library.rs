//! The author's table as the core wants it.
//!
//! The core's table is a static of Rust's, and what stands in it is known only when the library is loaded:
//! so it is filled in before anybody looks, which is the constructor, or the first call where no
//! constructor ran. It is not written again.

use core::cell::UnsafeCell;
use core::ops::Deref;
use core::sync::atomic::{AtomicU32, Ordering};

use rt0_core::sync::{Word, clock};
use rt0_core::{Boot, CollectorSignals, Library, Start, Status, fork};

use crate::table::{RETRY, STARTS, Table, UNLOADABLE, USR_SIGNALS, Wrong};
use crate::{attach, end, failure};

/// The core's table, and the author's beside it.
#[repr(C)]
pub struct Slot {
    // First: the core takes the whole for it.
    library: UnsafeCell<Library>,
    table: UnsafeCell<Table>,
    wrong: UnsafeCell<Option<Wrong>>,
    /// [`FILLED`], 0, or which process is filling it: its [`fork::incarnation`], plus one.
    filled: AtomicU32,
}

/// No process has this number.
const FILLED: u32 = u32::MAX;

// SAFETY: `fill` lets one thread write, before `filled` says that all may read.
unsafe impl Sync for Slot {}

static LIBRARY: Slot = Slot {
    library: UnsafeCell::new(as_library(&Table::EMPTY, "library")),
    table: UnsafeCell::new(Table::EMPTY),
    wrong: UnsafeCell::new(None),
    filled: AtomicU32::new(0),
};

rt0_core::library!(crate::library::LIBRARY);

// In a program, too, it starts by itself: `RT0_RUNTIME` is there for nothing else.
rt0_core::define_word!(".weak ", "rt0_in_archive", crate::library::LIBRARY);

// What `RT0_RUNTIME` refers to: it takes this archive in, and one that fits its header.
rt0_core::define_word!("rt0_archive_1", crate::library::LIBRARY);

/// The core's table of this library.
pub fn library() -> &'static Library {
    &LIBRARY
}

/// The author's.
pub fn table() -> &'static Table {
    LIBRARY.fill();
    // SAFETY: filled, and not written again.
    unsafe { &*LIBRARY.table.get() }
}

impl Deref for Slot {
    type Target = Library;

    fn deref(&self) -> &Library {
        self.fill();
        // SAFETY: as in `table`.
        unsafe { &*self.library.get() }
    }
}

impl Slot {
    #[inline]
    fn fill(&self) {
        // Acquire pairs with the Release in `fill_now`.
        if self.filled.load(Ordering::Acquire) != FILLED {
            self.fill_now();
        }
    }

    #[cold]
    fn fill_now(&self) {
        // A child that is forked from now on has another number.
        fork::watch();
        let me = fork::incarnation() + 1;
        loop {
            // Acquire pairs with the Release below.
            match self.filled.load(Ordering::Acquire) {
                FILLED => return,
                // Another thread is at it. (One that a fork's child finds here does not exist there.)
                who if who == me => {
                    Word::new(0).wait(0, clock::after_ms(1));
                }
                who => {
                    // Relaxed: the Acquire above has seen all that there is to see.
                    let claimed =
                        self.filled
                            .compare_exchange(who, me, Ordering::Relaxed, Ordering::Relaxed);
                    if claimed.is_ok() {
                        // SAFETY: this thread alone has the claim, and nobody reads before the Release.
                        unsafe { self.write() };
                        // Release pairs with the Acquire above.
                        self.filled.store(FILLED, Ordering::Release);
                        return;
                    }
                }
            }
        }
    }

    /// # Safety
    /// Nobody else reads or writes meanwhile.
    unsafe fn write(&self) {
        let (table, wrong) = match Table::of_this_library() {
            Ok(table) => (table, None),
            Err(wrong) => (Table::EMPTY, Some(wrong)),
        };
        let mut library = as_library(&table, table.name());
        if wrong.is_some() {
            library = library.boot(refuse);
        }
        // SAFETY: our caller's promise.
        unsafe {
            *self.table.get() = table;
            *self.wrong.get() = wrong;
            *self.library.get() = library;
        }
    }
}

const fn as_library(table: &Table, name: &'static str) -> Library {
    let mut library = Library::new(name)
        .start(match table.start as usize {
            start if start < STARTS.len() => STARTS[start],
            _ => Start::Load,
        })
        .wait_ms(match table.wait_ms {
            0 => Some(30_000),
            -1 => None,
            ms => Some(ms.cast_unsigned()),
        })
        .stack_size(table.stack_size)
        .unloadable(table.flags & UNLOADABLE != 0)
        .stop(end::tell)
        .exit_ms(match table.exit_ms {
            0 => 1000,
            -1 => 0,
            ms => ms.cast_unsigned(),
        })
        .retry(table.flags & RETRY != 0)
        .retry_pause_ms(match table.retry_pause_ms {
            0 => 1000,
            ms => ms,
        })
        .end_failed(end::failed)
        .collector_signals(if table.flags & USR_SIGNALS != 0 {
            CollectorSignals::Usr
        } else {
            CollectorSignals::Usual
        })
        .on_own_thread(attach::is_own_thread);
    if table.boot.is_some() {
        library = library.boot(crate::boot::boot);
    }
    if table.main.is_some() {
        library = library.main(crate::boot::main);
    }
    library
}

/// The boot of a library whose table is wrong.
fn refuse(boot: Boot) {
    // SAFETY: filled, or no boot would run.
    if let Some(wrong) = unsafe { *LIBRARY.wrong.get() } {
        failure::keep(Status::InvalidArgument.code(), Some(wrong));
    }
    boot.failed(Status::InvalidArgument);
}

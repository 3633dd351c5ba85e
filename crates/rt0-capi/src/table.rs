//! The author's table in its C layout: read once, and checked.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::mem::{offset_of, size_of};
use core::ptr::null_mut;

use rt0_core::library::settings;
use rt0_core::{Start, sabotage};

use crate::once::Once;

/// `struct rt0_runtime` of `rt0.h`, member by member. New members go at the end.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Table {
    pub size: usize,
    pub name: *const c_char,
    pub user: *mut c_void,
    pub boot: Option<unsafe extern "C" fn(*mut c_void, u32) -> c_int>,
    pub main: Option<unsafe extern "C" fn(*mut c_void)>,
    pub stop: Option<unsafe extern "C" fn(*mut c_void)>,
    pub after_fork: Option<unsafe extern "C" fn(*mut c_void, u32, c_int)>,
    pub attach: Option<unsafe extern "C" fn(*mut c_void, u32) -> c_int>,
    pub detach: Option<unsafe extern "C" fn(*mut c_void, u32)>,
    pub stack_size: usize,
    pub wait_ms: i32,
    pub exit_ms: i32,
    pub retry_pause_ms: u32,
    pub start: u32,
    pub flags: u32,
    /// Space for a member of a later version.
    pub reserved: u32,
}

/// `RT0_UNLOADABLE`
const UNLOADABLE: u32 = 1;
/// `RT0_RETRY`
pub const RETRY: u32 = 2;
/// `RT0_USR_SIGNALS`
pub const USR_SIGNALS: u32 = 4;

/// The start policies, in the order of [`Table::start`]'s numbers.
pub const STARTS: [Start; 4] = [Start::Load, Start::Lazy, Start::Manual, Start::Quiet];

/// What is wrong with a table, in a sentence for its author.
pub type Problem = &'static CStr;

/// The table as read. A table with a problem is read as an empty one.
struct Read {
    table: Table,
    problem: Option<Problem>,
}

// SAFETY: nothing writes to it, or to the memory that C points to from it, which `rt0.h` requires to be
// constant. `user` is only passed back to the author's functions.
unsafe impl Sync for Read {}

// SAFETY: likewise; and dropping it does nothing.
unsafe impl Send for Read {}

static READ: Once<Read> = Once::new(Read {
    table: Table::EMPTY,
    problem: None,
});

fn read() -> &'static Read {
    READ.get(|| {
        let (table, problem) = match Table::of_this_library() {
            Ok(table) => (table, None),
            Err(problem) => (Table::EMPTY, Some(problem)),
        };
        Read { table, problem }
    })
}

/// The author's table.
pub fn table() -> &'static Table {
    &read().table
}

/// What is wrong with the author's table.
pub fn problem() -> Option<Problem> {
    read().problem
}

const TOO_OLD: Problem =
    c"the table of RT0_RUNTIME sets a member that this librt0.a is too old to know";

impl Table {
    /// A table in which nothing is set.
    pub const EMPTY: Table = Table {
        size: size_of::<Table>(),
        name: c"library".as_ptr(),
        user: null_mut(),
        boot: None,
        main: None,
        stop: None,
        after_fork: None,
        attach: None,
        detach: None,
        stack_size: 0,
        wait_ms: 0,
        exit_ms: 0,
        retry_pause_ms: 0,
        start: 0,
        flags: 0,
        reserved: 0,
    };

    /// Members that the table lacks, because its header is older, are not set.
    fn of_this_library() -> Result<Table, Problem> {
        // SAFETY: `RT0_RUNTIME` defines it as a constant with the address of a table; a library without it
        // does not link.
        unsafe { Table::read(rt0_runtime_of_this_library) }
    }

    /// # Safety
    /// `at` points to a table with as many bytes as its first word says.
    unsafe fn read(at: *const Table) -> Result<Table, Problem> {
        const SMALLEST: usize = offset_of!(Table, boot) + size_of::<usize>();
        // Far more than a later version will have: anything larger is not a table's size.
        const LARGEST: usize = 4096;
        // SAFETY: a table has at least its first word.
        let size = unsafe { (&raw const (*at).size).read() };
        if !(SMALLEST..=LARGEST).contains(&size) {
            return Err(c"the table of RT0_RUNTIME: `size` must be sizeof(struct rt0_runtime)");
        }
        // SAFETY: our caller promises that the table has `size` bytes.
        let byte = |offset| unsafe { at.cast::<u8>().add(offset).read() };
        if (size_of::<Table>()..size).any(|offset| byte(offset) != 0) {
            return Err(TOO_OLD);
        }
        let mut table = Table::EMPTY;
        // SAFETY: at most as many bytes as a table has, into a table. C writes only values of these types,
        // and zeros are `None`.
        unsafe {
            let known = size.min(size_of::<Table>());
            (&raw mut table)
                .cast::<u8>()
                .copy_from_nonoverlapping(at.cast(), known);
        }
        table.check()
    }

    fn check(self) -> Result<Table, Problem> {
        if sabotage::NO_TABLE_CHECK {
            return Ok(self);
        }
        if self.name.is_null() || self.name().is_empty() {
            return Err(c"the table of RT0_RUNTIME: `name` must be a text in UTF-8");
        }
        if self.start as usize >= STARTS.len() {
            return Err(c"the table of RT0_RUNTIME: `start` is not one of RT0_START_...");
        }
        if self.flags & !(UNLOADABLE | RETRY | USR_SIGNALS) != 0 {
            return Err(c"the table of RT0_RUNTIME: `flags` has an unknown flag");
        }
        if self.reserved != 0 {
            return Err(TOO_OLD);
        }
        if self.stack_size != 0 && !settings::STACK_SIZES.contains(&self.stack_size) {
            return Err(
                c"the table of RT0_RUNTIME: `stack_size` must be 0, or from 64 KiB to 1 GiB",
            );
        }
        if self.wait_ms < -1 || self.exit_ms < -1 {
            return Err(c"the table of RT0_RUNTIME: `wait_ms` or `exit_ms` is less than -1");
        }
        if self.detach.is_some() && self.attach.is_none() {
            return Err(c"the table of RT0_RUNTIME has `detach`, but no `attach`");
        }
        if self.attach.is_some() && self.is_unloadable() {
            return Err(
                c"the table of RT0_RUNTIME: a library with `attach` can't be RT0_UNLOADABLE, because threads keep pointers into it",
            );
        }
        Ok(self)
    }

    /// Whether the library may be unmapped before the process ends.
    pub const fn is_unloadable(&self) -> bool {
        self.flags & UNLOADABLE != 0
    }

    /// The library's name; empty if it is not UTF-8.
    pub fn name(&self) -> &'static str {
        // SAFETY: not null (`check`, and `EMPTY`); the header requires that the text lives as long as the
        // library.
        let name = unsafe { CStr::from_ptr(self.name) };
        name.to_str().unwrap_or_default()
    }
}

unsafe extern "C" {
    /// The constant that `RT0_RUNTIME` defines.
    static rt0_runtime_of_this_library: *const Table;
}

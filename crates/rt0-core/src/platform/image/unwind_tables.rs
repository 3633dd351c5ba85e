//! Finds the table by which an unwinder goes through the frames of a file.
//!
//! The file that we are part of comes first. Its headers need no lock, so a panic that is caught in the
//! library waits for nobody, while asking the loader for other files waits for a lock of the loader's. (In a
//! namespace of `dlmopen`, the loader names only the namespace's own files.)

use core::ffi::{c_int, c_void};

use super::headers::{Loaded, ProgramHeader};
use crate::platform::weak_symbols;
use crate::sabotage;

const PT_LOAD: u32 = 1;
/// On 32-bit ARM the unwinder has a table of its own kind.
const PT_TABLE: u32 = if cfg!(target_arch = "arm") {
    0x7000_0001
} else {
    0x6474_e550
};

/// Where the table of a file is.
#[derive(Clone, Copy)]
pub struct UnwindTable {
    /// The part of the file that the address is in.
    pub code: *const c_void,
    /// That part's length.
    pub code_len: usize,
    /// The table.
    pub start: *const c_void,
    /// Its length.
    pub len: usize,
}

/// The table of the file that this address is in. `None` if it is in no file, or the file has no table.
pub fn unwind_table(address: *const c_void) -> Option<UnwindTable> {
    let ours = Loaded::this_file().filter(|_| !sabotage::NO_OWN_TABLE_FIRST);
    if let Some(found) = ours.and_then(|file| find(&file, address)) {
        return found;
    }
    let iterate = weak_symbols::dl_iterate_phdr()?;
    let mut search = Search {
        address,
        found: None,
    };
    // SAFETY: dl_iterate_phdr(3). It calls `visit` only until it returns, and with a pointer to `search`.
    unsafe { iterate(visit, (&raw mut search).cast()) };
    search.found
}

/// `None` if the address is not in this file; otherwise the file's table, if it has one.
fn find(file: &Loaded<'_>, address: *const c_void) -> Option<Option<UnwindTable>> {
    let place = |part: &&ProgramHeader| {
        let start = file.at(part.address).addr();
        part.kind == PT_LOAD && address.addr().wrapping_sub(start) < part.size
    };
    let code = file.parts().find(place)?;
    let table = file.parts().find(|part| part.kind == PT_TABLE);
    Some(table.map(|table| UnwindTable {
        code: file.at(code.address).cast(),
        code_len: code.size,
        start: file.at(table.address).cast(),
        len: table.size,
    }))
}

struct Search {
    address: *const c_void,
    found: Option<UnwindTable>,
}

/// The beginning of `dl_phdr_info`, which is all that every C library fills in.
#[repr(C)]
struct DlPhdrInfo {
    base: *const u8,
    name: *const c_void,
    parts: *const ProgramHeader,
    count: u16,
}

/// # Safety
/// dl_iterate_phdr(3) calls it for a loaded file, and `search` is the [`Search`] of `unwind_table`.
unsafe extern "C" fn visit(info: *const c_void, _size: usize, search: *mut c_void) -> c_int {
    // SAFETY: our caller's promise. The loader keeps the file mapped during this call.
    let (info, search) = unsafe { (&*info.cast::<DlPhdrInfo>(), &mut *search.cast::<Search>()) };
    if info.parts.is_null() {
        return 0;
    }
    // SAFETY: as above: what the loader says of the file.
    let file = unsafe { Loaded::new(info.base, info.parts, usize::from(info.count)) };
    match find(&file, search.address) {
        Some(found) => {
            search.found = found;
            1
        }
        None => 0,
    }
}

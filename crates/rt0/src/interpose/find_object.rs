//! The library's own `_dl_find_object`, for the unwinder that `cargo rt0 build` puts into the library.
//!
//! GCC's unwinder asks for this function where it was built beside glibc 2.35 or later. Without this module
//! a library that contains the unwinder would not load with an older glibc.

use std::ffi::{c_int, c_ulonglong, c_void};
use std::ptr::null;

use rt0_core::platform::image::unwind_tables::unwind_table;

rt0_core::define_function!("rt0_dl_find_object", find);

/// glibc's `struct dl_find_object`. Its reserved words stay as they are: nothing refers to them unless a flag
/// says so.
#[repr(C)]
struct Found {
    flags: c_ulonglong,
    code_start: *const c_void,
    code_end: *const c_void,
    link_map: *const c_void,
    table: *const c_void,
    #[cfg(target_arch = "x86")]
    data_base: *const c_void,
    #[cfg(target_arch = "arm")]
    entries: c_int,
}

/// An entry of the table of 32-bit ARM.
#[cfg(target_arch = "arm")]
const ENTRY: usize = 8;

/// `_dl_find_object`.
unsafe extern "C" fn find(address: *const c_void, found: *mut Found) -> c_int {
    let Some(table) = unwind_table(address) else {
        return -1;
    };
    // SAFETY: our caller's promise to `_dl_find_object`: there is room for glibc's struct.
    unsafe {
        found.write(Found {
            flags: 0,
            code_start: table.code,
            code_end: table.code.wrapping_byte_add(table.code_len),
            // The unwinder does not look at it.
            link_map: null(),
            table: table.start,
            // Neither GCC nor LLVM writes tables that refer to it.
            #[cfg(target_arch = "x86")]
            data_base: null(),
            #[cfg(target_arch = "arm")]
            entries: (table.len / ENTRY) as c_int,
        });
    }
    0
}

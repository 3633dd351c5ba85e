//! `LoadLibrary`.

use std::ffi::{CString, c_char, c_void};
use std::os::windows::ffi::OsStrExt;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn LoadLibraryW(path: *const u16) -> *mut c_void;
    fn GetProcAddress(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// A loaded library.
#[derive(Clone, Copy)]
pub struct Handle(*mut c_void);

// SAFETY: Windows lets any thread use a handle.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

/// Loads a library.
pub fn open(path: &str) -> Result<Handle, String> {
    let name: Vec<u16> = std::ffi::OsStr::new(path)
        .encode_wide()
        .chain([0])
        .collect();
    // SAFETY: the text ends with a null. What the library's entry does is what is checked.
    let handle = unsafe { LoadLibraryW(name.as_ptr()) };
    match handle.is_null() {
        true => Err(format!("LoadLibrary: {}", std::io::Error::last_os_error())),
        false => Ok(Handle(handle)),
    }
}

/// The address of a function.
pub fn symbol(handle: Handle, name: &str) -> Result<*mut c_void, String> {
    let text = CString::new(name).map_err(|error| error.to_string())?;
    // SAFETY: the handle is of `LoadLibrary`, and nobody frees it.
    let address = unsafe { GetProcAddress(handle.0, text.as_ptr()) };
    match address.is_null() {
        true => Err(format!("{name}: {}", std::io::Error::last_os_error())),
        false => Ok(address),
    }
}

/// Processes do not fork here.
pub fn in_a_child(_run: impl FnOnce() -> Result<(), String>) -> Option<Result<(), String>> {
    None
}

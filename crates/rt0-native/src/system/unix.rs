//! `dlopen` and `fork`.

use std::ffi::{CStr, CString, c_char, c_int, c_void};

// Rust's own std links what has these.
unsafe extern "C" {
    fn dlopen(path: *const c_char, mode: c_int) -> *mut c_void;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn dlerror() -> *const c_char;
    fn fork() -> c_int;
    fn waitpid(process: c_int, status: *mut c_int, options: c_int) -> c_int;
    fn _exit(code: c_int) -> !;
}

/// `RTLD_NOW`, but for Android on 32 bits, where it is 0.
const NOW: c_int = if cfg!(all(target_os = "android", target_pointer_width = "32")) {
    0
} else {
    2
};

/// A loaded library.
#[derive(Clone, Copy)]
pub struct Handle(*mut c_void);

// SAFETY: the C library lets any thread use a handle.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

/// Loads a library.
pub fn open(path: &str) -> Result<Handle, String> {
    let name = CString::new(path).map_err(|error| error.to_string())?;
    // SAFETY: the text ends with a null. What the library's constructors do is what is checked.
    let handle = unsafe { dlopen(name.as_ptr(), NOW) };
    match handle.is_null() {
        true => Err(format!("dlopen: {}", error())),
        false => Ok(Handle(handle)),
    }
}

/// The address of a function.
pub fn symbol(handle: Handle, name: &str) -> Result<*mut c_void, String> {
    let text = CString::new(name).map_err(|error| error.to_string())?;
    // SAFETY: the handle is of `dlopen`, and nobody closes it.
    let address = unsafe { dlsym(handle.0, text.as_ptr()) };
    match address.is_null() {
        true => Err(format!("{name}: {}", error())),
        false => Ok(address),
    }
}

/// What the C library last said on this thread.
fn error() -> String {
    // SAFETY: it gives a text that is valid until the next call about libraries on this thread, or null.
    let text = unsafe { dlerror() };
    if text.is_null() {
        return "no reason given".to_owned();
    }
    // SAFETY: as above.
    unsafe { CStr::from_ptr(text) }
        .to_string_lossy()
        .into_owned()
}

/// Runs this in a fork's child, and waits for that.
pub fn in_a_child(run: impl FnOnce() -> Result<(), String>) -> Option<Result<(), String>> {
    // SAFETY: the only other threads are the library's, which the child does not have; the C library's own locks are
    // free in it.
    let process = unsafe { fork() };
    match process {
        -1 => Some(Err("fork: no process".to_owned())),
        0 => {
            let code = match run() {
                Ok(()) => 0,
                Err(why) => {
                    eprintln!("        in the child: {why}");
                    1
                }
            };
            // SAFETY: nothing of ours must be told that the child ends.
            unsafe { _exit(code) }
        }
        process => {
            let mut status = 0;
            // SAFETY: the place is ours.
            let waited = unsafe { waitpid(process, &mut status, 0) };
            let good = waited == process && status == 0;
            Some(if good {
                Ok(())
            } else {
                Err(format!("the child has ended with status {status}"))
            })
        }
    }
}

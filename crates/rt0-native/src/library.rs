//! The functions of `pane`, by the declarations of its header.

use std::ffi::{CStr, c_char, c_void};
use std::{mem, ptr};

use crate::system;

/// A function without parameters.
type Plain = unsafe extern "C" fn() -> i32;
/// One that takes a time in milliseconds.
type Timed = unsafe extern "C" fn(i32) -> i32;
/// One whose only result is an error.
type Fails = unsafe extern "C" fn(*mut *mut c_char) -> i32;
/// One that has a number as its result.
type Gives = unsafe extern "C" fn(*mut i32, *mut *mut c_char) -> i32;
/// Takes back a text.
type Free = unsafe extern "C" fn(*mut c_void) -> i32;

/// The loaded library. It stays loaded.
#[derive(Clone)]
pub struct Library {
    path: String,
    handle: system::Handle,
}

impl Library {
    /// Has the system load it.
    pub fn open(path: &str) -> Result<Library, String> {
        let handle = system::open(path)?;
        Ok(Library {
            path: path.to_owned(),
            handle,
        })
    }

    /// Has the system load it once more.
    pub fn again(&self) -> Result<Library, String> {
        Library::open(&self.path)
    }

    /// `int32_t pane_NAME(void)`
    pub fn call(&self, name: &str) -> Result<i32, String> {
        let address = self.address(name)?;
        // SAFETY: the header of `pane` declares every function so that is called here by such a name.
        Ok(unsafe { mem::transmute::<*mut c_void, Plain>(address)() })
    }

    /// `int32_t pane_NAME(int32_t milliseconds)`
    pub fn call_timed(&self, name: &str, milliseconds: i32) -> Result<i32, String> {
        let address = self.address(name)?;
        // SAFETY: as above.
        Ok(unsafe { mem::transmute::<*mut c_void, Timed>(address)(milliseconds) })
    }

    /// `int32_t pane_NAME(int32_t *out, char **err)`: the result.
    pub fn number(&self, name: &str) -> Result<i32, String> {
        let address = self.address(name)?;
        let (mut out, mut text) = (0, ptr::null_mut());
        // SAFETY: as above; both places are ours.
        let code = unsafe { mem::transmute::<*mut c_void, Gives>(address)(&mut out, &mut text) };
        match code {
            0 => Ok(out),
            code => Err(format!("{name}: {code} {}", self.text(text)?)),
        }
    }

    /// `int32_t pane_NAME(char **err)`: the code, and the text of the error.
    pub fn error(&self, name: &str) -> Result<(i32, String), String> {
        let address = self.address(name)?;
        let mut text = ptr::null_mut();
        // SAFETY: as above; the place is ours.
        let code = unsafe { mem::transmute::<*mut c_void, Fails>(address)(&mut text) };
        Ok((code, self.text(text)?))
    }

    /// A text of the library's, which gets it back.
    fn text(&self, text: *mut c_char) -> Result<String, String> {
        if text.is_null() {
            return Ok(String::new());
        }
        // SAFETY: the library promises a text with a null at its end, which is the caller's until it is freed.
        let copy = unsafe { CStr::from_ptr(text) }
            .to_string_lossy()
            .into_owned();
        let free = self.address("free")?;
        // SAFETY: as above, and nobody uses the text any more.
        let code = unsafe { mem::transmute::<*mut c_void, Free>(free)(text.cast()) };
        match code {
            0 => Ok(copy),
            code => Err(format!("pane_free: {code}")),
        }
    }

    fn address(&self, name: &str) -> Result<*mut c_void, String> {
        system::symbol(self.handle, &format!("pane_{name}"))
    }
}

//! The library, loaded.

use std::ffi::{CStr, CString, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::Prepared;
use crate::calls::Call;
use crate::verdict::Stop;

/// A loaded library. It stays loaded unless [`Library::close`] is called.
#[derive(Clone, Copy)]
pub struct Library(*mut c_void);

/// Where `dlmopen` puts a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// A new namespace, with copies of all other libraries.
    New,
}

// SAFETY: the handle is a name that the loader has given; all of its functions lock for themselves.
unsafe impl Send for Library {}
// SAFETY: as above.
unsafe impl Sync for Library {}

impl Library {
    /// `dlopen(path, RTLD_NOW | RTLD_LOCAL)`.
    ///
    /// # Errors
    /// What the loader says.
    pub fn open(path: &Path) -> Result<Library, String> {
        Library::open_with(path, libc::RTLD_NOW | libc::RTLD_LOCAL)
    }

    /// `dlopen` with these flags.
    ///
    /// # Errors
    /// What the loader says.
    pub fn open_with(path: &Path, flags: i32) -> Result<Library, String> {
        let path = c_path(path)?;
        // SAFETY: the path is a C string. What the library's constructors do is what is being checked, in a process
        // that exists for nothing else.
        Library::given(unsafe { libc::dlopen(path.as_ptr(), flags) })
    }

    /// `dlmopen` into a namespace.
    ///
    /// # Errors
    /// What the loader says, or that there are no namespaces.
    pub fn open_in(namespace: Namespace, path: &Path) -> Result<Library, String> {
        let Namespace::New = namespace;
        super::system::dlmopen_new(&c_path(path)?).map_or_else(Err, Library::given)
    }

    fn given(handle: *mut c_void) -> Result<Library, String> {
        match handle.is_null() {
            false => Ok(Library(handle)),
            true => Err(last_error()),
        }
    }

    /// The address at which the file is loaded.
    pub(super) fn base(&self) -> usize {
        // SAFETY: what dlopen(3) gives is the address of a `link_map`, whose first word is the load address: POSIX
        // leaves it open, and every C library of Linux has it so.
        unsafe { self.0.cast::<usize>().read() }
    }

    /// The address of a symbol.
    pub fn symbol(&self, name: &str) -> Option<*mut c_void> {
        let name = CString::new(name).ok()?;
        // SAFETY: the handle is open, the name a C string.
        let found = unsafe { libc::dlsym(self.0, name.as_ptr()) };
        (!found.is_null()).then_some(found)
    }

    /// Makes a call ready.
    ///
    /// # Errors
    /// There is no such function in the library.
    pub fn prepare(&self, call: &Call) -> Result<Prepared, Stop> {
        let find = |symbol: &str| {
            self.symbol(symbol).ok_or_else(|| {
                Stop::could_not(format!(
                    "the library has no function `{symbol}`: see --call"
                ))
            })
        };
        Prepared::new(find, call)
    }

    /// `dlclose`.
    ///
    /// # Errors
    /// What the loader says.
    pub fn close(self) -> Result<(), String> {
        // SAFETY: the handle is open. That nothing uses the library's code after that is the library's promise, which
        // is being checked.
        match unsafe { libc::dlclose(self.0) } {
            0 => Ok(()),
            _ => Err(last_error()),
        }
    }

    /// Whether a library of this path is loaded.
    pub fn is_loaded(path: &Path) -> bool {
        let Ok(path) = c_path(path) else { return false };
        let flags = libc::RTLD_NOLOAD | libc::RTLD_LAZY;
        // SAFETY: the path is a C string; nothing is loaded, and the handle is given back.
        unsafe {
            let handle = libc::dlopen(path.as_ptr(), flags);
            !handle.is_null() && libc::dlclose(handle) == 0
        }
    }
}

fn c_path(path: &Path) -> Result<CString, String> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| "its path has a zero byte".to_owned())
}

fn last_error() -> String {
    // SAFETY: dlerror(3) gives a C string that stays until this thread's next call of the loader, or null.
    unsafe {
        let text = libc::dlerror();
        match text.is_null() {
            true => "the loader does not say why".to_owned(),
            false => CStr::from_ptr(text).to_string_lossy().into_owned(),
        }
    }
}

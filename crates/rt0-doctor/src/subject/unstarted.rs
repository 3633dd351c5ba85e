//! The library, loaded without its constructors having run: a copy of the file in which the loader does not see them.

use std::ffi::c_void;
use std::io::Write;
use std::os::fd::FromRawFd;
use std::path::{Path, PathBuf};

use object::elf::{DT_INIT, DT_INIT_ARRAY, DT_INIT_ARRAYSZ, PT_DYNAMIC};

use super::Library;
use crate::verdict::Stop;

/// A copy of the library whose constructors have not run.
pub struct Unstarted {
    init: Option<*const c_void>,
    array: Vec<*const c_void>,
}

impl Unstarted {
    /// Loads such a copy. What the library needs is loaded as usual.
    ///
    /// # Errors
    /// The file is not as expected, or can't be loaded.
    pub fn load(library: &Path) -> Result<Unstarted, Stop> {
        if cfg!(not(target_pointer_width = "64")) {
            return Err(Stop::skip("the file is taken apart on 64-bit systems only"));
        }
        let why = |e: std::io::Error| Stop::could_not(format!("the library can't be copied: {e}"));
        let mut bytes = std::fs::read(library).map_err(why)?;
        let hidden = Hidden::take(&mut bytes)
            .ok_or_else(|| Stop::could_not("its dynamic section can't be read"))?;
        // SAFETY: the name is a C string.
        let descriptor =
            unsafe { libc::memfd_create(c"rt0-doctor-unstarted".as_ptr(), libc::MFD_CLOEXEC) };
        if descriptor < 0 {
            return Err(why(std::io::Error::last_os_error()));
        }
        // SAFETY: it is new, and nobody else has it.
        let mut file = unsafe { std::fs::File::from_raw_fd(descriptor) };
        file.write_all(&bytes).map_err(why)?;
        let path = PathBuf::from(format!("/proc/{}/fd/{descriptor}", std::process::id()));
        let opened = Library::open(&path);
        let opened = opened
            .map_err(|text| Stop::could_not(format!("the library can't be loaded: {text}")))?;
        let base = opened.base();
        // SAFETY: the loader has mapped the file and relocated the array, which lies where the file says.
        let array = unsafe {
            let start = (base + hidden.array as usize) as *const *const c_void;
            let all = (0..hidden.count as usize).map(|place| start.add(place).read());
            // The loader's own way of leaving one out.
            all.filter(|entry| !matches!(*entry as isize, 0 | -1))
                .collect()
        };
        Ok(Unstarted {
            init: hidden
                .init
                .map(|init| (base + init as usize) as *const c_void),
            array,
        })
    }

    /// The constructors, in the order in which the loader calls them.
    pub fn constructors(&self) -> Vec<*const c_void> {
        self.init.iter().chain(&self.array).copied().collect()
    }
}

/// Where the constructors are.
struct Hidden {
    init: Option<u64>,
    array: u64,
    count: u64,
}

impl Hidden {
    /// Reads where they are, and makes the entries say something that no loader looks at.
    fn take(bytes: &mut [u8]) -> Option<Hidden> {
        /// A number from those that are left to debuggers; glibc passes over it.
        const NOTHING: u64 = 0x6fff_fef4;
        let mut found = Hidden {
            init: None,
            array: 0,
            count: 0,
        };
        let (start, size) = dynamic(bytes)?;
        for at in (start..start + size).step_by(16) {
            let (tag, value) = (word(bytes, at)?, word(bytes, at + 8)?);
            match u32::try_from(tag).ok()? {
                0 => break,
                DT_INIT => found.init = Some(value),
                DT_INIT_ARRAY => found.array = value,
                DT_INIT_ARRAYSZ => found.count = value / 8,
                _ => continue,
            }
            bytes
                .get_mut(at..at + 8)?
                .copy_from_slice(&NOTHING.to_ne_bytes());
        }
        Some(found)
    }
}

/// Where the dynamic section is in the file, and its size.
fn dynamic(bytes: &[u8]) -> Option<(usize, usize)> {
    let half = |at: usize| Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let (table, size, count) = (
        word(bytes, 32)? as usize,
        half(54)? as usize,
        half(56)? as usize,
    );
    (0..count).map(|place| table + place * size).find_map(|at| {
        let kind = u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let place = (
            word(bytes, at + 8)? as usize,
            word(bytes, at + 32)? as usize,
        );
        (kind == PT_DYNAMIC).then_some(place)
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_ne_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

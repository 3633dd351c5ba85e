//! Libraries that the doctor makes while it runs: an empty one to compare with, and one whose constructor is a
//! function of the doctor's.
//!
//! An entry of `.init_array` is an address that the loader calls. In a file that is written for this process alone it
//! can be the address itself, so no code has to be made.

use std::ffi::CString;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::verdict::Stop;

/// A library that exists while this does.
pub struct Made {
    file: File,
    /// The process that has it open.
    process: u32,
}

const HEADER: usize = 64;
const SEGMENT: usize = 56;
const SEGMENTS: usize = 3;

impl Made {
    /// A library that needs `needed`, if that is given, and whose constructor is `constructor`, if that is given. It
    /// can be loaded in this process and in children that a fork makes of it.
    ///
    /// # Errors
    /// This system's format is not known, or there is no memory for a file.
    pub fn new(needed: Option<&Path>, constructor: Option<extern "C" fn()>) -> Result<Made, Stop> {
        let why = |e: io::Error| Stop::could_not(format!("no library can be made: {e}"));
        if cfg!(not(target_pointer_width = "64")) {
            return Err(Stop::could_not(
                "libraries can be made on 64-bit systems only",
            ));
        }
        let own = std::fs::read("/proc/self/exe").map_err(why)?;
        // SAFETY: the name is a C string.
        let descriptor =
            unsafe { libc::memfd_create(c"rt0-doctor-made".as_ptr(), libc::MFD_CLOEXEC) };
        if descriptor < 0 {
            return Err(why(io::Error::last_os_error()));
        }
        // SAFETY: it is new, and nobody else has it.
        let mut file = unsafe { File::from_raw_fd(descriptor) };
        file.write_all(&bytes(&own, needed, constructor))
            .map_err(why)?;
        Ok(Made {
            file,
            process: std::process::id(),
        })
    }

    /// Where the loader finds it. A debugger finds it there, too: under `/proc/self` it would open a descriptor of its
    /// own, and wait for ever if that is a pipe.
    pub fn path(&self) -> PathBuf {
        let (process, descriptor) = (self.process, self.file.as_raw_fd());
        PathBuf::from(format!("/proc/{process}/fd/{descriptor}"))
    }
}

/// A file for 64-bit systems. `own` is this program's file, whose header says what the system wants.
fn bytes(own: &[u8], needed: Option<&Path>, constructor: Option<extern "C" fn()>) -> Vec<u8> {
    use object::elf;
    let mut strings = b"\0rt0-doctor-made\0".to_vec();
    let needed = needed
        .and_then(|path| CString::new(path.as_os_str().as_bytes()).ok())
        .map(|path| {
            let at = strings.len();
            strings.extend(path.as_bytes_with_nul());
            at as u64
        });
    strings.resize(strings.len().next_multiple_of(8), 0);
    let symbols_at = HEADER + SEGMENTS * SEGMENT;
    let hash_at = symbols_at + 24;
    let strings_at = hash_at + 16;
    let array_at = strings_at + strings.len();
    let dynamic_at = array_at + 8;
    let mut dynamic: Vec<(u32, u64)> = vec![
        (elf::DT_SONAME, 1),
        (elf::DT_STRTAB, strings_at as u64),
        (elf::DT_STRSZ, strings.len() as u64),
        (elf::DT_SYMTAB, symbols_at as u64),
        (elf::DT_SYMENT, 24),
        (elf::DT_HASH, hash_at as u64),
    ];
    dynamic.extend(needed.map(|at| (elf::DT_NEEDED, at)));
    if constructor.is_some() {
        dynamic.extend([
            (elf::DT_INIT_ARRAY, array_at as u64),
            (elf::DT_INIT_ARRAYSZ, 8),
        ]);
    }
    dynamic.push((elf::DT_NULL, 0));
    let size = (dynamic_at + 16 * dynamic.len()) as u64;

    let mut out = own[..HEADER].to_vec();
    let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
    put(16, &elf::ET_DYN.to_ne_bytes());
    // No entry; segments after the header; no sections. The flags stay.
    put(24, &0u64.to_ne_bytes());
    put(32, &(HEADER as u64).to_ne_bytes());
    put(40, &0u64.to_ne_bytes());
    put(52, &(HEADER as u16).to_ne_bytes());
    put(54, &(SEGMENT as u16).to_ne_bytes());
    put(56, &(SEGMENTS as u16).to_ne_bytes());
    put(58, &[0; 6]);
    let mut segment = |kind: u32, at: u64, size: u64, align: u64| {
        out.extend(kind.to_ne_bytes());
        out.extend((elf::PF_R | elf::PF_W).to_ne_bytes());
        for word in [at, at, at, size, size, align] {
            out.extend(word.to_ne_bytes());
        }
    };
    segment(elf::PT_LOAD, 0, size, 0x10000);
    segment(
        elf::PT_DYNAMIC,
        dynamic_at as u64,
        16 * dynamic.len() as u64,
        8,
    );
    segment(elf::PT_GNU_STACK, 0, 0, 16);
    // The first symbol is none. One bucket and one chain, both empty.
    out.extend([0; 24]);
    for word in [1u32, 1, 0, 0] {
        out.extend(word.to_ne_bytes());
    }
    out.extend(&strings);
    out.extend(
        constructor
            .map_or(0, |function| function as usize as u64)
            .to_ne_bytes(),
    );
    for (tag, value) in dynamic {
        out.extend(u64::from(tag).to_ne_bytes());
        out.extend(value.to_ne_bytes());
    }
    out
}

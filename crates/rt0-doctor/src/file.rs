//! The library's file, read and not loaded: what the static checks look at.

mod budget;
mod dynamic;
pub mod imports;
mod machine;

use std::path::Path;

use object::BinaryFormat;

pub use budget::{Budget, sections_overlap};
pub use dynamic::{Dynamic, Segment, Symbol};
pub use imports::Import;
pub use machine::Machine;

use crate::plan::Plan;

/// The file.
pub struct File<'a> {
    /// What is to be checked.
    pub plan: &'a Plan,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The file as `object` reads it.
    pub object: object::File<'a>,
    /// What the loader reads of it.
    pub dynamic: Dynamic,
}

impl<'a> File<'a> {
    /// Reads the file.
    ///
    /// # Errors
    /// It is no shared library in the format ELF, or is damaged: a sentence without a subject.
    pub fn read(plan: &'a Plan, bytes: &'a [u8]) -> Result<File<'a>, String> {
        let object =
            object::File::parse(bytes).map_err(|e| match bytes.starts_with(b"\x7fELF") {
                true => format!("is damaged or truncated: {e}"),
                false => NO_ELF.to_owned(),
            })?;
        if object.format() == BinaryFormat::MachO {
            return Err(MACHO.to_owned());
        }
        if sections_overlap(&object, bytes) {
            return Err("is damaged: its sections overlap".to_owned());
        }
        let dynamic = match &object {
            object::File::Elf32(elf) => dynamic::read(elf, bytes.len()),
            object::File::Elf64(elf) => dynamic::read(elf, bytes.len()),
            _ => return Err(NO_ELF.to_owned()),
        }
        .map_err(|e| format!("is damaged or truncated: {e}"))?;
        Ok(File {
            plan,
            bytes,
            object,
            dynamic,
        })
    }

    /// The file's name.
    pub fn name(&self) -> String {
        name(&self.plan.library)
    }

    /// Whether the file is for the processor and system that run the doctor.
    pub fn is_native(&self) -> bool {
        Machine::of(&self.dynamic) == Machine::native()
    }
}

const NO_ELF: &str = "is no ELF file: the doctor checks shared libraries in that format only";

const MACHO: &str = "is a Mach-O file (macOS): the doctor checks shared libraries in the format ELF only, and runs on \
                     Linux only. `cargo rt0 inspect` shows what such a file says of itself";

/// A number with its word.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The last part of a path.
pub fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

//! Finds the description in a file and reads it.

use std::collections::HashSet;
use std::hash::Hash;

use object::read::elf::{FileHeader, ProgramHeader};
use object::{Object, ObjectSection};
use rt0_abi::decode::{DecodeError, Description, NEWER};

use crate::error::{Error, Result};
use crate::header;
use crate::image::Image;

/// Everything that the file says about itself.
///
/// # Errors
/// The file cannot be read or was not built with rt0, its description is damaged or of a newer ABI, or a name
/// is reserved in C.
pub fn read(image: &Image) -> Result<Description> {
    let mut all = Description::default();
    let mut found = false;
    for object in image.objects()? {
        for section in
            sections(&object).map_err(|why| image.error("is damaged or truncated").because(why))?
        {
            let part = Description::decode(section, !object.is_little_endian())
                .map_err(|e| decode_error(image, e))?;
            found |= part != Description::default();
            merge(&mut all, part).map_err(|why| image.error(&why))?;
        }
    }
    if found {
        once(&mut all);
        check(&all).map_err(|e| image.error("has no C header").because(e))?;
        return Ok(all);
    }
    Err(image.error("was not built with rt0: it has no description, which #[rt0::init] adds"))
}

/// Checks that C accepts all names in it. [`read`] calls this.
///
/// # Errors
/// A name is reserved in C, or stands for two things.
pub fn check(description: &Description) -> Result<()> {
    header::check_names(description)
}

/// The sections that hold a description. The last is what this program's stand-in for a linker adds in a Mach-O file.
pub(crate) const SECTIONS: [&str; 4] = [
    rt0_abi::SECTION,
    rt0_abi::SECTION_COFF,
    rt0_abi::SECTION_MACHO,
    KEPT_MACHO,
];

/// The section for the records of kept symbols in a Mach-O file: its linkers can't add to a section that is there.
pub(crate) const KEPT_MACHO: &str = "__rt0_kept";

/// Whether a section of this name holds a description.
pub(crate) fn is_name(name: &[u8]) -> bool {
    SECTIONS.iter().any(|ours| ours.as_bytes() == name)
}

/// The bytes of each description in a file; empty if there is none.
pub(crate) fn sections<'a>(object: &object::File<'a>) -> object::read::Result<Vec<&'a [u8]>> {
    let mut found = Vec::new();
    for section in object.sections() {
        if section.name_bytes().is_ok_and(is_name) {
            found.push(section.data()?);
        }
    }
    if object.sections().next().is_none() {
        found = segments(object);
    }
    Ok(found)
}

/// A file without a section table still has its notes in a segment.
fn segments<'a>(object: &object::File<'a>) -> Vec<&'a [u8]> {
    match object {
        object::File::Elf32(elf) => note_segments(elf),
        object::File::Elf64(elf) => note_segments(elf),
        _ => Vec::new(),
    }
}

fn note_segments<'a, Elf: FileHeader>(elf: &object::read::elf::ElfFile<'a, Elf>) -> Vec<&'a [u8]> {
    let (endian, data) = (elf.endian(), elf.data());
    let headers = elf.elf_program_headers().iter();
    headers
        .filter(|header| header.p_type(endian) == object::elf::PT_NOTE)
        // Notes that are aligned to eight are the linker's own.
        .filter(|header| header.p_align(endian).into() <= 4)
        .filter_map(|header| header.data(endian, data).ok())
        .collect()
}

fn decode_error(image: &Image, error: DecodeError) -> Error {
    if error.reason == NEWER {
        return image.error(&format!(
            "was built with a newer rt0 than this cargo-rt0 can read (ABI version {}): install a newer \
             cargo-rt0",
            rt0_abi::ABI_VERSION
        ));
    }
    image.error("has a damaged description").because(error)
}

/// Adds the description of another object file.
pub(crate) fn merge(all: &mut Description, part: Description) -> std::result::Result<(), String> {
    match (&all.library, part.library) {
        (Some(one), Some(two)) if *one != two => {
            return Err(format!(
                "has two libraries with an #[rt0::init]: `{}` and `{}`",
                one.krate, two.krate
            ));
        }
        (None, two @ Some(_)) => all.library = two,
        _ => {}
    }
    all.exports.extend(part.exports);
    all.structs.extend(part.structs);
    all.enums.extend(part.enums);
    all.handles.extend(part.handles);
    all.hooks.extend(part.hooks);
    all.symbols.extend(part.symbols);
    all.codes.extend(part.codes);
    Ok(())
}

/// Several object files may describe the same type: it counts once.
fn once(all: &mut Description) {
    keep_first(&mut all.exports);
    keep_first(&mut all.structs);
    keep_first(&mut all.enums);
    keep_first(&mut all.handles);
    keep_first(&mut all.hooks);
    keep_first(&mut all.symbols);
    keep_first(&mut all.codes);
}

fn keep_first<T: Eq + Hash>(items: &mut Vec<T>) {
    let mut seen = HashSet::new();
    let is_first: Vec<bool> = items.iter().map(|item| seen.insert(item)).collect();
    drop(seen);
    let mut is_first = is_first.into_iter();
    items.retain(|_| is_first.next().unwrap_or(false));
}

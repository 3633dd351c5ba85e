//! Lets LLVM's linker leave out the exception tables of functions that it leaves out.
//!
//! The compiler puts the table of each function, what to drop when something unwinds through it, into a section
//! `.gcc_except_table.NAME`. LLVM's linker drops functions that nothing calls, but keeps all of their tables: it does
//! not know which section belongs to which function. ELF has a flag for that, `SHF_LINK_ORDER`, with which a section
//! lives and dies with another one. LLVM sets it only for compilers that promise a linker that knows it, which rustc
//! can't. So we set it, in copies of the object files and archives. Nothing moves in them: it is one bit, and the
//! other section's number.
//!
//! GNU ld needs no flag; it follows a function to its table.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use memchr::memmem;
use object::elf;
use object::read::archive::ArchiveFile;
use object::read::elf::{FileHeader, SectionHeader};
use object::{Endianness, FileKind};

use super::write_bytes;
use crate::error::{Error, Result};

/// How the names of these sections begin. The rest is the function's.
const TABLE: &[u8] = b".gcc_except_table.";

/// How the names of the sections with functions begin.
const FUNCTIONS: [&[u8]; 2] = [b".text.", b".text.unlikely."];

/// A folder for the copies, in the compiler's own.
const FOLDER: &str = "rt0-tied";

/// The copies, by the argument that each stands in for.
#[derive(Default)]
pub struct Tied(HashMap<OsString, PathBuf>);

impl Tied {
    /// Whether there is no copy.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The argument, or its copy.
    pub fn instead_of<'a>(&'a self, arg: &'a OsString) -> &'a OsStr {
        self.0.get(arg).map_or(arg, |copy| copy.as_os_str())
    }
}

/// Copies those of the inputs that have such tables into `folder`, and ties each table to its function.
///
/// # Errors
/// A copy can't be written.
pub fn tie(args: &[OsString], folder: &Path) -> Result<Tied> {
    let mut tied = Tied::default();
    for arg in args {
        let path = Path::new(arg);
        let ending = path.extension().unwrap_or_default();
        if ending != "o" && ending != "rlib" {
            continue;
        }
        // What can't be read is the linker's to complain about.
        let Ok(mut bytes) = fs::read(path) else {
            continue;
        };
        if !tie_all(&mut bytes) {
            continue;
        }
        // Two inputs may have one name.
        let folder = folder.join(FOLDER).join(tied.0.len().to_string());
        fs::create_dir_all(&folder)
            .map_err(|e| Error::failed(format!("cannot make {}", folder.display())).because(e))?;
        let copy = folder.join(path.file_name().unwrap_or_default());
        write_bytes(&copy, &bytes)?;
        tied.0.insert(arg.clone(), copy);
    }
    Ok(tied)
}

/// Ties the tables in an object file, or in all of an archive's. Returns whether it has changed anything.
fn tie_all(bytes: &mut [u8]) -> bool {
    // Faster than reading every member.
    if memmem::find(bytes, TABLE).is_none() {
        return false;
    }
    let mut changed = false;
    for (from, to) in objects(bytes) {
        if let Some(object) = bytes.get_mut(from..to) {
            changed |= tie_in_object(object);
        }
    }
    changed
}

/// Where the object files are: the whole file, or an archive's members.
fn objects(bytes: &[u8]) -> Vec<(usize, usize)> {
    if FileKind::parse(bytes) != Ok(FileKind::Archive) {
        return vec![(0, bytes.len())];
    }
    let Ok(archive) = ArchiveFile::parse(bytes) else {
        return Vec::new();
    };
    let ranges = archive
        .members()
        .flatten()
        .map(|member| member.file_range());
    ranges
        .filter_map(|(from, len)| Some((from.try_into().ok()?, (from + len).try_into().ok()?)))
        .collect()
}

fn tie_in_object(bytes: &mut [u8]) -> bool {
    let ties = match FileKind::parse(&*bytes) {
        Ok(FileKind::Elf32) => ties::<elf::FileHeader32<Endianness>>(bytes),
        Ok(FileKind::Elf64) => ties::<elf::FileHeader64<Endianness>>(bytes),
        _ => return false,
    };
    // What is no whole object file stays as it is.
    let ties = ties.unwrap_or_default();
    for tie in &ties {
        tie.apply(bytes);
    }
    !ties.is_empty()
}

/// What changes in the header of a section, and where in the file.
struct Tie {
    /// The byte of its flags that holds `SHF_LINK_ORDER`.
    flags: usize,
    /// `sh_link`.
    link: usize,
    function: [u8; 4],
}

impl Tie {
    fn apply(&self, bytes: &mut [u8]) {
        if let Some(link) = bytes.get_mut(self.link..self.link + 4) {
            link.copy_from_slice(&self.function);
            bytes[self.flags] |= elf::SHF_LINK_ORDER as u8;
        }
    }
}

fn ties<Elf: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> object::read::Result<Vec<Tie>> {
    let header = Elf::parse(bytes)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, bytes)?;
    let mut functions = HashMap::new();
    for (index, section) in sections.enumerate() {
        functions.insert(sections.section_name(endian, section)?, index.0 as u32);
    }
    let table: u64 = header.e_shoff(endian).into();
    // In `Elf64_Shdr` and `Elf32_Shdr`.
    let (width, link) = if header.is_type_64() {
        (8, 40)
    } else {
        (4, 24)
    };
    let low = if header.is_big_endian() { width - 1 } else { 0 };
    let mut out = Vec::new();
    for (index, section) in sections.enumerate() {
        let Some(name) = sections.section_name(endian, section)?.strip_prefix(TABLE) else {
            continue;
        };
        // A group lives and dies as a whole already.
        let flags: u64 = section.sh_flags(endian).into();
        if flags & u64::from(elf::SHF_GROUP | elf::SHF_LINK_ORDER) != 0 {
            continue;
        }
        let mut names = FUNCTIONS.iter().map(|start| [start, name].concat());
        if let Some(function) = names.find_map(|name| functions.get(&*name))
            && let Ok(table) = usize::try_from(table)
        {
            let at = table + index.0 * size_of::<Elf::SectionHeader>();
            let function = match endian {
                Endianness::Little => function.to_le_bytes(),
                Endianness::Big => function.to_be_bytes(),
            };
            out.push(Tie {
                flags: at + 8 + low,
                link: at + link,
                function,
            });
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use object::write::Object as New;
    use object::{Architecture, BinaryFormat, Object, ObjectSection, SectionKind};

    use super::*;

    fn section(file: &mut New<'_>, name: &str, kind: SectionKind) {
        let id = file.add_section(Vec::new(), name.as_bytes().to_vec(), kind);
        file.append_section_data(id, &[1, 2, 3, 4], 4);
    }

    /// The number that the section's header has for another section, if the flag says what it means.
    fn tied_to<Elf: FileHeader<Endian = Endianness>>(bytes: &[u8], name: &str) -> Option<u32> {
        let header = Elf::parse(bytes).unwrap();
        let endian = header.endian().unwrap();
        let sections = header.sections(endian, bytes).unwrap();
        let (_, section) = sections.section_by_name(endian, name.as_bytes()).unwrap();
        let flags: u64 = section.sh_flags(endian).into();
        let flag = u64::from(elf::SHF_LINK_ORDER);
        (flags & flag != 0).then(|| {
            assert_eq!(flags, flag | u64::from(elf::SHF_ALLOC), "{name}");
            section.sh_link(endian)
        })
    }

    #[test]
    fn each_table_is_tied_to_its_function_on_every_kind_of_processor() {
        for (processor, endian) in [
            (Architecture::X86_64, Endianness::Little),
            (Architecture::Arm, Endianness::Little),
            (Architecture::PowerPc, Endianness::Big),
            (Architecture::S390x, Endianness::Big),
        ] {
            let mut file = New::new(BinaryFormat::Elf, processor, endian);
            for name in ["often", "seldom", "lost"] {
                let name = format!(".gcc_except_table.{name}");
                section(&mut file, &name, SectionKind::ReadOnlyData);
            }
            section(&mut file, ".gcc_except_table", SectionKind::ReadOnlyData);
            section(&mut file, ".text.often", SectionKind::Text);
            section(&mut file, ".text.unlikely.seldom", SectionKind::Text);
            let before = file.write().unwrap();
            let mut bytes = before.clone();
            assert!(tie_all(&mut bytes), "{processor:?}");
            let parsed = object::File::parse(&*bytes).unwrap();
            let index = |name| parsed.section_by_name(name).unwrap().index().0 as u32;
            let tied_to = |name: &str| match parsed.is_64() {
                true => tied_to::<elf::FileHeader64<Endianness>>(&bytes, name),
                false => tied_to::<elf::FileHeader32<Endianness>>(&bytes, name),
            };
            for (name, function) in [
                ("often", Some(".text.often")),
                ("seldom", Some(".text.unlikely.seldom")),
                ("lost", None),
            ] {
                let table = format!(".gcc_except_table.{name}");
                let expected = function.map(index);
                assert_eq!(tied_to(&table), expected, "{processor:?}: {name}");
            }
            assert_eq!(tied_to(".gcc_except_table"), None, "{processor:?}");
            // Nothing else has changed, and nothing is left to do.
            let changed = before.iter().zip(&bytes).filter(|(old, new)| old != new);
            assert!(before.len() == bytes.len() && changed.count() <= 3 * 5);
            assert!(!tie_all(&mut bytes), "{processor:?}");
        }
    }

    #[test]
    fn what_is_no_object_file_stays_as_it_is() {
        for text in [
            "",
            "!<arch>\n",
            "\x7fELF .gcc_except_table.x",
            "!<arch>\n.gcc_except_table.x",
        ] {
            let mut bytes = text.as_bytes().to_vec();
            assert!(!tie_all(&mut bytes) && bytes == text.as_bytes(), "{text}");
        }
    }
}

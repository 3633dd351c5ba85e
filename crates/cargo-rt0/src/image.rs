//! A built file in memory: a shared library, an object file or an archive of them. It is never loaded.

use std::fs;
use std::path::{Path, PathBuf};

use object::read::archive::ArchiveFile;
use object::{Architecture, BinaryFormat, FileKind, Object, ObjectKind};
use rt0_abi::decode::shown;
pub(crate) use rt0_doctor::file::Budget;
use rt0_doctor::file::sections_overlap;

use crate::error::{Error, Result};
use crate::macho;
use crate::segments::is_program;

/// A file's bytes and where they came from.
pub struct Image {
    path: PathBuf,
    bytes: Vec<u8>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// A shared library.
    SharedLibrary,
    /// A program.
    Program,
    /// An object file, not yet linked.
    Object,
    /// An archive of object files.
    Archive,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeFor {
    /// `linux`, `macos`, `windows`.
    pub system: &'static str,
    /// The processor as `uname -m` says it there: `x86_64`, `arm64`.
    pub processor: &'static str,
    /// The first two numbers of the oldest version of the system, if the file has them.
    pub oldest: Option<(u32, u32)>,
}

impl Image {
    /// Reads the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn open(path: &Path) -> Result<Image> {
        let bytes = fs::read(path)
            .map_err(|e| Error::input(format!("cannot read {}", path.display())).because(e))?;
        Ok(Image::from_bytes(path, bytes))
    }

    /// A file whose bytes are already in memory; `path` is for messages.
    pub fn from_bytes(path: &Path, bytes: Vec<u8>) -> Image {
        let path = path.to_owned();
        Image { path, bytes }
    }

    /// Where it came from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's name without `lib` and its ending: `search` for `libsearch.so.1`.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_prefix("lib").unwrap_or(&name);
        name.split('.').next().unwrap_or_default().to_owned()
    }

    /// The file's size in bytes.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What it is for.
    ///
    /// # Errors
    /// As [`Image::objects`], or it is for a processor or a system that rt0 does not know.
    pub fn made_for(&self) -> Result<MadeFor> {
        let objects = self.objects()?;
        let Some(object) = objects.first() else {
            return Err(self.error("is an archive with no object files"));
        };
        let little = object.is_little_endian();
        let mac = matches!(object.format(), BinaryFormat::MachO);
        let processor = match object.architecture() {
            Architecture::X86_64 => "x86_64",
            Architecture::I386 => "i686",
            Architecture::Aarch64 if mac => "arm64",
            Architecture::Aarch64 => "aarch64",
            Architecture::Arm => "armv7l",
            Architecture::Riscv64 => "riscv64",
            Architecture::S390x => "s390x",
            Architecture::PowerPc64 if little => "ppc64le",
            Architecture::PowerPc64 => "ppc64",
            Architecture::LoongArch64 => "loongarch64",
            _ => return Err(self.error("is for a processor that packages have no name for")),
        };
        let (system, oldest) = match object {
            object::File::MachO64(file) => ("macos", self.oldest_macos(file)?),
            object::File::Coff(_) | object::File::CoffBig(_) => ("windows", None),
            object::File::Pe32(_) | object::File::Pe64(_) => ("windows", None),
            _ => ("linux", None),
        };
        Ok(MadeFor {
            system,
            processor,
            oldest,
        })
    }

    /// The oldest macOS that can load the file, if it says so.
    fn oldest_macos(&self, file: &macho::File<'_>) -> Result<Option<(u32, u32)>> {
        let commands =
            macho::read(file).map_err(|e| self.error("is damaged or truncated").because(e))?;
        match commands.system {
            Some(system) if system.platform != object::macho::PLATFORM_MACOS => {
                let name = system.name();
                Err(self.error(&format!("is for {name}: packages have no name for that")))
            }
            system => Ok(system.map(|system| system.oldest.major_minor())),
        }
    }

    /// The object files in it: the file itself, or an archive's members.
    ///
    /// # Errors
    /// It is not an object file or an archive of them, has another format, or is truncated.
    pub fn objects(&self) -> Result<Vec<object::File<'_>>> {
        match self.kind()? {
            kind if is_known(kind) => Ok(vec![self.parse(&self.bytes)?]),
            FileKind::Archive => self.members(),
            kind => Err(self.other_format(kind)),
        }
    }

    /// What the file is.
    ///
    /// # Errors
    /// As [`Image::objects`].
    pub fn shape(&self) -> Result<Shape> {
        if self.kind()? == FileKind::Archive {
            return Ok(Shape::Archive);
        }
        let objects = self.objects()?;
        // To the file's header, a program that can be placed anywhere is a shared object.
        Ok(match objects.first().map(Object::kind) {
            Some(ObjectKind::Relocatable) => Shape::Object,
            Some(ObjectKind::Executable) => Shape::Program,
            _ if objects.first().is_some_and(is_program) => Shape::Program,
            _ => Shape::SharedLibrary,
        })
    }

    fn kind(&self) -> Result<FileKind> {
        FileKind::parse(&*self.bytes).map_err(|_| {
            let what = if self.bytes.is_empty() {
                "is empty"
            } else if b"\x7fELF".starts_with(&self.bytes) || self.bytes.starts_with(b"\x7fELF") {
                "is truncated"
            } else {
                "is not an object file, a library or an archive"
            };
            self.error(what)
        })
    }

    /// How many bytes of names may be taken out of this file.
    pub(crate) fn budget(&self) -> Budget {
        Budget::of(self.bytes.len())
    }

    fn parse<'a>(&self, bytes: &'a [u8]) -> Result<object::File<'a>> {
        let file = object::File::parse(bytes)
            .map_err(|e| self.error("is damaged or truncated").because(e))?;
        if sections_overlap(&file, bytes) {
            return Err(self.error("is damaged: its sections overlap"));
        }
        Ok(file)
    }

    fn members(&self) -> Result<Vec<object::File<'_>>> {
        let damaged = |e| self.error("is a damaged or truncated archive").because(e);
        let bytes = &*self.bytes;
        let archive = ArchiveFile::parse(bytes).map_err(damaged)?;
        if archive.is_thin() {
            return Err(self.error("is a thin archive: its members are in other files"));
        }
        let mut objects = Vec::new();
        let mut other = None;
        let mut left = bytes.len();
        for member in archive.members() {
            let data = member.and_then(|m| m.data(bytes)).map_err(damaged)?;
            // An empty member counts as one byte, so that a damaged archive cannot list them without end.
            left = left
                .checked_sub(data.len().max(1))
                .ok_or_else(|| self.error("is a damaged archive: its members overlap"))?;
            match FileKind::parse(data) {
                Ok(kind) if is_known(kind) => objects.push(self.parse(data)?),
                Ok(kind) => other = Some(kind),
                // Metadata of the Rust compiler, or a text: neither a linker nor we read it.
                Err(_) => {}
            }
        }
        match (objects.is_empty(), other) {
            (true, Some(kind)) => Err(self.other_format(kind)),
            (true, None) => Err(self.error("is an archive with no object files")),
            (false, _) => Ok(objects),
        }
    }

    fn other_format(&self, kind: FileKind) -> Error {
        self.error(&match kind {
            FileKind::MachOFat32 | FileKind::MachOFat64 => {
                "is a universal file (macOS), with a library for each of several processors: take out one of them \
                 first, for example with `lipo -thin arm64 FILE -output ONE`"
                    .to_owned()
            }
            FileKind::MachO32 => {
                "is a Mach-O file with 32 bits, which no macOS since 10.15 can load".to_owned()
            }
            kind => format!(
                "is a file of another format ({kind:?}): this version reads only ELF, Mach-O and PE files"
            ),
        })
    }

    /// An error about this file.
    pub fn error(&self, what: &str) -> Error {
        let path = self.path.display().to_string();
        let path: String = path.chars().map(shown).collect();
        Error::input(format!("{path} {what}"))
    }
}

/// Formats that are read: ELF, Mach-O with 64 bits, and PE with its object files.
fn is_known(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Elf32
            | FileKind::Elf64
            | FileKind::MachO64
            | FileKind::Pe32
            | FileKind::Pe64
            | FileKind::Coff
            | FileKind::CoffBig
    )
}

//! Makes an archive refer strongly to names of the C library.
//!
//! rt0 refers to them weakly, because it also runs without a C library. A linker takes nothing out of an
//! archive for a weak name, so a statically linked program would have none of them. No linker option makes a
//! weak name strong in relocatable output.

use object::elf;
use object::read::elf::{FileHeader, SectionHeader, Sym};
use object::read::{FileKind, Result};

/// Makes weak undefined symbols of these names strong ones.
///
/// # Errors
/// The bytes are not an object file.
pub fn strengthen(bytes: &mut [u8], names: &[&str]) -> Result<()> {
    let places = match FileKind::parse(&*bytes)? {
        FileKind::Elf32 => places::<elf::FileHeader32<object::Endianness>>(bytes, names)?,
        FileKind::Elf64 => places::<elf::FileHeader64<object::Endianness>>(bytes, names)?,
        _ => return Ok(()),
    };
    for at in places {
        if let Some(info) = bytes.get_mut(at) {
            *info = elf::STB_GLOBAL << 4 | *info & 0xf;
        }
    }
    Ok(())
}

/// The offsets in the file of the bytes that hold the symbols' binding.
fn places<Elf: FileHeader<Endian = object::Endianness>>(
    bytes: &[u8],
    names: &[&str],
) -> Result<Vec<usize>> {
    let header = Elf::parse(bytes)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, bytes)?;
    let symbols = sections.symbols(endian, bytes, elf::SHT_SYMTAB)?;
    let table: u64 = sections
        .section(symbols.section())?
        .sh_offset(endian)
        .into();
    // `st_info` in `Elf64_Sym` and `Elf32_Sym`.
    let info = if header.is_type_64() { 4 } else { 12 };
    let mut out = Vec::new();
    for (index, symbol) in symbols.enumerate() {
        let name = symbol.name(endian, symbols.strings())?;
        let is_meant = symbol.is_undefined(endian)
            && symbol.st_bind() == elf::STB_WEAK
            && names.iter().any(|wanted| wanted.as_bytes() == name);
        if is_meant && let Ok(table) = usize::try_from(table) {
            out.push(table + index.0 * size_of::<Elf::Sym>() + info);
        }
    }
    Ok(out)
}

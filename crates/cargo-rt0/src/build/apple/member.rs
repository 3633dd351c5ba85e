//! One object file: its symbols and the names of its sections. Nothing else is moved or changed, but the table of names
//! at the file's end.

use object::endian::LittleEndian as Little;
use object::macho::{
    self, LoadCommand, MachHeader64, Nlist64, Section64, SegmentCommand64, SymtabCommand,
};
use object::{BigEndian, pod};

use super::names::{Fate, Names};

type Header = MachHeader64<Little>;
type Symbol = Nlist64<Little>;
type Segment = SegmentCommand64<Little>;
type Section = Section64<Little>;
type Table = SymtabCommand<Little>;

const NO_OBJECT: &str = "is not a Mach-O object file with 64 bits: symbols can be hidden in no other (with \
                         link-time optimisation by the linker, such files are LLVM's bitcode)";
const DAMAGED: &str = "is a damaged object file";

/// Where a file has what is rewritten.
struct Places {
    /// The command that names the two tables.
    symtab: usize,
    symbols: usize,
    count: usize,
    strings: usize,
    strings_len: usize,
    /// The sections.
    sections: Vec<usize>,
}

impl Places {
    /// `None` if the file has no symbols.
    fn of(bytes: &[u8]) -> Result<Option<Places>, &'static str> {
        let (header, _) = pod::from_bytes::<Header>(bytes).map_err(|()| NO_OBJECT)?;
        let is_object = header.magic.get(BigEndian) == macho::MH_CIGAM_64
            && header.filetype.get(Little) == macho::MH_OBJECT;
        if !is_object {
            return Err(NO_OBJECT);
        }
        let (mut at, mut symtab, mut sections) = (size_of::<Header>(), None, Vec::new());
        for _ in 0..header.ncmds.get(Little) {
            let command: &LoadCommand<Little> = read(bytes, at)?;
            let size = command.cmdsize.get(Little) as usize;
            match command.cmd.get(Little) {
                macho::LC_SEGMENT_64 => {
                    let segment: &Segment = read(bytes, at)?;
                    let count = segment.nsects.get(Little) as usize;
                    // Each has its room in the command.
                    let room = size.saturating_sub(size_of::<Segment>());
                    if count > room / size_of::<Section>() {
                        return Err(DAMAGED);
                    }
                    let first = at + size_of::<Segment>();
                    sections.extend((0..count).map(|n| first + n * size_of::<Section>()));
                }
                macho::LC_SYMTAB => symtab = Some(at),
                _ => {}
            }
            if size == 0 {
                return Err(DAMAGED);
            }
            at = at.checked_add(size).ok_or(DAMAGED)?;
        }
        let Some(symtab) = symtab else {
            return Ok(None);
        };
        let table: &Table = read(bytes, symtab)?;
        let numbers = [table.symoff, table.nsyms, table.stroff, table.strsize];
        let [symbols, count, strings, strings_len] = numbers.map(|n| n.get(Little) as usize);
        let fits = |at: usize, len: Option<usize>| {
            let end = len.and_then(|len| at.checked_add(len));
            end.is_some_and(|end| end <= bytes.len())
        };
        if !fits(symbols, count.checked_mul(size_of::<Symbol>()))
            || !fits(strings, Some(strings_len))
        {
            return Err(DAMAGED);
        }
        Ok(Some(Places {
            symtab,
            symbols,
            count,
            strings,
            strings_len,
            sections,
        }))
    }

    fn symbol(&self, n: usize) -> usize {
        self.symbols + n * size_of::<Symbol>()
    }

    /// The name at this place in the table of names.
    fn name<'a>(&self, bytes: &'a [u8], at: u32) -> Result<&'a [u8], &'static str> {
        let table = &bytes[self.strings..self.strings + self.strings_len];
        let rest = table.get(at as usize..).ok_or(DAMAGED)?;
        let end = rest.iter().position(|byte| *byte == 0).ok_or(DAMAGED)?;
        Ok(&rest[..end])
    }
}

fn read<T: pod::Pod>(bytes: &[u8], at: usize) -> Result<&T, &'static str> {
    let rest = bytes.get(at..).ok_or(DAMAGED)?;
    pod::from_bytes(rest)
        .map(|(value, _)| value)
        .map_err(|()| DAMAGED)
}

fn change<T: pod::Pod>(bytes: &mut [u8], at: usize) -> Result<&mut T, &'static str> {
    let rest = bytes.get_mut(at..).ok_or(DAMAGED)?;
    pod::from_bytes_mut(rest)
        .map(|(value, _)| value)
        .map_err(|()| DAMAGED)
}

/// Whether other object files can refer to it, as to something that this one defines.
fn is_definition(symbol: &Symbol) -> bool {
    let is_external = symbol.n_type & macho::N_STAB == 0 && symbol.n_type & macho::N_EXT != 0;
    let kind = symbol.n_type & macho::N_TYPE;
    // Room that the linker is to make has no section either, but a size.
    is_external && (kind != macho::N_UNDF || symbol.n_value.get(Little) != 0)
}

/// Passes on the names that the object file defines for others.
///
/// # Errors
/// It is not an object file, or is damaged.
pub fn defined(bytes: &[u8], mut take: impl FnMut(&[u8])) -> Result<(), &'static str> {
    let Some(places) = Places::of(bytes)? else {
        return Ok(());
    };
    for n in 0..places.count {
        let symbol: &Symbol = read(bytes, places.symbol(n))?;
        if is_definition(symbol) {
            take(places.name(bytes, symbol.n_strx.get(Little))?);
        }
    }
    Ok(())
}

/// The object file with these names, in which only what may be visible is.
///
/// # Errors
/// As [`defined`].
pub fn rewrite(bytes: &[u8], names: &Names) -> Result<Vec<u8>, &'static str> {
    let mut out = bytes.to_vec();
    let Some(places) = Places::of(bytes)? else {
        return Ok(out);
    };
    for &at in &places.sections {
        let section: &mut Section = change(&mut out, at)?;
        let len = section.sectname.iter().position(|byte| *byte == 0);
        let name = &section.sectname[..len.unwrap_or(section.sectname.len())];
        if let Some(name) = names.section(name) {
            section.sectname = name;
        }
    }
    // The first byte is the empty name.
    let mut strings = vec![0];
    for n in 0..places.count {
        let at = places.symbol(n);
        let mut add = |at: u32, is_external: bool| -> Result<u32, &'static str> {
            let name = places.name(bytes, at)?;
            if name.is_empty() {
                return Ok(0);
            }
            let new = u32::try_from(strings.len()).map_err(|_| DAMAGED)?;
            match is_external {
                true => strings.extend(names.of(name)),
                false => strings.extend_from_slice(name),
            }
            strings.push(0);
            Ok(new)
        };
        let symbol: &mut Symbol = change(&mut out, at)?;
        let is_stab = symbol.n_type & macho::N_STAB != 0;
        let is_external = !is_stab && symbol.n_type & macho::N_EXT != 0;
        let old = symbol.n_strx.get(Little);
        if is_definition(symbol) {
            let fate = names.fate(places.name(bytes, old)?);
            if fate != Fate::Visible {
                symbol.n_type |= macho::N_PEXT;
            }
            if fate == Fate::Shared {
                let flags = symbol.n_desc.get(Little) | macho::N_WEAK_DEF;
                symbol.n_desc.set(Little, flags);
            }
        }
        symbol.n_strx.set(Little, add(old, is_external)?);
        // Another name for a symbol says which.
        if !is_stab && symbol.n_type & macho::N_TYPE == macho::N_INDR {
            let other = u32::try_from(symbol.n_value.get(Little)).map_err(|_| DAMAGED)?;
            symbol.n_value.set(Little, add(other, true)?.into());
        }
    }
    // The table of names is the last thing in files of LLVM's. Where it is not, its place stays unused.
    let mut start = places.strings;
    if places.strings + places.strings_len != out.len() {
        start = out.len().next_multiple_of(8);
    }
    out.resize(start, 0);
    out.extend_from_slice(&strings);
    let table: &mut Table = change(&mut out, places.symtab)?;
    let number = |value: usize| u32::try_from(value).map_err(|_| DAMAGED);
    table.stroff.set(Little, number(start)?);
    table.strsize.set(Little, number(strings.len())?);
    Ok(out)
}

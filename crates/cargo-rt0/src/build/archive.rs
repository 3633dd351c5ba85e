//! An archive with one member, in the format that every Unix linker reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use object::read::archive::ArchiveFile;

use super::prelink;
use super::tools::Tools;
use crate::error::{Error, Result};

/// Makes the archive from the compiler's archive and returns its bytes.
///
/// # Errors
/// As [`prelink::prelink`].
pub fn make(
    compiled: &Path,
    name: &str,
    symbols: &[String],
    extras: &prelink::Extras<'_>,
    prefix: &str,
    tools: &Tools,
) -> Result<Vec<u8>> {
    let dir = tempfile::tempdir()
        .map_err(|e| Error::failed("cannot make a temporary directory").because(e))?;
    let object = prelink::prelink(compiled, symbols, extras, prefix, tools, dir.path())?;
    Ok(one_member(&format!("{name}.o"), symbols, &object))
}

/// The names in an archive's index. The compiler writes the index even when only it can read the members.
/// Empty if the file is not an archive.
pub fn index(path: &Path) -> BTreeSet<String> {
    let bytes = fs::read(path).unwrap_or_default();
    let archive = ArchiveFile::parse(&*bytes).ok();
    let symbols = archive.and_then(|archive| archive.symbols().ok().flatten());
    let symbols = symbols.into_iter().flatten().flatten();
    symbols
        .map(|symbol| String::from_utf8_lossy(symbol.name()).into_owned())
        .collect()
}

/// The crate's own names in an archive made by the compiler, including names that the C library has too: all
/// but Rust's own symbols.
pub fn own(path: &Path, crate_name: &str) -> BTreeSet<String> {
    let bytes = fs::read(path).unwrap_or_default();
    let Ok(archive) = ArchiveFile::parse(&*bytes) else {
        return BTreeSet::new();
    };
    let symbols = archive.symbols().ok().flatten();
    let mut out = BTreeSet::new();
    for symbol in symbols.into_iter().flatten().flatten() {
        let rest = archive
            .member(symbol.offset())
            .ok()
            .and_then(|member| member.name().strip_prefix(crate_name.as_bytes()));
        let is_own = rest.is_some_and(|rest| rest.starts_with(b".") || rest.starts_with(b"-"));
        let name = String::from_utf8_lossy(symbol.name()).into_owned();
        let is_rusts = ["_R", "_ZN", "__rust", "rust_", "anon."]
            .iter()
            .any(|start| name.starts_with(start));
        if is_own && !is_rusts {
            out.insert(name);
        }
    }
    out
}

/// The archive of one object file, with the index of its symbols. Times and owners are zero, so the same
/// object file gives the same archive.
fn one_member(name: &str, symbols: &[String], object: &[u8]) -> Vec<u8> {
    // The index holds the number of symbols, the offset of each one's member, and the names. A member's name
    // of more than 15 bytes goes into a member of its own.
    let long = name.len() > 15;
    let names = if long {
        format!("{name}/\n")
    } else {
        String::new()
    };
    let mut texts: Vec<u8> = Vec::new();
    for symbol in symbols {
        texts.extend_from_slice(symbol.as_bytes());
        texts.push(0);
    }
    let even = |len: usize| len + len % 2;
    let index_len = 4 + 4 * symbols.len() + texts.len();
    let names_len = if long { HEADER + even(names.len()) } else { 0 };
    let member_at = MAGIC.len() + HEADER + even(index_len) + names_len;

    let mut index = (symbols.len() as u32).to_be_bytes().to_vec();
    for _ in symbols {
        index.extend_from_slice(&(member_at as u32).to_be_bytes());
    }
    index.extend_from_slice(&texts);

    let mut out = MAGIC.to_vec();
    member(&mut out, "/", &index);
    if long {
        member(&mut out, "//", names.as_bytes());
        member(&mut out, "/0", object);
    } else {
        member(&mut out, &format!("{name}/"), object);
    }
    out
}

const MAGIC: &[u8] = b"!<arch>\n";
const HEADER: usize = 60;

fn member(out: &mut Vec<u8>, name: &str, data: &[u8]) {
    let header = format!(
        "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
        0,
        0,
        0,
        "644",
        data.len()
    );
    out.extend_from_slice(header.as_bytes());
    out.extend_from_slice(data);
    if data.len() % 2 == 1 {
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use object::read::archive::ArchiveFile;

    #[test]
    fn the_archive_reads_back() {
        for name in ["short.o", "a_name_of_more_than_fifteen_bytes.o"] {
            let symbols = ["x_a", "x_bcd"].map(String::from);
            let bytes = super::one_member(name, &symbols, b"odd");
            let archive = ArchiveFile::parse(&*bytes).unwrap();
            let members: Vec<_> = archive.members().map(Result::unwrap).collect();
            assert_eq!(members.len(), 1);
            assert_eq!(members[0].name(), name.as_bytes());
            assert_eq!(members[0].data(&*bytes).unwrap(), b"odd");
            let index = archive.symbols().unwrap().unwrap();
            for (entry, name) in index.map(Result::unwrap).zip(["x_a", "x_bcd"]) {
                assert_eq!(entry.name(), name.as_bytes());
                let found = archive.member(entry.offset()).unwrap();
                assert_eq!(found.data(&*bytes).unwrap(), b"odd");
            }
        }
    }
}

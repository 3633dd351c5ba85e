//! Archives as Apple's linkers read them: BSD's, with an index of the symbols.

/// A member.
pub struct Member {
    /// Its name.
    pub name: Vec<u8>,
    /// Its contents.
    pub data: Vec<u8>,
}

const MAGIC: &[u8] = b"!<arch>\n";
const HEADER: usize = 60;

/// Apple's linkers want every object file to begin at a multiple of eight bytes.
const ALIGN: usize = 8;

/// The archive. `index`: each symbol, and the number of the member that defines it. Times and owners are zero, so the
/// same members give the same archive. `None` if it is too large for its index.
pub fn write(members: &[Member], index: &[(Vec<u8>, usize)]) -> Option<Vec<u8>> {
    let mut names = Vec::new();
    let mut starts = Vec::new();
    for (name, _) in index {
        starts.push(u32::try_from(names.len()).ok()?);
        names.extend_from_slice(name);
        names.push(0);
    }
    names.resize(names.len().next_multiple_of(ALIGN), 0);
    let pairs = u32::try_from(8 * index.len()).ok()?;
    // Its length does not depend on what is in it.
    let table = |places: &[u32]| {
        let mut table = pairs.to_le_bytes().to_vec();
        for (start, (_, member)) in starts.iter().zip(index) {
            let at = places.get(*member).copied().unwrap_or_default();
            table.extend_from_slice(&start.to_le_bytes());
            table.extend_from_slice(&at.to_le_bytes());
        }
        table.extend_from_slice(&(names.len() as u32).to_le_bytes());
        table.extend_from_slice(&names);
        table
    };
    let mut at = MAGIC.len();
    at += size(at, INDEX, table(&[]).len());
    let mut places = Vec::new();
    for member in members {
        places.push(u32::try_from(at).ok()?);
        at += size(at, &member.name, member.data.len());
    }
    let mut out = MAGIC.to_vec();
    add(&mut out, INDEX, &table(&places));
    for member in members {
        add(&mut out, &member.name, &member.data);
    }
    Some(out)
}

const INDEX: &[u8] = b"__.SYMDEF";

/// The length of a name that is written at `at` behind its member's header, so that the data after it is aligned.
fn name_len(at: usize, name: &[u8]) -> usize {
    let start = at + HEADER;
    (start + name.len() + 1).next_multiple_of(ALIGN) - start
}

fn size(at: usize, name: &[u8], data: usize) -> usize {
    HEADER + name_len(at, name) + data.next_multiple_of(ALIGN)
}

fn add(out: &mut Vec<u8>, name: &[u8], data: &[u8]) {
    let len = name_len(out.len(), name);
    let padded = data.len().next_multiple_of(ALIGN);
    let header = format!(
        "{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
        format!("#1/{len}"),
        0,
        0,
        0,
        "644",
        len + padded
    );
    out.extend_from_slice(header.as_bytes());
    let end = out.len() + len;
    out.extend_from_slice(name);
    out.resize(end, 0);
    out.extend_from_slice(data);
    out.resize(end + padded, b'\n');
}

#[cfg(test)]
mod tests {
    use object::read::archive::ArchiveFile;

    use super::{ALIGN, Member, write};

    #[test]
    fn the_archive_reads_back() {
        let member = |name: &str, data: &str| Member {
            name: name.as_bytes().to_vec(),
            data: data.as_bytes().to_vec(),
        };
        let members = [
            member("a.o", "odd"),
            member("a_name_of_more_than_sixteen_bytes.o", "12345678"),
        ];
        let index = [(b"_x".to_vec(), 1), (b"_longer".to_vec(), 0)];
        let bytes = write(&members, &index).unwrap();
        let archive = ArchiveFile::parse(&*bytes).unwrap();
        let found: Vec<_> = archive.members().map(Result::unwrap).collect();
        assert_eq!(found.len(), 2);
        for (found, member) in found.iter().zip(&members) {
            assert_eq!(found.name(), member.name);
            let data = found.data(&*bytes).unwrap();
            assert!(data.starts_with(&member.data));
            assert_eq!(found.file_range().0 % ALIGN as u64, 0);
        }
        let symbols = archive.symbols().unwrap().unwrap();
        for (entry, (name, member)) in symbols.map(Result::unwrap).zip(&index) {
            assert_eq!(entry.name(), name);
            let found = archive.member(entry.offset()).unwrap();
            assert_eq!(found.name(), members[*member].name);
        }
    }
}

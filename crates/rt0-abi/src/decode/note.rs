//! The notes of a section, and the items of a note.

use crate::record::tag;

pub struct Note<'a> {
    pub kind: u32,
    pub name: &'a [u8],
    pub desc: &'a [u8],
    pub len: usize,
}

impl<'a> Note<'a> {
    pub fn read(bytes: &'a [u8], big_endian: bool) -> Result<Note<'a>, &'static str> {
        let word = |at: usize| -> Result<u32, &'static str> {
            let raw = bytes
                .get(at..at + 4)
                .ok_or("a note's header is truncated")?;
            let raw = [raw[0], raw[1], raw[2], raw[3]];
            Ok(if big_endian {
                u32::from_be_bytes(raw)
            } else {
                u32::from_le_bytes(raw)
            })
        };
        let (name_len, desc_len, kind) = (word(0)? as usize, word(4)? as usize, word(8)?);
        let name = slice(bytes, 12, name_len).ok_or("a note's name is truncated")?;
        let desc_at = name_len
            .checked_next_multiple_of(4)
            .and_then(|len| len.checked_add(12))
            .ok_or("a note's name has an impossible length")?;
        let desc = slice(bytes, desc_at, desc_len).ok_or("a note's content is truncated")?;
        let len = (desc_at + desc_len).next_multiple_of(4).min(bytes.len());
        Ok(Note {
            kind,
            name,
            desc,
            len,
        })
    }
}

fn slice(bytes: &[u8], at: usize, len: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(len)?)
}

/// The items of a record, in order.
#[derive(Clone, Copy)]
pub struct Items<'a>(pub &'a [u8]);

impl<'a> Iterator for Items<'a> {
    type Item = Result<(u8, &'a [u8]), &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        let (&tag, rest) = self.0.split_first()?;
        let body = rest.split_first_chunk::<4>().and_then(|(len, rest)| {
            let len = u32::from_le_bytes(*len) as usize;
            (len <= rest.len()).then(|| rest.split_at(len))
        });
        let Some((body, rest)) = body else {
            self.0 = &[];
            return Some(Err("an item is longer than its record"));
        };
        self.0 = rest;
        Some(Ok((tag, body)))
    }
}

/// The place in the source from which a record was made, as far as the record says so.
pub fn place(desc: &[u8]) -> (&[u8], i64) {
    let mut place = (&[][..], 0);
    for (tag, body) in Items(desc).flatten() {
        match tag {
            tag::FILE => place.0 = body,
            tag::LINE => place.1 = number(body).unwrap_or(0),
            _ => {}
        }
    }
    place
}

pub fn text(body: &[u8]) -> Result<&str, &'static str> {
    core::str::from_utf8(body).map_err(|_| "a text is not UTF-8")
}

pub fn number(body: &[u8]) -> Result<i64, &'static str> {
    let raw = body
        .try_into()
        .map_err(|_| "a number does not have eight bytes")?;
    Ok(i64::from_le_bytes(raw))
}

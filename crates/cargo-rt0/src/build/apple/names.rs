//! What the symbols and sections of an archive are called in the end.

use std::collections::HashSet;
use std::hash::Hasher;

/// How C's names begin.
const C: u8 = b'_';

/// All archives of Rust have it, and it is the same in all. It can't get another name in each: the table by which
/// exceptions are unwound has room for three such functions in a whole file, C++'s and Objective-C's among them.
const PERSONALITY: &[u8] = b"_rust_eh_personality";

/// The linker defines names that begin so: the bounds of a section.
const BOUNDS: [&[u8]; 2] = [b"section$start$", b"section$end$"];

/// Sections by which the core finds what a library has. A linker puts sections of one name together, those of two
/// libraries, too.
const FOUND: [&str; 3] = ["__rt0_init", "__rt0_main", "__rt0_exit"];

/// The core takes a section of this name for the sign that it is in an archive. No archive has such a section: the
/// bounds of the code stand for it, which is never empty.
const MARK: &str = "__DATA$__rt0_in_archive";
const CODE: &[u8] = b"__TEXT$__text";

/// The names of one archive.
pub struct Names {
    visible: HashSet<Vec<u8>>,
    defined: HashSet<Vec<u8>>,
    /// What the names of hidden symbols end with: demanglers and debuggers leave out what follows a dot.
    ending: Vec<u8>,
    /// What fits into the name of a section, which has sixteen characters.
    short: String,
}

/// What becomes of a symbol that the archive defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Other files see it.
    Visible,
    /// It is hidden.
    Hidden,
    /// It is hidden, and a second definition is no error.
    Shared,
}

impl Names {
    /// Of the archive of a library with this prefix, which no other library in a program has. `visible`: C's names.
    pub fn new(visible: &[String], prefix: &str) -> Names {
        let with_underscore = |name: &String| [&[C], name.as_bytes()].concat();
        Names {
            visible: visible.iter().map(with_underscore).collect(),
            defined: HashSet::new(),
            ending: format!(".{prefix}").into_bytes(),
            short: short(prefix),
        }
    }

    /// Some member defines this name.
    pub fn define(&mut self, name: &[u8]) {
        self.defined.insert(name.to_vec());
    }

    /// What becomes of it where it is defined.
    pub fn fate(&self, name: &[u8]) -> Fate {
        match name {
            PERSONALITY => Fate::Shared,
            name if self.visible.contains(name) => Fate::Visible,
            _ => Fate::Hidden,
        }
    }

    /// What it is called, where it is defined and where it is referred to.
    pub fn of(&self, name: &[u8]) -> Vec<u8> {
        if let Some(bound) = BOUNDS.iter().find(|bound| name.starts_with(bound)) {
            let section = &name[bound.len()..];
            let section = match section == MARK.as_bytes() {
                true => CODE.to_vec(),
                false => self.bounded(section),
            };
            return [bound, &*section].concat();
        }
        let hidden = self.defined.contains(name) && self.fate(name) == Fate::Hidden;
        match hidden {
            true => [name, &self.ending].concat(),
            false => name.to_vec(),
        }
    }

    /// A section of a segment, as the names of bounds have it.
    fn bounded(&self, section: &[u8]) -> Vec<u8> {
        let found = section
            .strip_prefix(b"__DATA$")
            .and_then(|name| self.section(name));
        match found {
            Some(name) => [b"__DATA$", &name[..]].concat(),
            None => section.to_vec(),
        }
    }

    /// What a section of this name is called, if that is another name.
    pub fn section(&self, name: &[u8]) -> Option<[u8; 16]> {
        let found = FOUND.iter().find(|found| found.as_bytes() == name)?;
        format!("{found}{}", self.short)
            .into_bytes()
            .try_into()
            .ok()
    }
}

/// Six characters for a prefix: two libraries in one program have the same in one of two thousand million cases.
fn short(prefix: &str) -> String {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    hasher.write(prefix.as_bytes());
    let mut left = hasher.finish();
    let mut digit = || {
        let digit = char::from_digit((left % 36) as u32, 36);
        left /= 36;
        digit
    };
    (0..6).map_while(|_| digit()).collect()
}

/// FNV-1a: the same in every version of this program, so the same crate gives the same archive.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, Names};

    fn names() -> Names {
        let mut names = Names::new(&["far_port".to_owned()], "far");
        for name in ["_far_port", "_leak", "_rust_eh_personality"] {
            names.define(name.as_bytes());
        }
        names
    }

    #[test]
    fn what_the_archive_defines_gets_an_ending_unless_others_may_see_it() {
        let names = names();
        let of = |name: &str| String::from_utf8(names.of(name.as_bytes())).unwrap();
        assert_eq!(of("_far_port"), "_far_port");
        assert_eq!(of("_leak"), "_leak.far");
        assert_eq!(of("_malloc"), "_malloc");
        assert_eq!(of("_rust_eh_personality"), "_rust_eh_personality");
        assert_eq!(names.fate(b"_far_port"), Fate::Visible);
        assert_eq!(names.fate(b"_leak"), Fate::Hidden);
        assert_eq!(names.fate(b"_rust_eh_personality"), Fate::Shared);
    }

    #[test]
    fn each_library_finds_what_is_its_own() {
        let names = names();
        let other = Names::new(&[], "other");
        let init = names.section(b"__rt0_init").unwrap();
        assert_eq!(init.len(), 16);
        assert!(init.starts_with(b"__rt0_init"));
        assert_ne!(other.section(b"__rt0_init"), Some(init));
        assert_eq!(names.section(b"__rt0_note"), None);
        let start = names.of(b"section$start$__DATA$__rt0_init");
        assert_eq!(start, [b"section$start$__DATA$", &init[..]].concat());
        let end = names.of(b"section$end$__DATA$__bss");
        assert_eq!(end, b"section$end$__DATA$__bss");
        let mark = names.of(b"section$start$__DATA$__rt0_in_archive");
        assert_eq!(mark, b"section$start$__TEXT$__text");
    }
}

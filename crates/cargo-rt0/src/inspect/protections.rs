//! Which protections a file has. They depend on how it was linked, so the file itself must show it.
//!
//! A function of the C library that the linker has replaced has a second name in the file that is linked, and
//! rt0 refers to that by a weak symbol. If the linker was not asked, nothing defines the symbol, and the file
//! still asks the loader for it.

use std::collections::BTreeSet;

use object::{BinaryFormat, Object, ObjectSymbol};
use rt0_abi::linking::{
    self, BOUND, DESCRIPTORS, PAGES, PINNED, PROTECTIONS, REPLACED, SYMBOLS, THREADS,
};
use serde::Serialize;

use super::{About, Link, Symbols};
use crate::error::{Error, Result};
use crate::image::Shape;

/// One protection.
#[derive(Clone, Debug, Serialize)]
pub struct Protection {
    /// Its name, for `--require`.
    pub name: &'static str,
    /// Whether the file has it.
    pub state: State,
    /// What follows, if it is missing; why it is not needed or not shown, if it is not.
    pub says: Option<String>,
}

/// Whether a file has a protection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It has it.
    Present,
    /// It has not.
    Missing,
    /// This kind of file does not need it.
    NotNeeded,
    /// It may have it: this kind of file does not show it.
    NotShown,
}

/// What to look at.
pub(super) struct File<'a, 'data> {
    pub objects: &'a [object::File<'data>],
    pub shape: Shape,
    pub std_inside: bool,
    pub library: Option<&'a About>,
    /// The functions that the library has its own of.
    pub own_functions: BTreeSet<&'a str>,
    pub link: Option<&'a Link>,
    pub symbols: &'a Symbols,
}

/// All protections, in the order of [`PROTECTIONS`].
pub(super) fn of(file: &File<'_, '_>) -> Vec<Protection> {
    let open = open(file);
    let all = PROTECTIONS.iter();
    all.map(|protection| {
        let (state, says) = match file.judge(protection, &open) {
            // Most linkers drop a program's open weak symbols.
            Ok(true) if file.shape == Shape::Program && !protection.functions.is_empty() => {
                let says =
                    "a program shows only what it lacks, and not always that; NAME_report knows";
                (State::NotShown, Some(says.to_owned()))
            }
            Ok(true) => (State::Present, None),
            Ok(false) => (State::Missing, Some(protection.without.to_owned())),
            Err(why) => (State::NotNeeded, Some(why.to_owned())),
        };
        Protection {
            name: protection.name,
            state,
            says,
        }
    })
    .collect()
}

/// The names that `--require` gives, which `all` can stand for.
///
/// # Errors
/// There is no such protection.
pub fn required(names: &[String]) -> Result<BTreeSet<&'static str>> {
    let mut out = BTreeSet::new();
    for name in names {
        let known = PROTECTIONS.iter().map(|protection| protection.name);
        if name == "all" {
            out.extend(known);
        } else if let Some(known) = known.clone().find(|known| known == name) {
            out.insert(known);
        } else {
            let known: Vec<_> = known.collect();
            return Err(Error::input(format!(
                "there is no protection `{name}`: --require takes all, or some of {}",
                known.join(", ")
            )));
        }
    }
    Ok(out)
}

/// What of C's functions the file still asks for under the name that `-wrap` would have given them.
fn open(file: &File<'_, '_>) -> BTreeSet<String> {
    let linked = matches!(file.shape, Shape::SharedLibrary | Shape::Program);
    let objects = file.objects.iter();
    objects
        .flat_map(|object| match linked {
            true => object.dynamic_symbols(),
            false => object.symbols(),
        })
        .filter(|symbol| symbol.is_undefined())
        .filter_map(|symbol| symbol.name().ok()?.strip_prefix(REPLACED))
        .map(str::to_owned)
        .collect()
}

/// Whether a file has a protection, or why it needs none.
type Judged = std::result::Result<bool, &'static str>;

impl File<'_, '_> {
    /// Whether it has this protection, or why it needs none.
    fn judge(&self, protection: &linking::Protection, open: &BTreeSet<String>) -> Judged {
        let format = self.objects.first().map(object::File::format);
        match (protection.name, self.link) {
            (name, _) if name == SYMBOLS.name => match self.symbols.checked {
                true => Ok(self.symbols.surplus.is_empty()),
                false => Err("not compared in this kind of file"),
            },
            (name, link) if name == PAGES.name => self.pages(link),
            _ if matches!(format, Some(BinaryFormat::Pe | BinaryFormat::Coff)) => {
                Err("Windows needs no linker for it")
            }
            (name, _) if format == Some(BinaryFormat::MachO) => match name {
                _ if name == PINNED.name => Err("on Apple's systems the library pins itself"),
                _ if name == BOUND.name => {
                    Err("Apple's linkers have seen every symbol in the library that they name")
                }
                // Nothing does that there.
                _ if name == DESCRIPTORS.name => match self.has_tokio() {
                    true => Ok(false),
                    false => Err("there is no tokio inside"),
                },
                _ => Err("Apple's systems need no linker for it"),
            },
            (name, _) if name == PINNED.name && self.shape == Shape::Program => {
                Err("a program is not unmapped")
            }
            (name, Some(link)) if name == PINNED.name => match self.std_inside {
                true => Ok(link.pinned),
                false => Err("without std inside it can be unmapped"),
            },
            (name, Some(link)) if name == BOUND.name => Ok(link.bind_now),
            (name, None) if name == PINNED.name || name == BOUND.name => {
                Err("that is up to the file that it is linked into")
            }
            _ => self.by_functions(protection, open),
        }
    }

    /// Only Android's devices refuse a file for its alignment. A kernel for servers that has large pages comes with
    /// linkers that know it.
    fn pages(&self, link: Option<&Link>) -> Judged {
        let wide = self.objects.first().is_some_and(Object::is_64);
        match link.map(|link| (link.android, link.aligned)) {
            Some((true, Some(aligned))) if wide => Ok(aligned >= linking::PAGE_OF_ANDROID),
            Some((true, _)) => Err("with 32 bits there are only small pages"),
            Some((false, Some(aligned))) if wide && aligned < linking::PAGE_OF_ANDROID => {
                Err("its parts are aligned to less than 16 KiB, which only Android refuses")
            }
            Some((false, Some(_))) => Err("only files for Android must fit large pages"),
            Some((false, None)) => Err("this system has one size of pages for each processor"),
            None => Err("that is up to the file that it is linked into"),
        }
    }

    fn has_tokio(&self) -> bool {
        self.library.is_none_or(|about| about.runtime != "none")
    }

    fn by_functions(&self, protection: &linking::Protection, open: &BTreeSet<String>) -> Judged {
        if self.own_functions.is_empty() {
            return Err("the library has no functions of its own for it");
        }
        if protection.name != THREADS.name && !self.has_tokio() {
            return Err("there is no tokio inside");
        }
        let mut own = protection.functions.iter();
        Ok(own.all(|name| !self.own_functions.contains(name) || !open.contains(*name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// This test is a program, and has no such symbols.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_does_not_pass_for_protected() {
        let path = std::env::current_exe().unwrap();
        let image = crate::image::Image::open(&path).unwrap();
        let objects = image.objects().unwrap();
        let all = of(&File {
            objects: &objects,
            shape: image.shape().unwrap(),
            std_inside: true,
            library: None,
            own_functions: linking::functions().collect(),
            link: None,
            symbols: &Symbols::default(),
        });
        let states = all.iter().map(|protection| protection.state);
        let states: Vec<_> = states.collect();
        assert_eq!(states[..3], [State::NotShown; 3]);
        assert_eq!(states[3], State::NotNeeded, "a program is not unmapped");
    }

    #[test]
    fn all_stands_for_every_name_and_others_are_refused() {
        let names =
            |list: &[&str]| required(&list.iter().map(|name| name.to_string()).collect::<Vec<_>>());
        assert_eq!(names(&["all"]).unwrap().len(), PROTECTIONS.len());
        assert_eq!(names(&["pinned", "threads"]).unwrap().len(), 2);
        let why = names(&["pinned", "speed"]).unwrap_err().chain();
        assert!(why.contains("no protection `speed`"), "{why}");
        assert!(why.contains("threads, environment"), "{why}");
    }
}

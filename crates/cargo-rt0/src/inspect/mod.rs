//! What a built library is and contains, and whether all of it is right. Nothing is loaded.

mod elf;
mod macho;
pub mod protections;
mod relocations;
mod sizes;
mod text;

use std::collections::BTreeSet;

use object::{Object, ObjectSymbol};
use rt0_abi::decode::{Description, Gives, Library, Name};
use rt0_abi::linking::PAGES;
use serde::Serialize;

pub use elf::{Link, Relocations, Tls, Versions};
pub use protections::{Protection, State};
pub use sizes::Sizes;

pub use crate::imports::Glibc;

use crate::error::Result;
use crate::image::{Image, Shape};
use crate::{description, header, keep, symbols};

/// Everything that `cargo rt0 inspect` shows. Its JSON form has these names as keys.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The file's path as the caller gave it.
    pub file: String,
    /// What kind of file it is.
    pub shape: Shape,
    /// Its processor, as Rust names it.
    pub architecture: String,
    /// 32 or 64.
    pub bits: u8,
    /// `little` or `big`.
    pub endian: &'static str,
    /// What the library says about itself; `None` for a file with exports and no `#[rt0::init]`.
    pub library: Option<About>,
    /// The exported functions.
    pub exports: Vec<Call>,
    /// How it is linked; `None` for an object file or an archive.
    pub link: Option<Link>,
    /// Whether it contains the Rust standard library.
    pub std_inside: bool,
    /// Its symbols, compared with the declared ones.
    pub symbols: Symbols,
    /// The protections that depend on how the file was linked.
    pub protections: Vec<Protection>,
    /// Bytes by part.
    pub size: Sizes,
    /// The loader's work; `None` for an object file or an archive.
    pub relocations: Option<Relocations>,
    /// What is wrong, one sentence each.
    pub findings: Vec<String>,
}

/// The library's own record.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    /// What its symbols begin with.
    pub prefix: String,
    /// The crate.
    #[serde(rename = "crate")]
    pub krate: String,
    /// The crate's version.
    pub version: String,
    /// The version of the rules by which it was built.
    pub abi_version: u32,
    /// When it starts: `load`, `lazy`, `manual` or `quiet`.
    pub start: String,
    /// How long a call waits for the start, in milliseconds; -1: forever.
    pub wait_ms: i64,
    /// `multi_thread`, `current_thread` or `none`.
    pub runtime: String,
    /// The functions that rt0 calls besides `init`: `main`, `exit`.
    pub hooks: Vec<String>,
    /// Whether it pins itself when it starts, even if the linker did not pin it (`link.pinned`).
    pub pins_itself: bool,
    /// Whether it has the calls about ops and queues, for async exports.
    #[serde(skip_serializing_if = "is_false")]
    pub ops: bool,
    /// Whether a host can hear of its events.
    #[serde(skip_serializing_if = "is_false")]
    pub events: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_false(value: &bool) -> bool {
    !value
}

/// One exported function.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// Its symbol.
    pub symbol: String,
    /// The Rust function.
    pub rust_name: String,
    /// Its prototype in C.
    pub prototype: String,
    /// What it returns when it cannot report an error.
    pub or: Option<String>,
    /// Whether each call enters the async runtime's context.
    pub enter: bool,
    /// Of an async export, what else it has.
    #[serde(rename = "async", skip_serializing_if = "Option::is_none")]
    pub later: Option<Later>,
}

/// What an async export has besides its blocking twin.
#[derive(Clone, Debug, Serialize)]
pub struct Later {
    /// The prototype of the call that begins it.
    pub begin: String,
    /// The prototype of the call that takes its result.
    pub end: String,
    /// After how many milliseconds it is given up, unless the host says otherwise; -1: never.
    pub timeout_ms: i64,
}

/// Visible symbols compared with declared ones.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Symbols {
    /// The symbols that other files can see.
    pub visible: BTreeSet<String>,
    /// Visible and not declared.
    pub surplus: BTreeSet<String>,
    /// Declared and not visible.
    pub missing: BTreeSet<String>,
    /// Whether the two were compared: they are not in a program or a single object file.
    pub checked: bool,
}

/// Looks at the file.
///
/// # Errors
/// The file was not built with rt0 or is damaged. Other problems are findings.
pub fn inspect(image: &Image) -> Result<Report> {
    let description = description::read(image)?;
    let objects = image.objects()?;
    let shape = image.shape()?;
    let linked = matches!(shape, Shape::SharedLibrary | Shape::Program);
    let damaged = |e| image.error("is damaged or truncated").because(e);
    let (link, relocations) = match objects.first() {
        Some(object::File::MachO64(file)) if linked => {
            let link = macho::read(file, &mut image.budget()).map_err(damaged)?;
            (Some(link), None)
        }
        Some(object) if linked => elf::read(object, &mut image.budget())
            .map_err(damaged)?
            .unzip(),
        _ => (None, None),
    };
    let prefix = match &description.library {
        Some(library) => library.prefix.to_string(),
        None => symbols::prefix_from(&image.name()),
    };
    let prototypes = header::prototypes(&description, &prefix)?;
    let exports = description.exports.iter().zip(prototypes);
    let std_inside = sizes::has_std(&objects);
    let symbols = compare(image, &objects, shape, &description)?;
    let own_functions = description
        .library
        .iter()
        .flat_map(|library| &library.own_functions);
    let own_functions: Vec<_> = own_functions.map(|name| name.raw().to_owned()).collect();
    let library = description
        .library
        .map(|library| about(library, description.hooks));
    let protections = protections::of(&protections::File {
        objects: &objects,
        shape,
        std_inside,
        library: library.as_ref(),
        own_functions: own_functions.iter().map(String::as_str).collect(),
        link: link.as_ref(),
        symbols: &symbols,
    });
    let mut report = Report {
        file: image.path().display().to_string(),
        shape,
        architecture: objects.first().map_or_else(String::new, architecture),
        bits: if objects.first().is_some_and(Object::is_64) {
            64
        } else {
            32
        },
        endian: match objects.first() {
            Some(object) if !object.is_little_endian() => "big",
            _ => "little",
        },
        exports: exports
            .map(|(export, prototypes)| Call {
                symbol: export.symbol.to_string(),
                rust_name: export.rust_name.as_deref().unwrap_or_default().to_owned(),
                prototype: prototypes.call.line(),
                or: export.or.as_ref().map(|or| or.raw().to_owned()),
                enter: export.enter,
                later: prototypes.later.map(|[begin, end]| Later {
                    begin: begin.line(),
                    end: end.line(),
                    timeout_ms: match export.gives {
                        Gives::Later { timeout_ms } => timeout_ms,
                        _ => -1,
                    },
                }),
            })
            .collect(),
        std_inside,
        symbols,
        protections,
        size: sizes::measure(&objects, image.size()),
        library,
        link,
        relocations,
        findings: Vec::new(),
    };
    report.findings = findings(&report);
    if sees_absent_as_present(&objects, linked) {
        report.findings.push(
            "the rt0 inside mistakes what gold makes of an absent function for a function of the author's: a \
             boot would jump into the file's own header (build it with a newer rt0, or link it with another \
             linker)"
                .to_owned(),
        );
    }
    Ok(report)
}

impl Report {
    /// The protections that are missing.
    pub fn missing(&self) -> Vec<&'static str> {
        let all = self.protections.iter();
        all.filter(|protection| protection.state == State::Missing)
            .map(|protection| protection.name)
            .collect()
    }

    /// Makes a finding of each of these protections that is missing, or that nobody can see.
    pub fn require(&mut self, names: &BTreeSet<&str>) {
        for protection in &self.protections {
            let is = match protection.state {
                State::Missing => "is missing",
                State::NotShown => "can't be seen",
                State::Present | State::NotNeeded => continue,
            };
            if names.contains(protection.name) {
                let says = protection.says.as_deref().unwrap_or_default();
                self.findings
                    .push(format!("the protection `{}` {is}: {says}", protection.name));
            }
        }
    }

    /// The report for a person: aligned, without lines for what does not apply.
    pub fn to_text(&self) -> String {
        text::write(self)
    }
}

fn about(library: Library, hooks: Vec<Name>) -> About {
    About {
        prefix: library.prefix.to_string(),
        krate: library.krate.to_string(),
        version: library.version.raw().to_owned(),
        abi_version: library.abi,
        start: library.start.raw().to_owned(),
        wait_ms: library.wait_ms,
        runtime: library.runtime.raw().to_owned(),
        hooks: hooks.iter().map(ToString::to_string).collect(),
        pins_itself: library.pins_itself,
        ops: library.ops,
        events: library.events,
    }
}

fn architecture(object: &object::File<'_>) -> String {
    format!("{:?}", object.architecture()).to_lowercase()
}

fn compare(
    image: &Image,
    objects: &[object::File<'_>],
    shape: Shape,
    description: &Description,
) -> Result<Symbols> {
    let declared = symbols::declared(description);
    let linked = matches!(shape, Shape::SharedLibrary | Shape::Program);
    let visible = sizes::visible(image, objects, linked)?;
    let checked = matches!(shape, Shape::SharedLibrary | Shape::Archive);
    if !checked {
        return Ok(Symbols {
            visible,
            ..Symbols::default()
        });
    }
    // What hosts look up by a name of their own is there on purpose, whoever has linked the file.
    let others = visible.difference(&declared);
    let entries = keep::kept(others.map(String::as_str), &[]);
    Ok(Symbols {
        surplus: visible
            .difference(&declared)
            .filter(|name| !entries.contains(*name))
            .cloned()
            .collect(),
        missing: declared.difference(&visible).cloned().collect(),
        visible,
        checked,
    })
}

fn findings(report: &Report) -> Vec<String> {
    let mut out = Vec::new();
    let symbols = &report.symbols;
    if !symbols.surplus.is_empty() {
        out.push(format!(
            "{} visible but not declared by the library",
            count(symbols.surplus.len(), "symbol is", "symbols are")
        ));
    }
    if !symbols.missing.is_empty() {
        out.push(format!(
            "{} not visible: a host cannot call what the header promises",
            count(
                symbols.missing.len(),
                "declared symbol is",
                "declared symbols are"
            )
        ));
    }
    for protection in &report.protections {
        if protection.name == PAGES.name && protection.state == State::Missing {
            let says = PAGES.without;
            out.push(format!("{says} (link with -z max-page-size=16384)"));
        }
    }
    if let (Some(link), Shape::SharedLibrary) = (&report.link, report.shape) {
        if link.tls == Tls::Static {
            out.push(
                "its thread-locals are static: dlopen can run out of space for them, and musl refuses the file"
                    .to_owned(),
            );
        }
        let pins_itself = report
            .library
            .as_ref()
            .is_some_and(|about| about.pins_itself);
        if report.std_inside && !link.pinned && !pins_itself {
            out.push(
                "it contains the Rust standard library and is not pinned: dlclose would unmap code that its \
                 threads still run (link with -z nodelete)"
                    .to_owned(),
            );
        }
    }
    out
}

/// Whether the library's own code sees an optional function, such as the author's main, as present although
/// it is absent; or would, once gold links the file into a shared library. gold makes the loader look up a
/// hidden symbol, and glibc's loader answers with the file's load address.
fn sees_absent_as_present(objects: &[object::File<'_>], linked: bool) -> bool {
    /// How the names of optional functions end.
    const OPTIONAL: &str = "_of_this_library_if_any";
    /// With this symbol the library recognizes absent ones: `rt0-core/src/platform/assembler/elf/mod.rs`.
    const NEVER_DEFINED: &str = "rt0_defined_by_nobody";
    let open: Vec<_> = objects
        .iter()
        .flat_map(|object| match linked {
            true => object.dynamic_symbols(),
            false => object.symbols(),
        })
        .filter(|symbol| symbol.is_undefined())
        .filter_map(|symbol| symbol.name().ok())
        .collect();
    open.iter().any(|name| name.ends_with(OPTIONAL)) && !open.contains(&NEVER_DEFINED)
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

//! Words that only some rooms may use: the invariants of ARCHITECTURE.md that floors alone can't guarantee.

use super::source::Crate;

/// One invariant.
pub struct Invariant {
    /// The invariant's text in ARCHITECTURE.md.
    pub name: &'static str,
    /// The package whose sources are checked.
    pub package: &'static str,
    /// Words of the code: identifiers, names of macros.
    pub words: &'static [&'static str],
    /// The modules that may use them, each with everything inside.
    pub rooms: &'static [&'static str],
}

pub const ALL: &[Invariant] = &[
    Invariant {
        name: "Only `platform` and the hot path speak to the processor and the system.",
        package: "rt0-core",
        words: &["asm", "global_asm", "naked_asm", "libc", "syscall"],
        rooms: &["platform", "generation::is_ready", "generation::hot"],
    },
    Invariant {
        name: "The core allocates nothing.",
        package: "rt0-core",
        words: &["alloc", "Box", "Vec", "String", "Arc"],
        // Only a test.
        rooms: &["protocol::in_flight::with_threads"],
    },
    Invariant {
        name: "Only `interpose` stands in for functions of the C library.",
        package: "rt0",
        words: &["define_function", "no_mangle"],
        rooms: &["interpose"],
    },
];

/// The places in this crate that break an invariant.
pub fn broken(found: &Crate, package: &str, all: &[Invariant]) -> Vec<String> {
    let mut wrong = Vec::new();
    for invariant in all.iter().filter(|one| one.package == package) {
        for file in &found.files {
            let module = file.module.join("::");
            let may = |room: &&str| {
                module
                    .strip_prefix(*room)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            };
            if invariant.rooms.iter().any(may) {
                continue;
            }
            let words = file.words.iter();
            let said = words.filter(|(word, _)| invariant.words.contains(&word.as_str()));
            wrong.extend(said.map(|(word, line)| {
                format!(
                    "{}:{line}: `{word}`, against \"{}\"",
                    file.path.display(),
                    invariant.name
                )
            }));
        }
    }
    wrong
}

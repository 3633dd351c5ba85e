//! A library that is needed and not used: it must be there on every machine, and is loaded for nothing.

use std::collections::BTreeSet;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::File;
use crate::pages::page;

use super::places;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-needed-unused",
    severity: Severity::Warning,
    hazard: "G18",
    title: "every library that the file asks for is used",
    page: page!("elf-needed-unused"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    let unused: Vec<&str> = file
        .dynamic
        .needed
        .iter()
        .map(String::as_str)
        .filter(|name| is_unused(file, name))
        .collect();
    match unused.as_slice() {
        [] => Ok(format!("all {} are", file.dynamic.needed.len())),
        names => Err(Stop::fail(format!(
            "nothing is taken from {}, but the loader must find {} all the same (link with --as-needed)",
            names.join(", "),
            if names.len() == 1 { "it" } else { "them" }
        ))),
    }
}

/// Whether nothing comes from this library: no symbol in a version of it, and none without a version that it has.
fn is_unused(file: &File<'_>, library: &str) -> bool {
    // What the C library consists of is always there.
    if ALWAYS.iter().any(|name| library.starts_with(name)) {
        return false;
    }
    let imports = &file.dynamic.imports;
    if imports
        .iter()
        .any(|import| import.library.as_deref() == Some(library))
    {
        return false;
    }
    let open: BTreeSet<&str> = imports
        .iter()
        .filter(|import| import.library.is_none())
        .map(|import| import.symbol.as_str())
        .filter(|symbol| !OPTIONAL.contains(symbol))
        .collect();
    if open.is_empty() {
        return true;
    }
    let Some(bytes) = places::find(file, library) else {
        return false;
    };
    match File::read(file.plan, &bytes) {
        Ok(other) => !other
            .dynamic
            .exports
            .iter()
            .any(|symbol| open.contains(symbol.name.as_str())),
        Err(_) => false,
    }
}

const ALWAYS: [&str; 5] = ["libc.so", "ld-linux", "ld64", "ld-musl", "libc.musl"];

/// What compilers ask for in every file, and nobody has to have.
const OPTIONAL: [&str; 4] = [
    "__gmon_start__",
    "_ITM_deregisterTMCloneTable",
    "_ITM_registerTMCloneTable",
    "_Jv_RegisterClasses",
];

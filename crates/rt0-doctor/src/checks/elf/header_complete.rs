//! A header that declares what is not there, or hides what is.

use std::collections::BTreeSet;

use object::elf::{STT_FUNC, STT_GNU_IFUNC};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::{File, count};
use crate::pages::page;

use super::header;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-header-complete",
    severity: Severity::Warning,
    hazard: "G4",
    title: "the header declares exactly the functions that the file exports",
    page: page!("elf-header-complete"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    let Some(path) = &file.plan.header else {
        return Err(Stop::skip(
            "it needs the library's C header: give it with --header",
        ));
    };
    let bytes = std::fs::read(path)
        .map_err(|e| Stop::could_not(format!("cannot read {}: {e}", path.display())))?;
    let declared = header::functions(&String::from_utf8_lossy(&bytes));
    let exports = file.dynamic.exports.iter();
    let exported: BTreeSet<String> = exports
        .filter(|symbol| matches!(symbol.kind, STT_FUNC | STT_GNU_IFUNC))
        .map(|symbol| symbol.name.clone())
        .filter(|name| !LINKERS.contains(&name.as_str()))
        .collect();
    let missing: Vec<_> = declared.difference(&exported).collect();
    let surplus: Vec<_> = exported.difference(&declared).collect();
    let mut parts = Vec::new();
    if let Some(first) = missing.first() {
        let what = count(
            missing.len(),
            "declared function is",
            "declared functions are",
        );
        parts.push(format!("{what} not exported, such as `{first}`"));
    }
    if let Some(first) = surplus.first() {
        let what = count(
            surplus.len(),
            "exported function is",
            "exported functions are",
        );
        parts.push(format!("{what} not declared, such as `{first}`"));
    }
    match parts.is_empty() {
        true => Ok(format!("all {} are", exported.len())),
        false => Err(Stop::fail(parts.join("; "))),
    }
}

/// Every library has these.
const LINKERS: [&str; 2] = ["_init", "_fini"];

//! The oldest glibc that can load the file: it is that of the machine that built it, unless somebody cares.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::File;
use crate::pages::page;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-glibc-floor",
    severity: Severity::Warning,
    hazard: "G18",
    title: "the glibc that the file needs is as old as promised",
    page: page!("elf-glibc-floor"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    let imports = &file.dynamic.imports;
    if let Some(private) = imports
        .iter()
        .find(|import| import.version.as_deref() == Some("GLIBC_PRIVATE"))
    {
        return Err(Stop::fail(format!(
            "it uses `{}` of glibc's private interface, which any other version may not have",
            private.symbol
        )));
    }
    let versions = imports
        .iter()
        .filter_map(|import| Some((version(import.version.as_deref()?)?, &import.symbol)));
    let Some((needed, symbol)) = versions.max_by(|(one, _), (other, _)| one.cmp(other)) else {
        return Ok("it needs no glibc".to_owned());
    };
    let says = format!("it needs glibc {} (for `{symbol}`)", shown(&needed));
    let promised = match &file.plan.glibc {
        Some(text) => (numbers(text), "the configuration promises"),
        None if file.is_native() => (here(), "this machine has"),
        None => return Ok(says),
    };
    match promised {
        (Some(promised), who) if needed > promised => {
            Err(Stop::fail(format!("{says}, {who} {}", shown(&promised))))
        }
        (Some(promised), who) => Ok(format!("{says}, {who} {}", shown(&promised))),
        (None, _) => Ok(says),
    }
}

fn version(name: &str) -> Option<Vec<u32>> {
    numbers(name.strip_prefix("GLIBC_")?)
}

fn numbers(text: &str) -> Option<Vec<u32>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

fn shown(version: &[u32]) -> String {
    version
        .iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(".")
}

/// The version of the C library that this program runs with, if it is glibc.
fn here() -> Option<Vec<u32>> {
    numbers(&crate::subject::glibc_version()?)
}

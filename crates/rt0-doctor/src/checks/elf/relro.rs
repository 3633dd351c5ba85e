//! Tables of addresses that stay writable are what an attacker overwrites.

use object::elf::PT_GNU_RELRO;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::File;
use crate::pages::page;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-relro",
    severity: Severity::Warning,
    hazard: "G21",
    title: "the tables that the loader fills in are read-only afterwards",
    page: page!("elf-relro"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    let dynamic = &file.dynamic;
    if dynamic.segments(PT_GNU_RELRO).next().is_none() {
        return match dynamic.relocations.is_empty() {
            true => Ok("there are no such tables".to_owned()),
            false => Err(Stop::fail(
                "its tables of addresses stay writable (no PT_GNU_RELRO: link with -z relro)",
            )),
        };
    }
    Ok(match dynamic.bind_now || !dynamic.has_plt {
        true => "all of them are",
        false => "they are, but for functions that are bound at their first call (-z now binds them at load)",
    }
    .to_owned())
}

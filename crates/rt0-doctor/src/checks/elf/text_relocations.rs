//! Relocations in code: each process gets its own copy of the pages, and hardened systems refuse the file.

use object::elf::{PF_W, PT_LOAD};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::File;
use crate::pages::page;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-text-relocations",
    severity: Severity::Error,
    hazard: "G21",
    title: "no relocation changes the code",
    page: page!("elf-text-relocations"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    let dynamic = &file.dynamic;
    let fixed: Vec<_> = dynamic
        .segments(PT_LOAD)
        .filter(|segment| segment.flags & PF_W == 0)
        .collect();
    let in_code = |address: u64| fixed.iter().any(|segment| segment.holds(address));
    let count = dynamic
        .relocations
        .iter()
        .filter(|(address, _)| in_code(*address))
        .count();
    match (dynamic.text_relocations, count) {
        (false, 0) => Ok(format!(
            "none of {} relocations is in code",
            dynamic.relocations.len()
        )),
        (true, 0) => Err(Stop::fail(
            "it asks the loader to make its code writable (DT_TEXTREL)",
        )),
        (_, count) => Err(Stop::fail(format!(
            "{count} relocations are in code, which the loader has to make writable: SELinux and musl refuse that"
        ))),
    }
}

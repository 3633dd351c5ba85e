//! A library without a soname is remembered by the path that it was linked from.

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::File;
use crate::pages::page;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-soname",
    severity: Severity::Warning,
    hazard: "G2",
    title: "the file has a soname, which is no path",
    page: page!("elf-soname"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    match &file.dynamic.soname {
        None => Err(Stop::fail(
            "it has no soname: a program that is linked with it asks for the path that the linker was given",
        )),
        Some(soname) if soname.contains('/') => {
            Err(Stop::fail(format!("its soname is a path: `{soname}`")))
        }
        Some(soname) => Ok(format!("its soname is {soname}")),
    }
}

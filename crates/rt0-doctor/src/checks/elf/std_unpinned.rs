//! A runtime inside a library that can be unmapped: its threads then run code that is gone.

use memchr::memmem;
use object::{Object, ObjectSection};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::File;
use crate::pages::page;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-std-unpinned",
    severity: Severity::Warning,
    hazard: "U1",
    title: "a library with Rust's std or Go's runtime inside stays loaded until the process ends",
    page: page!("elf-std-unpinned"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    let Some(runtime) = runtime(file) else {
        return Ok("neither is inside".to_owned());
    };
    if file.dynamic.pinned {
        return Ok(format!(
            "{runtime} is inside, and the loader keeps the file (-z nodelete)"
        ));
    }
    if file.plan.pins_itself {
        return Ok(format!(
            "{runtime} is inside, and the library asks the loader to keep it"
        ));
    }
    Err(Stop::fail(format!(
        "{runtime} is inside, and dlclose unmaps it: threads that it has made, and destructors of thread-locals, then \
         run code that is gone (link with -z nodelete)"
    )))
}

fn runtime(file: &File<'_>) -> Option<&'static str> {
    if is_inside(file, b"/library/std/src/") {
        return Some("Rust's std");
    }
    let is_go = |name: &str| matches!(name, ".go.buildinfo" | ".gopclntab" | ".note.go.buildid");
    let mut sections = file.object.sections();
    sections
        .any(|section| section.name().is_ok_and(is_go))
        .then_some("Go's runtime")
}

/// Whether a constant of the file contains this text.
fn is_inside(file: &File<'_>, wanted: &[u8]) -> bool {
    file.object.sections().any(|section| {
        let name = section.name().unwrap_or_default();
        let is_constant = name.starts_with(".rodata") || name.starts_with(".data.rel.ro");
        is_constant && memmem::find(section.data().unwrap_or_default(), wanted).is_some()
    })
}

//! A library that asks for an executable stack makes the stacks of the whole process executable.

use object::elf::{PF_X, PT_GNU_STACK};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::File;
use crate::pages::page;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-exec-stack",
    severity: Severity::Error,
    hazard: "G21",
    title: "the file does not ask for an executable stack",
    page: page!("elf-exec-stack"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    let Some(stack) = file.dynamic.segments(PT_GNU_STACK).next() else {
        return Err(Stop::fail(
            "it does not say what stack it needs (no PT_GNU_STACK), which means an executable one: newer glibc and \
             hardened systems refuse to load it",
        ));
    };
    match stack.flags & PF_X {
        0 => Ok("it says that no executable stack is needed".to_owned()),
        _ => Err(Stop::fail(
            "it asks for an executable stack: dlopen makes every stack of the process executable, and fails from \
             glibc 2.41 on and under SELinux",
        )),
    }
}

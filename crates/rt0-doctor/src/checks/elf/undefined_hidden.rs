//! A hidden symbol that nobody defines: some loaders take the file's own address for it.

use object::elf::{STV_HIDDEN, STV_INTERNAL};

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::{File, Symbol, count};
use crate::pages::page;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-undefined-hidden",
    severity: Severity::Error,
    hazard: "L12",
    title: "no hidden symbol is left for the loader to find",
    page: page!("elf-undefined-hidden"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    let is_hidden = |symbol: &&Symbol| matches!(symbol.visibility, STV_HIDDEN | STV_INTERNAL);
    let hidden: Vec<_> = file.dynamic.undefined.iter().filter(is_hidden).collect();
    match hidden.first() {
        None => Ok("none is".to_owned()),
        Some(first) => Err(Stop::fail(format!(
            "{} undefined and hidden (`{}`): glibc takes the address at which the file is loaded for it, so a check for \
             null finds a function, and a call runs the file's header",
            count(hidden.len(), "symbol is", "symbols are"),
            first.name
        ))),
    }
}

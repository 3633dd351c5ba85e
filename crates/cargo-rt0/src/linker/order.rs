//! Puts the functions that run when a library starts next to each other in the file.
//!
//! The kernel reads and maps a file's code in pieces of 64 KB, each at its first use. In the order in which the
//! compiler leaves them, the functions that a start needs are spread over all of these pieces.
//!
//! A script for the linker names them (`order.txt`, and the library's exports), and collects their sections before
//! all others. GNU's ld and lld take it; the other linkers refuse it. A name that the library does not have does no
//! harm.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::behind::Behind;
use super::{script, write};
use crate::error::{Error, Result};

const NAMES: &str = include_str!("order.txt");

/// Options by which the author orders the sections.
const ORDERED: [&str; 8] = [
    "-T",
    "--script",
    "-dT",
    "--default-script",
    "--symbol-ordering-file",
    "--section-ordering-file",
    "--call-graph-profile-sort",
    "--call-graph-ordering-file",
];

/// How the files are mostly called that give a linker's script without an option.
const SCRIPTS: [&str; 3] = [".ld", ".lds", ".x"];

/// The option that orders the sections, if this linker can. `exports` is the version script. The file lies beside
/// it and the compiler's other temporary ones, and is deleted with them.
///
/// # Errors
/// A file can't be read or written.
pub fn option(behind: Behind, args: &[OsString], exports: &Path) -> Result<Option<OsString>> {
    if is_ordered(args) || behind == Behind::Other {
        return Ok(None);
    }
    let text = fs::read_to_string(exports)
        .map_err(|e| Error::failed(format!("cannot read {}", exports.display())).because(e))?;
    let file: PathBuf = exports.with_file_name("rt0-order.ld");
    write(&file, &order(script::listed(&text)))?;
    let mut option = OsString::from("-Wl,-T,");
    option.push(file);
    Ok(Some(option))
}

/// The script. With `INSERT` it is an addition to the linker's own. The C compiler's own code comes first, because
/// the loader calls into it. With link-time optimisation, LLVM adds to some of the names.
fn order<'a>(exports: impl Iterator<Item = &'a str>) -> String {
    let sections: String = exports
        .filter(|name| name.chars().all(is_plain))
        .chain(names())
        .map(|name| format!("    *(.text.{name} .text.{name}.llvm.* .text.unlikely.{name})\n"))
        .collect();
    format!(
        "SECTIONS {{\n  .text.rt0 : {{\n    *crtbegin*.o(.text)\n{sections}  }}\n}}\nINSERT BEFORE .text;\n"
    )
}

fn names<'a>() -> impl Iterator<Item = &'a str> {
    NAMES.lines().filter(|line| !line.starts_with('#'))
}

/// Other characters would need quotes, which linkers treat in different ways.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether the author orders the sections.
fn is_ordered(args: &[OsString]) -> bool {
    args.iter().any(|arg| {
        let arg = arg.to_string_lossy();
        let mut words = arg.strip_prefix("-Wl,").unwrap_or(&arg).split(',');
        words.any(|word| {
            let is_script = !word.starts_with('-') && SCRIPTS.iter().any(|end| word.ends_with(end));
            is_script || ORDERED.iter().any(|option| word.starts_with(option))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{is_ordered, is_plain, names, order};

    #[test]
    fn the_authors_own_order_stays() {
        let is = |arg: &str| is_ordered(&["-shared".into(), arg.into(), "x.o".into()]);
        assert!(is("-Tmine.ld") && is("-Wl,-T,mine.ld") && is("-Wl,-O1,--script=mine.ld"));
        assert!(is("-Wl,--symbol-ordering-file=x") && is("-Wl,--section-ordering-file,x"));
        assert!(is("-Wl,-dT,x") && is("-Wl,--call-graph-ordering-file=x"));
        assert!(is("/own/sections.ld") && is("-Wl,link.x"));
        assert!(!is("-Wl,-O1,--gc-sections") && !is("/T/list") && !is("-fuse-ld=x.ld"));
    }

    #[test]
    fn the_exports_come_first_and_no_name_needs_quotes() {
        let order = order(["x_add", "odd name"].into_iter());
        let first = "    *crtbegin*.o(.text)\n    *(.text.x_add .text.x_add.llvm.* .text.unlikely.x_add)\n    *(.text._R";
        assert!(order.contains(first), "{order}");
        assert!(!order.contains("odd"), "{order}");
        assert!(order.ends_with("\nINSERT BEFORE .text;\n"), "{order}");
        let is_pattern = |c| is_plain(c) || ".*?".contains(c);
        assert!(names().count() > 300);
        assert!(names().all(|name| !name.is_empty() && name.chars().all(is_pattern)));
    }
}

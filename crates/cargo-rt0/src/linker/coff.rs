//! Windows: a definition file takes the place of the version script, and the linker throws the description
//! away, because nothing refers to it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::keep;

/// The compiler's definition file without the names that must be hidden. As with a version script, this only
/// removes names.
pub fn restrict(definitions: &str, shown: &BTreeSet<String>) -> String {
    let mut in_exports = false;
    let keep = |line: &&str| {
        let name = name(line);
        if !in_exports {
            in_exports = name == "EXPORTS";
            return true;
        }
        shown.contains(name)
    };
    definitions.split_inclusive('\n').filter(keep).collect()
}

/// The names that the file exports.
pub fn listed(definitions: &str) -> impl Iterator<Item = &str> {
    let names = definitions.lines().map(name);
    names.skip_while(|name| *name != "EXPORTS").skip(1)
}

fn name(line: &str) -> &str {
    let word = line.split_whitespace().next().unwrap_or_default();
    word.trim_matches('"')
}

/// Collects the notes of all inputs in a section of their own, and makes the linker keep it. Returns the
/// extra arguments. The new files lie beside the compiler's temporary ones, and are deleted with them.
///
/// # Errors
/// The files can't be written.
pub fn keep_notes(notes: &[u8], kept: &BTreeSet<String>, beside: &Path) -> Result<[OsString; 2]> {
    let (bytes, source) = (
        beside.with_file_name("rt0-notes.bin"),
        beside.with_file_name("rt0-notes.s"),
    );
    // These are the assembler's escapes: a folder may have any name.
    let path = bytes.to_string_lossy();
    let path = path.replace('\\', "\\\\").replace('"', "\\\"");
    let section = format!(
        ".section {},\"dr\"\n.globl rt0_notes\nrt0_notes: .incbin \"{path}\"",
        rt0_abi::SECTION_COFF
    );
    let text = keep::records(kept, &section);
    for (file, content) in [(&bytes, notes), (&source, text.as_bytes())] {
        fs::write(file, content)
            .map_err(|e| Error::failed(format!("cannot write {}", file.display())).because(e))?;
    }
    Ok([source.into(), "-Wl,--undefined=rt0_notes".into()])
}

#[cfg(test)]
mod tests {
    use super::{listed, restrict};

    #[test]
    fn only_declared_names_stay() {
        let declared = ["x_a", "x_b", "x_never_defined"].map(String::from).into();
        let definitions = "LIBRARY\nEXPORTS\n    x_a\n    \"leak\"\n    \"x_b\"\n    table DATA\n";
        assert_eq!(
            restrict(definitions, &declared),
            "LIBRARY\nEXPORTS\n    x_a\n    \"x_b\"\n"
        );
        assert_eq!(restrict("", &declared), "");
        let listed: Vec<_> = listed(definitions).collect();
        assert_eq!(listed, ["x_a", "leak", "x_b", "table"]);
    }
}

//! Windows: a definition file in the version script's place; and a linker that throws the description away,
//! for nobody refers to it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::keep;

/// The compiler's definition file without what is not to be shown. As with a version script, this only ever
/// takes away.
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

/// The names that it exports.
pub fn listed(definitions: &str) -> impl Iterator<Item = &str> {
    let names = definitions.lines().map(name);
    names.skip_while(|name| *name != "EXPORTS").skip(1)
}

fn name(line: &str) -> &str {
    let word = line.split_whitespace().next().unwrap_or_default();
    word.trim_matches('"')
}

/// Puts the notes of all that is linked into one place of their own, and has the linker keep that: the
/// further arguments. The files stand beside the compiler's, and go with them.
///
/// # Errors
/// They can't be written.
pub fn keep_notes(notes: &[u8], kept: &BTreeSet<String>, beside: &Path) -> Result<[OsString; 2]> {
    let (bytes, source) = (
        beside.with_file_name("rt0-notes.bin"),
        beside.with_file_name("rt0-notes.s"),
    );
    // The assembler's own escapes: a folder may have any name.
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

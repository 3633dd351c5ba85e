//! Whether what was written from some files is as new as they are: by what is in them, not by their times.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::run::root;

/// A number for the contents of files, and of the files in folders, that is another when anything in them is another.
///
/// # Errors
/// One can't be read.
pub fn number(names: &[&str]) -> Result<String> {
    let mut files = Vec::new();
    for name in names {
        collect(&root().join(name), &mut files)?;
    }
    files.sort();
    let mut number = Number::default();
    for file in files {
        let name = file.strip_prefix(root()).unwrap_or(&file);
        number.add(name.as_os_str().as_encoded_bytes());
        number.add(&fs::read(&file).with_context(|| format!("can't read {}", file.display()))?);
    }
    Ok(format!("{:016x}", number.0))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = path
        .read_dir()
        .with_context(|| format!("can't read {}", path.display()))?;
    for entry in entries {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}

/// FNV-1a: nobody has a reason to look for two files with the same one.
struct Number(u64);

impl Default for Number {
    fn default() -> Number {
        Number(0xcbf2_9ce4_8422_2325)
    }
}

impl Number {
    /// Adds bytes, and their end.
    fn add(&mut self, bytes: &[u8]) {
        let length = bytes.len().to_le_bytes();
        for byte in bytes.iter().chain(&length) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_text_or_another_border_gives_another_number() {
        let of = |parts: &[&str]| {
            let mut number = Number::default();
            parts.iter().for_each(|part| number.add(part.as_bytes()));
            number.0
        };
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a"]), of(&["b"]));
    }

    #[test]
    fn folders_are_read_to_their_ends() {
        let one = number(&["xtask/src"]).unwrap();
        assert_eq!(one.len(), 16);
        assert_ne!(one, number(&["xtask/src/docs"]).unwrap());
        assert!(number(&["xtask/nowhere"]).is_err());
    }
}

//! Which tests notice when a protection is missing in generated bindings: `crates/rt0-hosts/hosts/bindings/without`.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::run::root;

/// A protection of a language's packages.
#[derive(Deserialize)]
pub struct Protection {
    /// Its name, which begins with the language's.
    pub name: String,
    /// The tests that must fail without it. Only these are run: others may fail, too.
    pub red: Vec<String>,
}

impl Protection {
    /// The module of host tests to run.
    pub fn module(&self) -> String {
        let lang = self.name.split('-').next().unwrap_or_default();
        format!("bindings/in_{lang}")
    }
}

/// All of them.
///
/// # Errors
/// A file can't be read.
pub fn all() -> Result<Vec<Protection>> {
    let dir = root().join("crates/rt0-hosts/hosts/bindings/without");
    let fail = || format!("can't read {}", dir.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(&dir).with_context(fail)? {
        files.push(entry.with_context(fail)?.path());
    }
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(fail)?;
        let some: Vec<Protection> =
            serde_json::from_str(&text).with_context(|| file.display().to_string())?;
        all.extend(some);
    }
    Ok(all)
}

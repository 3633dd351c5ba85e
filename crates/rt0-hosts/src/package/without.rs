//! Generated packages from which a protection is taken out: `hosts/bindings/without/LANG.json` has them.
//!
//! `cargo xtask sabotage` names one in `RT0_HOSTS_BINDINGS_WITHOUT`, and then expects the tests of that entry to fail.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use crate::places::source;
use crate::watchdog::Host;

/// A protection of a language's packages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protection {
    /// Its name, which begins with the language's.
    pub name: String,
    /// What is so without it.
    pub without: String,
    /// What takes it out.
    pub changes: Vec<Change>,
    /// Tests that then fail.
    pub red: Vec<String>,
}

/// One change of a package's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The file, of the package `conform`.
    pub file: String,
    /// Text that must be there.
    pub from: String,
    /// What stands in its place.
    pub to: String,
}

/// The name of the protection that is to be taken out, if it is one of this language's.
pub fn chosen(lang: &str) -> Option<String> {
    let name = std::env::var("RT0_HOSTS_BINDINGS_WITHOUT").ok()?;
    name.strip_prefix(lang)?.starts_with('-').then_some(name)
}

/// How long a host may take, which is so long at most: without a protection many wait for what never comes.
pub fn limit(usual: Duration) -> Duration {
    match std::env::var_os("RT0_HOSTS_BINDINGS_WITHOUT") {
        Some(_) => usual.min(Duration::from_secs(90)),
        None => usual,
    }
}

/// The same for a host that says these words when only its end is left: without a protection that may never come, and
/// nobody need wait long to see it. Until the words have come it has all its time.
pub fn ends_after(host: Host, words: &'static str) -> Host {
    match std::env::var_os("RT0_HOSTS_BINDINGS_WITHOUT") {
        Some(_) => host.limit_after(words, Duration::from_secs(5)),
        None => host,
    }
}

/// All protections of a language.
///
/// # Panics
/// The file is not there, or not as it must be.
pub fn all(lang: &str) -> Vec<Protection> {
    let path = source("bindings/without").join(format!("{lang}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

impl Protection {
    /// Takes it out of the package in this folder. Files that the package does not have are passed by.
    ///
    /// # Panics
    /// A file does not have the text that is to be changed.
    pub fn take_out(&self, dir: &Path) {
        for Change { file, from, to } in &self.changes {
            let path = dir.join(file);
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            assert!(text.contains(from), "{}: {file} has no {from:?}", self.name);
            fs::write(&path, text.replace(from, to)).expect("it was written before");
        }
    }
}

//! `doctor.toml`: the same as the options, for a library's own folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};

/// What such a file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Config {
    /// `--call`.
    pub call: Vec<String>,
    /// `--setup`.
    pub setup: Option<String>,
    /// `--shutdown`.
    pub shutdown: Option<String>,
    /// `--header`, relative to the file.
    pub header: Option<PathBuf>,
    /// The glibc with which the file should load: `"2.28"`.
    pub glibc: Option<String>,
    /// `--only`.
    pub only: Vec<String>,
    /// `--exclude`: the reason for each check.
    pub exclude: BTreeMap<String, String>,
    /// `--require`.
    pub require: Vec<String>,
    /// `--repeat`.
    pub repeat: Option<u32>,
    /// `--jobs`.
    pub jobs: Option<usize>,
    /// `--deadline`.
    pub deadline: Option<String>,
}

/// Reads the file.
///
/// # Errors
/// It can't be read, or says something else.
pub fn read(path: &Path) -> Result<Config> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Error::new(format!("cannot read {}: {e}", path.display())))?;
    let mut config: Config = toml::from_str(&text)
        .map_err(|e| Error::new(format!("{} can't be read: {e}", path.display())))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    config.header = config.header.map(|header| folder.join(header));
    Ok(config)
}

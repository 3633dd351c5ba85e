//! The runs that are kept, one file each, named after their time.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::report::Report;
use crate::run::target;

/// Where runs are kept.
fn folder() -> PathBuf {
    target().join("bench/history")
}

/// Keeps a run.
///
/// # Errors
/// It can't be written.
pub fn keep(report: &Report) -> Result<PathBuf> {
    let path = folder().join(format!("{}.json", report.at));
    report.store(&path)?;
    Ok(path)
}

/// The newest run that was kept.
pub fn newest() -> Option<PathBuf> {
    let files = fs::read_dir(folder())
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()));
    files.max_by_key(|path| path.file_stem()?.to_str()?.parse::<u64>().ok())
}

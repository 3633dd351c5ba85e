//! `cargo xtask bench`: rt0 against its peers, side by side in one run.
//!
//! The peers in `bench/` are the same library without rt0: one makes its runtime at the first call, one in a
//! constructor. All are built with the same profile and the same link flags. A small C program loads them and
//! measures. Each sample is a new process, and the libraries take turns, so that other load on the machine
//! affects all of them alike. The results are ratios: the times alone say more about the machine.

mod build;
mod calls;
mod figure;
mod instructions;
mod loading;
mod sample;
mod table;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use build::Built;
use figure::{Figure, Target};

use crate::run::timed;

/// Builds, measures, prints, and writes the figures as JSON if a file is named. A missed target is reported,
/// but is not an error.
///
/// # Errors
/// Something can't be built or run.
pub fn run(json: Option<PathBuf>) -> Result<()> {
    let what = "building the library, its peers and the host in release mode";
    let built = timed(what, build::build)?;
    let mut figures = Vec::new();
    figures.extend(timed("loads and first calls", || loading::figures(&built))?);
    figures.extend(timed("calls", || calls::figures(&built))?);
    match timed("instructions", || instructions::figures(&built))? {
        Some(more) => figures.extend(more),
        None => println!("skipped: instructions: there is no valgrind"),
    }
    figures.extend(size(&built)?);
    println!();
    table::print(&figures);
    if let Some(path) = json {
        let text = serde_json::to_string_pretty(&figures)?;
        fs::write(&path, text + "\n").with_context(|| format!("can't write {}", path.display()))?;
    }
    Ok(())
}

/// The sizes of the stripped files.
fn size(built: &Built) -> Result<Vec<Figure>> {
    let rt0 = fs::metadata(&built.automatic)?.len() as f64;
    let figure = |peer: &PathBuf, name: &str| -> Result<Figure> {
        let peer = fs::metadata(peer)?.len() as f64;
        Ok(Figure::once(name, "bytes", rt0, peer).with(Target::Over(32.0 * 1024.0)))
    };
    Ok(vec![figure(&built.lazy, "size, without rt0 (lazy)")?])
}

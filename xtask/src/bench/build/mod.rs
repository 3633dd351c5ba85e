//! Builds the libraries to measure: the same way with rt0 and without.

mod c;
mod core_only;
mod go;
mod linking;
mod rust;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

pub use core_only::{PROCESSORS, core_only};
pub use go::{Compiler, Go};
pub use linking::Linking;
use rust::with_ops;
pub use rust::{Profile, by_hand, with_rt0};

use crate::run::{said, target};

/// The files that every run needs.
pub struct Built {
    /// The host that measures.
    pub host: PathBuf,
    /// Boots itself with rt0.
    pub rt0: PathBuf,
    /// Makes the runtime at the first call.
    pub lazy: Peer,
    /// Makes the runtime in a constructor.
    pub constructor: Peer,
    /// C, with no more than what every such library needs.
    pub limit: PathBuf,
    /// A Go library, if there is a Go compiler.
    pub go: Option<Go>,
    /// Async exports with rt0.
    pub ops: PathBuf,
    /// Async exports by hand.
    pub spawned: PathBuf,
}

/// A library written by hand, linked in two ways.
pub struct Peer {
    /// As authors link it: by plain cargo.
    pub usual: PathBuf,
    /// With the link flags and the unwinder of rt0's library.
    pub same_link: PathBuf,
}

/// Builds them all.
///
/// # Errors
/// A library does not build.
pub fn build() -> Result<Built> {
    // What a run left that was interrupted.
    let _ = fs::remove_dir_all(folder("copies")?);
    let out = folder("")?;
    let rt0 = with_rt0(&Profile::USUAL, &out)?;
    let same = Linking::of(&rt0)?;
    let peer = |name: &str| -> Result<Peer> {
        Ok(Peer {
            usual: by_hand(
                name,
                &Profile::USUAL,
                &Linking::Usual,
                &folder("as-authors-link")?,
            )?,
            same_link: by_hand(name, &Profile::USUAL, &same, &out)?,
        })
    };
    Ok(Built {
        host: c::host(&out)?,
        limit: c::limit(&out)?,
        lazy: peer("lazy")?,
        constructor: peer("constructor")?,
        go: go::library(&out)?,
        ops: with_ops(&out)?,
        spawned: by_hand("spawned", &Profile::USUAL, &same, &out)?,
        rt0,
    })
}

/// The host, and the library with rt0 and with the names of its functions.
///
/// # Errors
/// They do not build.
pub fn with_symbols() -> Result<(PathBuf, PathBuf)> {
    let out = folder("with-symbols")?;
    Ok((c::host(&out)?, rust::with_rt0_and_symbols(&out)?))
}

/// A folder for what is built.
///
/// # Errors
/// It can't be made.
pub fn folder(name: &str) -> Result<PathBuf> {
    let folder = target().join("bench").join(name);
    fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    Ok(folder)
}

/// Copies of a library, each a file of its own, so that the loader loads each of them. They are deleted with this.
pub struct Copies {
    _folder: TempDir,
    /// The files.
    pub files: Vec<PathBuf>,
}

/// Copies a library.
///
/// # Errors
/// A copy can't be made.
pub fn copies(library: &Path, count: usize) -> Result<Copies> {
    let folder =
        tempfile::tempdir_in(folder("copies")?).context("can't make a folder for copies")?;
    let copy = |n| {
        let copy = folder.path().join(format!("{n}.so"));
        fs::copy(library, &copy).with_context(|| format!("can't copy {}", library.display()))?;
        Ok(copy)
    };
    let files = (0..count).map(copy).collect::<Result<_>>()?;
    Ok(Copies {
        _folder: folder,
        files,
    })
}

/// What readelf says about a file.
///
/// # Errors
/// It is missing, or can't read the file.
pub fn readelf(option: &str, file: &Path) -> Result<String> {
    said(Command::new("readelf").arg(option).arg(file)).context("readelf is part of binutils")
}

fn run(mut command: Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command
        .status()
        .with_context(|| format!("can't run {shown}"))?;
    ensure!(status.success(), "failed: {shown}");
    Ok(())
}

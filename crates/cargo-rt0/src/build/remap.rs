//! Keeps the folders of this machine out of the built files: the compiler gets other names for them.
//!
//! A panic's message names its place in the source, and debug information has the path of every file. Cargo
//! gives the compiler relative paths inside the workspace, and absolute ones elsewhere. Only flags for all
//! crates reach the dependencies, and cargo reads those from only one place: so the user's own flags are
//! looked up, and ours go before them. The same folders always give the same flags, so nothing is recompiled.

use std::path::PathBuf;

use super::project::Project;
use super::sources;
use super::tools::Compiler;
use crate::error::Result;
use crate::linker::CargoConfig;

/// The variable that gives cargo flags, which may contain blanks.
pub const VARIABLE: &str = "CARGO_ENCODED_RUSTFLAGS";

/// The separator of the flags.
const BETWEEN: char = '\u{1f}';

/// The flags for every crate: ours, then the user's, which override ours.
///
/// # Errors
/// As [`CargoConfig::rustflags`].
pub fn for_all(
    project: &Project,
    compiler: &Compiler,
    config: &CargoConfig,
    target: &str,
) -> Result<Vec<String>> {
    let ours = names(project, compiler).into_iter().filter_map(flag);
    Ok(ours.chain(config.rustflags(target)?).collect())
}

/// Flags as [`VARIABLE`] has them.
pub fn encode(flags: &[String]) -> String {
    flags.join(&BETWEEN.to_string())
}

/// The flags for only the crate that is built. Projects that share a target directory also share their
/// compiled dependencies, so the name of a project's own folder must not be in the flags for those.
pub fn for_crate(project: &Project) -> Option<String> {
    match has_own_target_dir(project) {
        true => None,
        false => flag((project.workspace.clone(), ".".to_owned())),
    }
}

fn has_own_target_dir(project: &Project) -> bool {
    project.target_dir.starts_with(&project.workspace)
}

/// Each folder with its other name. The last match counts.
fn names(project: &Project, compiler: &Compiler) -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    if has_own_target_dir(project) {
        out.push((project.workspace.clone(), ".".to_owned()));
    }
    out.push((project.target_dir.clone(), "target".to_owned()));
    let sources = project.sources.clone().unwrap_or_else(sources::unpacked);
    out.extend(sources);
    // Std's own name for its files, for when its source is installed too.
    let std = compiler.sysroot.join("lib/rustlib/src/rust");
    out.push((std, format!("/rustc/{}", compiler.commit)));
    out
}

fn flag((folder, name): (PathBuf, String)) -> Option<String> {
    let folder = folder.to_str()?;
    (!folder.contains(BETWEEN)).then(|| format!("--remap-path-prefix={folder}={name}"))
}

//! Keeps the folders of this machine out of what is built: the compiler is told other names for them.
//!
//! A panic's text says where in the source it was, and debug information has the path of every file. Cargo
//! gives the compiler relative paths inside the workspace, and absolute ones elsewhere. Only flags for
//! all crates reach the dependencies, and cargo takes them from one place alone: so the user's own
//! are looked up, and ours go before them. The same folders give the same flags, whatever else changes, and
//! nothing is compiled anew.

use std::path::PathBuf;

use super::project::Project;
use super::sources;
use super::tools::Compiler;
use crate::error::Result;
use crate::linker::CargoConfig;

/// The variable by which cargo is told flags that may hold blanks.
pub const VARIABLE: &str = "CARGO_ENCODED_RUSTFLAGS";

/// What stands between them.
const BETWEEN: char = '\u{1f}';

/// The flags for every crate: ours, then the user's, which may say it better.
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

/// The flags for the crate alone that is built. Where several projects share a target directory, they share
/// what is compiled of their dependencies too: so the name of each one's own folder is not for those.
pub fn for_crate(project: &Project) -> Option<String> {
    match is_own(project) {
        true => None,
        false => flag((project.workspace.clone(), ".".to_owned())),
    }
}

fn is_own(project: &Project) -> bool {
    project.target_dir.starts_with(&project.workspace)
}

/// Each folder with its other name. The last one that fits counts.
fn names(project: &Project, compiler: &Compiler) -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    if is_own(project) {
        out.push((project.workspace.clone(), ".".to_owned()));
    }
    out.push((project.target_dir.clone(), "target".to_owned()));
    let sources = project.sources.clone().unwrap_or_else(sources::unpacked);
    out.extend(sources);
    // As std itself names its files, where its source is installed too.
    let std = compiler.sysroot.join("lib/rustlib/src/rust");
    out.push((std, format!("/rustc/{}", compiler.commit)));
    out
}

fn flag((folder, name): (PathBuf, String)) -> Option<String> {
    let folder = folder.to_str()?;
    (!folder.contains(BETWEEN)).then(|| format!("--remap-path-prefix={folder}={name}"))
}

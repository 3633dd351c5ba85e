//! Which crate to build.

use std::env;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand, Package, PackageId, TargetKind};

use super::Options;
use crate::error::{Error, Result};

/// The crate to build.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its package.
    pub package: PackageId,
    /// The name of its library in Rust, and hence of the files.
    pub crate_name: String,
    /// Its version.
    pub version: String,
    /// One line about it.
    pub description: String,
    /// Its `Cargo.toml`.
    pub manifest: PathBuf,
    /// Where cargo builds.
    pub target_dir: PathBuf,
}

/// Finds the crate that the options name.
///
/// # Errors
/// No such package, one without a library, or several to choose from.
pub fn find(options: &Options) -> Result<Project> {
    let metadata = metadata(options)?;
    let package = choose(options, &metadata)?;
    let library = library(package)
        .ok_or_else(|| Error::input(format!("the package `{}` has no library", package.name)))?;
    Ok(Project {
        package: package.id.clone(),
        crate_name: library,
        version: package.version.to_string(),
        description: package.description.clone().unwrap_or_default(),
        manifest: package.manifest_path.clone().into(),
        target_dir: metadata.target_directory.clone().into(),
    })
}

/// The triple of a target, which can also be a file.
pub fn triple(target: &str) -> String {
    match target.strip_suffix(".json") {
        Some(path) => Path::new(path).file_name().map_or_else(
            || target.to_owned(),
            |name| name.to_string_lossy().into_owned(),
        ),
        None => target.to_owned(),
    }
}

fn metadata(options: &Options) -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.no_deps();
    if let Some(path) = &options.manifest_path {
        command.manifest_path(path);
    }
    let mut flags = Vec::new();
    for (on, flag) in [(options.offline, "--offline"), (options.locked, "--locked")] {
        if on {
            flags.push(flag.to_owned());
        }
    }
    command.other_options(flags);
    command.exec().map_err(|e| match e {
        // Cargo's own words say it best; they begin with "error: ".
        cargo_metadata::Error::CargoMetadata { stderr } => {
            let text = stderr.trim().trim_start_matches("error: ").to_owned();
            Error::input("cargo cannot read the project").because(text)
        }
        e => Error::input("cargo cannot read the project").because(e),
    })
}

fn choose<'a>(options: &Options, metadata: &'a Metadata) -> Result<&'a Package> {
    let members = metadata.workspace_packages();
    if let Some(name) = &options.package {
        let found = members.into_iter().find(|p| p.name.as_str() == name);
        return found.ok_or_else(|| Error::input(format!("the workspace has no package `{name}`")));
    }
    let manifest = match &options.manifest_path {
        Some(path) => Some(path.clone()),
        None => nearest_manifest(),
    };
    let manifest = manifest.and_then(|path| path.canonicalize().ok());
    let here = members.iter().find(|p| {
        let path = p.manifest_path.as_std_path().canonicalize().ok();
        path.is_some() && path == manifest
    });
    if let Some(package) = here {
        return Ok(package);
    }
    let is_shared = |p: &&&Package| {
        let mut kinds = p.targets.iter().flat_map(|t| &t.kind);
        kinds.any(|kind| *kind == TargetKind::CDyLib)
    };
    let shared: Vec<_> = members.iter().filter(is_shared).collect();
    match shared.as_slice() {
        [one] => Ok(one),
        [] => Err(Error::input("the workspace has no package with a cdylib")),
        many => {
            let names: Vec<_> = many.iter().map(|p| p.name.as_str()).collect();
            Err(Error::input(format!(
                "the workspace has several libraries: choose one with -p ({})",
                names.join(", ")
            )))
        }
    }
}

fn nearest_manifest() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let mut found = here.ancestors().map(|dir| dir.join("Cargo.toml"));
    found.find(|path| path.is_file())
}

/// The name of a package's library, as Rust sees it.
fn library(package: &Package) -> Option<String> {
    use TargetKind::{CDyLib, DyLib, Lib, RLib, StaticLib};
    let is_library = |kind: &TargetKind| matches!(kind, CDyLib | DyLib | Lib | RLib | StaticLib);
    let mut targets = package.targets.iter();
    let found = targets.find(|target| target.kind.iter().any(is_library))?;
    Some(found.name.replace('-', "_"))
}

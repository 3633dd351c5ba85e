//! Which crate to build.

use std::env;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand, Package, PackageId, TargetKind};

use super::{Compile, compact, sources};
use crate::error::{Error, Result};

/// The crate to build.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its package.
    pub package: PackageId,
    /// The name of its library in Rust, which also names the files.
    pub crate_name: String,
    /// Its version.
    pub version: String,
    /// One line about it.
    pub description: String,
    /// Its `Cargo.toml`.
    pub manifest: PathBuf,
    /// Where cargo builds.
    pub target_dir: PathBuf,
    /// The workspace's folder.
    pub workspace: PathBuf,
    /// The folders of dependencies, each with a name that does not mention this machine. `None` if cargo
    /// can't list them.
    pub sources: Option<Vec<(PathBuf, String)>>,
    /// The crates of rt0 that the library contains.
    pub rt0: Vec<&'static str>,
    /// Symbols that stay visible: `[package.metadata.rt0] keep`.
    pub keep: Vec<String>,
    /// Whether the unwinder goes into the library: always, but for `[package.metadata.rt0] unwinder = "shared"`.
    pub inside: bool,
    /// What the author says about an installation.
    pub install: Install,
    /// The file that the package names as its licence.
    pub licence: Option<PathBuf>,
}

/// `[package.metadata.rt0.install]`
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Install {
    /// What follows the library's name in the soname; `none` for a library without a version.
    pub soversion: Option<String>,
    /// The header's folder below the one for all headers; empty for that one itself.
    pub header_dir: Option<String>,
}

/// Finds the crate that the options name.
///
/// # Errors
/// No such package, no library in it, or several to choose from.
pub fn find(options: &Compile) -> Result<Project> {
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
        workspace: metadata.workspace_root.clone().into(),
        sources: None,
        rt0: Vec::new(),
        keep: keep(package)?,
        inside: inside(package)?,
        install: install(package)?,
        licence: package.license_file().map(Into::into),
    })
}

impl Project {
    /// Finds the folders of all dependencies, and which of rt0's crates are among them. Cargo fetches missing
    /// ones. A failure is no error here; if the build needs them, it says why.
    pub fn find_sources(&mut self, options: &Compile, target: &str) {
        let mut flags = vec!["--filter-platform".to_owned(), target.to_owned()];
        for feature in &options.features {
            flags.extend(["--features".to_owned(), feature.clone()]);
        }
        for (on, flag) in [
            (options.all_features, "--all-features"),
            (options.no_default_features, "--no-default-features"),
            (options.offline, "--offline"),
            (options.locked, "--locked"),
        ] {
            if on {
                flags.push(flag.to_owned());
            }
        }
        let mut command = MetadataCommand::new();
        command.manifest_path(&self.manifest).other_options(flags);
        if let Ok(all) = command.exec() {
            self.sources = Some(sources::of(&all.packages, &self.workspace));
            self.rt0 = compact::crates(&all.packages);
        }
    }
}

fn keep(package: &Package) -> Result<Vec<String>> {
    let list = package.metadata.get("rt0").and_then(|rt0| rt0.get("keep"));
    let Some(list) = list else {
        return Ok(Vec::new());
    };
    serde_json::from_value(list.clone()).map_err(|e| {
        Error::input(format!(
            "[package.metadata.rt0] keep in {} must be a list of symbols, such as [\"my_hook\", \"my_*\"]",
            package.manifest_path
        ))
        .because(e)
    })
}

fn inside(package: &Package) -> Result<bool> {
    let metadata = package.metadata.get("rt0");
    let choice = metadata.and_then(|rt0| rt0.get("unwinder"));
    match choice.map(|choice| choice.as_str().unwrap_or_default()) {
        None | Some("inside") => Ok(true),
        Some("shared") => Ok(false),
        Some(_) => Err(Error::input(format!(
            "[package.metadata.rt0] unwinder in {} must be \"inside\" or \"shared\"",
            package.manifest_path
        ))),
    }
}

fn install(package: &Package) -> Result<Install> {
    let metadata = package.metadata.get("rt0");
    let Some(table) = metadata.and_then(|rt0| rt0.get("install")) else {
        return Ok(Install::default());
    };
    serde_json::from_value(table.clone()).map_err(|e| {
        Error::input(format!(
            "[package.metadata.rt0.install] in {} can have soversion = \"1\" and header-dir = \"shop\", no more",
            package.manifest_path
        ))
        .because(e)
    })
}

/// The triple of a target. A target can also be a file.
pub fn triple(target: &str) -> String {
    match target.strip_suffix(".json") {
        Some(path) => Path::new(path).file_name().map_or_else(
            || target.to_owned(),
            |name| name.to_string_lossy().into_owned(),
        ),
        None => target.to_owned(),
    }
}

fn metadata(options: &Compile) -> Result<Metadata> {
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
        // Cargo's own message says it best; it begins with "error: ".
        cargo_metadata::Error::CargoMetadata { stderr } => {
            let text = stderr.trim().trim_start_matches("error: ").to_owned();
            Error::input("cargo cannot read the project").because(text)
        }
        e => Error::input("cargo cannot read the project").because(e),
    })
}

fn choose<'a>(options: &Compile, metadata: &'a Metadata) -> Result<&'a Package> {
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
        [] => Err(Error::input(
            "no package in the workspace builds a cdylib: add crate-type = [\"cdylib\"] to one, or choose one with -p",
        )),
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

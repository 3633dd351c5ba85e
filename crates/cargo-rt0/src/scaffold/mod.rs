//! A new project: a library, its hosts, and what to type.

mod name;
mod templates;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::TempDir;

pub use name::check as check_name;
pub use templates::Template;

use crate::c_library;
use crate::error::{Error, Result};
use crate::this_system;

/// What to create.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The package's name.
    pub name: String,
    /// The directory to create; the default is the name.
    pub path: Option<PathBuf>,
    /// The `rt0` crate to depend on; the default is the one in the checkout that this tool was built from, if it was
    /// built from one, else the published one of this tool's version.
    pub rt0_path: Option<PathBuf>,
    /// What it is built with.
    pub template: Template,
}

/// What was created.
#[derive(Clone, Debug, Serialize)]
pub struct Created {
    /// The project's directory.
    pub dir: PathBuf,
    /// Its files, relative to the directory.
    pub files: Vec<PathBuf>,
    /// The `rt0` crate that it depends on, if it does so by path.
    pub rt0_path: Option<PathBuf>,
    /// The version of `rt0` that it depends on.
    pub rt0_version: &'static str,
    /// The commands to type next, in the project's directory.
    #[serde(skip)]
    pub next: Vec<String>,
    /// What README.md has besides.
    #[serde(skip)]
    pub more: &'static str,
}

/// The crate in the checkout that this tool was built from.
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rt0");

/// The version of the crates that are released together with this tool.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The crates beside `rt0` that templates depend on, with their versions.
const BESIDE: [(&str, &str); 5] = [
    ("build", VERSION),
    ("jni", "0.1.0"),
    ("napi", "0.1.0"),
    ("pyo3", "0.1.0"),
    ("uniffi", "0.1.0"),
];

/// Creates the project.
///
/// # Errors
/// The name is not a crate name, the directory is in use, or there is no `rt0`.
pub fn create(options: &Options) -> Result<Created> {
    name::check(&options.name)?;
    refuse_c_library_names(&options.name)?;
    let rt0_path = rt0_path(options)?;
    let dir = options
        .path
        .clone()
        .unwrap_or_else(|| PathBuf::from(&options.name));
    refuse_used(&dir)?;
    let krate = options.name.replace('-', "_");
    let contents = options.template.contents();
    let places = places(rt0_path.as_deref())?;
    let is_new = !dir.exists();
    let (stage, _lock) = stage(&dir, is_new)?;
    let mut files = Vec::new();
    let fill = |text: &str| {
        let text = text
            .replace("@NAME@", &options.name)
            .replace("@CRATE@", &krate)
            .replace("@UPPER@", &krate.to_ascii_uppercase())
            .replace("@CLASS@", &class_name(&krate));
        let put = |text: String, (place, said): &(String, String)| text.replace(place, said);
        places.iter().fold(text, put)
    };
    for (file, text) in contents.files {
        let file = fill(file);
        write(&stage.path().join(&file), &fill(text))?;
        files.push(PathBuf::from(file));
    }
    finish(stage, &dir, is_new)?;
    Ok(Created {
        dir,
        files,
        rt0_path,
        rt0_version: VERSION,
        next: contents.next.lines().map(fill).collect(),
        more: contents.more,
    })
}

/// What stands in templates for where `rt0` is, and each crate beside it.
fn places(rt0: Option<&Path>) -> Result<Vec<(String, String)>> {
    let by_version = |version: &str| format!("version = \"{version}\"");
    let by_path = |path: &Path| Ok(format!("path = {}", toml_text(path)?));
    let mut out = Vec::new();
    for (name, version) in BESIDE {
        let is = match rt0 {
            Some(rt0) => by_path(&rt0.with_file_name(format!("rt0-{name}")))?,
            None => by_version(version),
        };
        out.push((format!("@RT0-{}@", name.to_ascii_uppercase()), is));
    }
    let (is, comment, line) = match rt0 {
        Some(rt0) => (
            by_path(rt0)?,
            "# rt0 is named by its path in a checkout on this machine.\n",
            "- `Cargo.toml` names rt0 by its path in a checkout on this machine.\n",
        ),
        None => (by_version(VERSION), "", ""),
    };
    out.push(("@RT0@".to_owned(), is));
    out.push(("@WHERE@".to_owned(), comment.to_owned()));
    out.push(("@WHERE-README@".to_owned(), line.to_owned()));
    Ok(out)
}

/// `my_lib` as the name of a class: `MyLib`.
fn class_name(krate: &str) -> String {
    let parts = krate.split('_').filter_map(|part| {
        let first = part.chars().next()?;
        Some(format!(
            "{}{}",
            first.to_ascii_uppercase(),
            &part[first.len_utf8()..]
        ))
    });
    parts.collect()
}

/// The functions of the template.
const EXPORTS: [&str; 2] = ["greet", "greeted"];

fn refuse_c_library_names(name: &str) -> Result<()> {
    let calls = rt0_abi::LIFECYCLE.iter().chain(&EXPORTS);
    let symbol = |call: &&str| format!("{}_{call}", name.replace('-', "_"));
    let taken = c_library::names_among(&calls.map(symbol).collect(), Path::new("cc"));
    if taken.is_empty() {
        return Ok(());
    }
    Err(Error::input(format!(
        "a library named {name:?} would define {}, which the C library defines too: callers of one would get the other. \
         Choose another name, such as {name}-lib",
        taken.join(", ")
    )))
}

/// The crate to depend on by path. `None`: by version, for a tool from a registry.
fn rt0_path(options: &Options) -> Result<Option<PathBuf>> {
    let Some(path) = &options.rt0_path else {
        return Ok(checkout(Path::new(CHECKOUT)));
    };
    let missing = || {
        Error::input(format!(
            "there is no rt0 crate in {}: set --rt0-path to the directory crates/rt0 of a checkout",
            path.display()
        ))
    };
    let path = path.canonicalize().map_err(|e| missing().because(e))?;
    if !path.join("Cargo.toml").is_file() {
        return Err(missing());
    }
    Ok(Some(path))
}

/// The crate in this folder, unless it is a package that somebody has put beside this one (`cargo vendor`): those have
/// their manifest as cargo has rewritten it.
fn checkout(path: &Path) -> Option<PathBuf> {
    let is_ours = path.join("Cargo.toml").is_file() && !path.join("Cargo.toml.orig").exists();
    is_ours.then(|| path.canonicalize().ok()).flatten()
}

fn refuse_used(dir: &Path) -> Result<()> {
    let is_used = |entry: std::io::Result<fs::DirEntry>| !entry.is_ok_and(|entry| is_stage(&entry));
    match fs::read_dir(dir).map(|mut entries| !entries.any(is_used)) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::input(format!(
            "{} is not empty: choose another directory with --path",
            dir.display()
        ))),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(Error::input(format!("cannot use {}", dir.display())).because(e)),
    }
}

/// A folder beside the final one, or inside it if that exists already: a project is created as a whole or not
/// at all. Folders of killed runs are removed: with the lock, no other run is at work there.
fn stage(dir: &Path, is_new: bool) -> Result<(TempDir, Option<fs::File>)> {
    let fail = |e| Error::failed(format!("cannot make {}", dir.display())).because(e);
    let parent = match dir.parent() {
        _ if !is_new => dir,
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(fail)?;
    let lock = fs::File::open(parent)
        .ok()
        .filter(|file| file.lock().is_ok());
    if lock.is_some() {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        for left in entries.filter(is_stage) {
            let _ = fs::remove_dir_all(left.path());
        }
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(STAGE);
    this_system::permissions(&mut builder, 0o777);
    let stage = builder.tempdir_in(parent).map_err(fail)?;
    Ok((stage, lock))
}

/// The start of the name of a project that is being created.
const STAGE: &str = ".rt0-new-";

fn is_stage(entry: &fs::DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with(STAGE)
}

/// Moves the project to its final place.
fn finish(stage: TempDir, dir: &Path, is_new: bool) -> Result<()> {
    let fail = |e| Error::failed(format!("cannot make {}", dir.display())).because(e);
    if is_new {
        fs::rename(stage.path(), dir).map_err(fail)?;
        let _ = stage.keep();
        return Ok(());
    }
    for entry in fs::read_dir(stage.path()).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        fs::rename(entry.path(), dir.join(entry.file_name())).map_err(fail)?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    let fail = |e| Error::failed(format!("cannot write {}", path.display())).because(e);
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).map_err(fail)?;
    }
    fs::write(path, text).map_err(fail)
}

/// A path as a TOML string.
fn toml_text(path: &Path) -> Result<String> {
    let text = path
        .to_str()
        .filter(|text| !text.contains(char::is_control));
    let text = text.ok_or_else(|| {
        Error::input(format!(
            "the path {} is not UTF-8, as Cargo.toml needs it",
            path.display()
        ))
    })?;
    Ok(format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_from_a_registry_depends_by_version() {
        let places = places(None).unwrap();
        let is = |place: &str| {
            let found = places.iter().find(|(name, _)| name == place);
            found.map(|(_, is)| is.as_str()).unwrap()
        };
        assert_eq!(is("@RT0@"), format!("version = \"{VERSION}\""));
        assert_eq!(is("@RT0-PYO3@"), "version = \"0.1.0\"");
        assert_eq!((is("@WHERE@"), is("@WHERE-README@")), ("", ""));
    }

    #[test]
    fn a_packages_neighbour_is_no_checkout() {
        let dir = tempfile::tempdir().unwrap();
        let rt0 = dir.path().join("rt0");
        assert_eq!(checkout(&rt0), None);
        write(&rt0.join("Cargo.toml"), "[package]\n").unwrap();
        assert_eq!(checkout(&rt0), rt0.canonicalize().ok());
        write(&rt0.join("Cargo.toml.orig"), "[package]\n").unwrap();
        assert_eq!(checkout(&rt0), None);
    }

    #[test]
    fn the_versions_are_those_of_the_crates() {
        for (name, version) in BESIDE {
            let manifest = Path::new(CHECKOUT).with_file_name(format!("rt0-{name}/Cargo.toml"));
            // In a package there is no such file.
            let Ok(text) = fs::read_to_string(manifest) else {
                continue;
            };
            let manifest: toml::Table = text.parse().unwrap();
            let own = manifest["package"]["version"].as_str();
            assert!(own.is_none() || own == Some(version), "rt0-{name}");
        }
    }
}

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
    /// The `rt0` crate to depend on; the default is the one in the checkout that this tool was built from.
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
    /// The `rt0` crate that it depends on.
    pub rt0_path: PathBuf,
    /// The commands to type next, in the project's directory.
    #[serde(skip)]
    pub next: Vec<String>,
    /// What README.md has besides.
    #[serde(skip)]
    pub more: &'static str,
}

/// The crate in the checkout that this tool was built from.
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rt0");

/// The crates beside `rt0` that templates depend on.
const BESIDE: [&str; 5] = ["BUILD", "JNI", "NAPI", "PYO3", "UNIFFI"];

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
    let paths = paths(&rt0_path)?;
    let is_new = !dir.exists();
    let (stage, _lock) = stage(&dir, is_new)?;
    let mut files = Vec::new();
    let fill = |text: &str| {
        let text = text
            .replace("@NAME@", &options.name)
            .replace("@CRATE@", &krate)
            .replace("@UPPER@", &krate.to_ascii_uppercase())
            .replace("@CLASS@", &class_name(&krate));
        let put = |text: String, (place, path): &(String, String)| text.replace(place, path);
        paths.iter().fold(text, put)
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
        next: contents.next.lines().map(fill).collect(),
        more: contents.more,
    })
}

/// What stands in templates for the path of `rt0`, and of each crate beside it, and the path as a TOML string.
fn paths(rt0: &Path) -> Result<Vec<(String, String)>> {
    let beside = BESIDE.iter().map(|name| {
        let path = rt0.with_file_name(format!("rt0-{}", name.to_ascii_lowercase()));
        Ok((format!("@RT0-{name}@"), toml_text(&path)?))
    });
    let rt0 = Ok(("@RT0@".to_owned(), toml_text(rt0)?));
    std::iter::once(rt0).chain(beside).collect()
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

fn rt0_path(options: &Options) -> Result<PathBuf> {
    let path = options.rt0_path.clone().unwrap_or_else(|| CHECKOUT.into());
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
    Ok(path)
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

//! From a crate to the files that a host wants: the shared library, the header, the pkg-config file
//! and, on request, the archive.

mod archive;
mod cargo;
mod options;
mod pkg_config;
mod prelink;
mod project;
mod strengthen;
mod system;
mod tools;

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use options::Options;

use system::System;

use crate::error::{Error, Result};
use crate::image::Image;
use crate::linker::{CargoConfig, real_linker};
use crate::{description, header, inspect, symbols};

/// What was built.
#[derive(Clone, Debug, Serialize)]
pub struct Built {
    /// The library's name: `search` for `libsearch.so`.
    pub name: String,
    /// What its symbols begin with.
    pub prefix: String,
    /// The target it was built for.
    pub target: String,
    /// The directory of all these files.
    pub out_dir: PathBuf,
    /// The shared library, where the target has them: musl's, as the compiler has it, link statically.
    pub library: Option<PathBuf>,
    /// The archive, when it was asked for.
    pub archive: Option<PathBuf>,
    /// What programs on Windows are linked with in its place.
    pub import_library: Option<PathBuf>,
    /// The C header.
    pub header: PathBuf,
    /// The pkg-config file.
    pub pkg_config: PathBuf,
    /// The pkg-config file for the archive alone, when it was asked for.
    pub static_pkg_config: Option<PathBuf>,
    /// The visible symbols.
    pub symbols: Vec<String>,
}

/// Builds the library that the options name. Cargo's progress goes to the standard error output.
///
/// The calling program must begin with [`crate::linker::intercept`].
///
/// # Errors
/// A crate that is no library or has no `#[rt0::init]`, a build that fails, and a result that shows
/// other symbols than the declared ones or could not be loaded or unloaded safely.
pub fn build(options: &Options) -> Result<Built> {
    let project = project::find(options)?;
    let from = std::env::current_dir()
        .map_err(|e| Error::failed("cannot tell the current directory").because(e))?;
    let config = CargoConfig::load(&from);
    let host = tools::host()?;
    let asked = options.target.clone().or_else(|| config.build_target());
    let target = asked
        .as_deref()
        .map_or_else(|| host.clone(), project::triple);
    let linker = real_linker(&target, &host, &config);
    let system = System::of(&target);
    system.check(&target, options.archive)?;

    let compiled = cargo::compile(options, &project, asked.as_deref(), &linker, system)?;
    let image = Image::open(compiled.file()?)?;
    let Some((description, library)) = describe(&image)? else {
        return Err(Error::failed(format!(
            "the crate `{}` has no #[rt0::init]: nothing would start the library. \
             Put the attribute on the function that makes its state",
            project.crate_name
        )));
    };
    if compiled.shared.is_some() {
        check(&image)?;
    }

    let out = out_dir(options, &project, asked.as_deref().map(|_| target.as_str()))?;
    fs::create_dir_all(&out)
        .map_err(|e| Error::failed(format!("cannot make {}", out.display())).because(e))?;
    let name = project.crate_name.clone();
    let path = |file: String| out.join(file);
    let files = pkg_config::Files {
        project: &project,
        prefix: &library.prefix,
        native: compiled.native.as_deref(),
    };
    let mut built = Built {
        library: None,
        import_library: None,
        header: path(format!("{name}.h")),
        pkg_config: path(format!("{name}.pc")),
        archive: None,
        static_pkg_config: None,
        symbols: symbols::declared(&description).into_iter().collect(),
        prefix: library.prefix.to_string(),
        target: target.clone(),
        out_dir: out.clone(),
        name: name.clone(),
    };
    if let Some(shared) = &compiled.shared {
        let library = path(system.library(&name));
        put_file(shared, &library)?;
        built.library = Some(library);
    }
    put(
        &built.header,
        header::generate(&description, &name)?.as_bytes(),
    )?;
    let pkg_config = match &compiled.shared {
        Some(_) => files.shared(),
        None => files.archive(),
    };
    put(&built.pkg_config, pkg_config.as_bytes())?;
    if let Some(compiled) = &compiled.import_library {
        let import_library = path(format!("lib{name}.dll.a"));
        put_file(compiled, &import_library)?;
        built.import_library = Some(import_library);
    }
    if let Some(compiled) = &compiled.archive {
        options.say("Prelinking", &format!("lib{name}.a"));
        let tools = tools::Tools::find(linker, &target, &host)?;
        let bytes = archive::make(compiled, &name, &built.symbols, &library.prefix, &tools)?;
        let archive = path(format!("lib{name}.a"));
        check(&Image::from_bytes(&archive, bytes.clone()))?;
        put(&archive, &bytes)?;
        let static_pkg_config = path(format!("{name}-static.pc"));
        put(&static_pkg_config, files.archive().as_bytes())?;
        built.archive = Some(archive);
        built.static_pkg_config = Some(static_pkg_config);
    }
    options.say("Built", &out.display().to_string());
    Ok(built)
}

type Described = (rt0_abi::decode::Description, rt0_abi::decode::Library);

fn describe(image: &Image) -> Result<Option<Described>> {
    let mut found = false;
    for object in image.objects()? {
        let sections = description::sections(&object);
        found |= sections.is_ok_and(|sections| !sections.is_empty());
    }
    if !found {
        return Ok(None);
    }
    let mut description = description::read(image)?;
    let library = description.library.take();
    Ok(library.map(|library| {
        description.library = Some(library.clone());
        (description, library)
    }))
}

/// What was built must be what was meant.
fn check(image: &Image) -> Result<()> {
    let report = inspect::inspect(image)?;
    if report.findings.is_empty() {
        return Ok(());
    }
    let mut why = report.findings.join("; ");
    for (what, names) in [
        ("visible, not declared", &report.symbols.surplus),
        ("declared, not visible", &report.symbols.missing),
    ] {
        if !names.is_empty() {
            let some: Vec<_> = names.iter().take(8).map(String::as_str).collect();
            let more = if names.len() > some.len() {
                ", ..."
            } else {
                ""
            };
            why.push_str(&format!("\n  {what}: {}{more}", some.join(", ")));
        }
    }
    if !report.symbols.surplus.is_empty() {
        why.push_str(
            "\n  (a linker that is set in RUSTFLAGS or `build.rustflags` keeps cargo rt0 out: set \
             `target.TRIPLE.linker` instead)",
        );
    }
    let file = image.path().display();
    Err(Error::failed(format!("{file} was built, but {why}")))
}

/// The directory for the files, absolute so that callers may be anywhere.
fn out_dir(options: &Options, project: &project::Project, target: Option<&str>) -> Result<PathBuf> {
    let dir = match (&options.out, target) {
        (Some(out), _) => out.clone(),
        (None, target) => {
            let dir = project.target_dir.join("rt0").join(options.profile_dir());
            target.map_or(dir.clone(), |target| dir.join(target))
        }
    };
    std::path::absolute(&dir)
        .map_err(|e| Error::input(format!("cannot use {}", dir.display())).because(e))
}

fn put_file(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from)
        .map_err(|e| Error::failed(format!("cannot read {}", from.display())).because(e))?;
    put(to, &bytes)
}

/// Writes a file in one step: a process that has the old one mapped keeps it.
fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |e| Error::failed(format!("cannot write {}", path.display())).because(e);
    let dir = path.parent().unwrap_or(Path::new("."));
    let file = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .tempfile_in(dir)
        .map_err(fail)?;
    fs::write(file.path(), bytes).map_err(fail)?;
    file.persist(path).map_err(|e| fail(e.error))?;
    Ok(())
}

//! Turns a crate into the files that a host needs: the shared library, the header, the pkg-config file and,
//! on request, the archive.

mod apple;
mod archive;
mod cargo;
mod compact;
mod options;
pub(crate) mod output_folder;
pub(crate) mod pkg_config;
mod prelink;
pub(crate) mod project;
mod remap;
mod sources;
mod strengthen;
pub(crate) mod system;
pub(crate) mod tools;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use options::{Compile, Options};

use project::Project;
use system::System;

use crate::error::{Error, Result};
use crate::image::Image;
use crate::linker::{CargoConfig, Seen, real_linker, take_linker};
use crate::{c_library, description, header, inspect, keep, symbols};

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
    /// The shared library, if the target has them: the compiler links musl's targets statically.
    pub library: Option<PathBuf>,
    /// The archive, if it was asked for.
    pub archive: Option<PathBuf>,
    /// On Windows, the file that programs link instead of the library.
    pub import_library: Option<PathBuf>,
    /// The C header.
    pub header: PathBuf,
    /// The pkg-config file.
    pub pkg_config: PathBuf,
    /// The pkg-config file for the archive alone, if it was asked for.
    pub static_pkg_config: Option<PathBuf>,
    /// The visible symbols.
    pub symbols: Vec<String>,
    /// Symbols that the crate exports by hand and that are not visible.
    pub hidden: Vec<String>,
}

/// Builds the library that the options name. Cargo's progress goes to standard error.
///
/// The calling program must begin with [`crate::linker::intercept`].
///
/// # Errors
/// The crate is not a library or has no `#[rt0::init]`, the build fails, or the result shows symbols that are
/// not declared or could not be loaded or unloaded safely.
pub fn build(options: &Options) -> Result<Built> {
    let (built, _) = prepare(&options.compile)?.run(options, None)?;
    let out = built.out_dir.display().to_string();
    options.compile.say("Built", &out);
    Ok(built)
}

/// What is known before anything is compiled.
pub(crate) struct Prepared {
    /// The crate.
    pub project: Project,
    /// The target's triple.
    pub target: String,
    /// The target's family.
    pub system: System,
    config: CargoConfig,
    compiler: tools::Compiler,
    /// The target as cargo gets it, if one is named.
    asked: Option<String>,
    linker: PathBuf,
}

/// Finds the crate, the target and the linker.
///
/// # Errors
/// There is no such crate, or cargo's configuration can't be read.
pub(crate) fn prepare(options: &Compile) -> Result<Prepared> {
    let project = project::find(options)?;
    let from = std::env::current_dir()
        .map_err(|e| Error::failed("cannot find the current directory").because(e))?;
    let config = CargoConfig::load(&from)?;
    let compiler = tools::Compiler::ask()?;
    let asked = match &options.target {
        Some(target) => Some(target.clone()),
        None => config.build_target()?,
    };
    let named = asked.as_deref().unwrap_or(&compiler.host);
    let target = project::triple(named);
    let linker = real_linker(named, &target, &compiler.host, &config)?;
    Ok(Prepared {
        system: System::of(&target),
        project,
        target,
        config,
        compiler,
        asked,
        linker,
    })
}

impl Prepared {
    /// Builds. `soname`: the file is for an installation, under this name.
    ///
    /// # Errors
    /// As [`build`].
    pub fn run(self, options: &Options, soname: Option<&str>) -> Result<(Built, Finished)> {
        let Prepared {
            mut project,
            target,
            system,
            config,
            compiler,
            asked,
            mut linker,
        } = self;
        let named = asked.as_deref().unwrap_or(&compiler.host);
        system.check(&target, options.archive)?;

        project.find_sources(&options.compile, &target);
        // The user's own flags come last, and override ours.
        let mut flags: Vec<_> = compact::direct_calls(&target).into_iter().collect();
        flags.extend(remap::for_all(&project, &compiler, &config, named)?);
        let mut with_flags = options.clone();
        let mut linker_is_in_flags = false;
        for named in [
            take_linker(&mut flags),
            take_linker(&mut with_flags.compile.rustc_args),
        ] {
            linker_is_in_flags |= named.is_some();
            linker = named.unwrap_or(linker);
        }
        tools::check_linker(&linker, &target, &compiler.host)?;
        let out = out_dir(options, &project, asked.as_deref().map(|_| target.as_str()))?;
        output_folder::check(&out)?;
        let _lock = output_folder::one_at_a_time(&project.target_dir)?;
        let flags = remap::encode(&flags);
        let job = cargo::Job {
            options: &with_flags,
            project: &project,
            target: asked.as_deref(),
            host: &compiler.host,
            linker: &linker,
            linker_is_in_flags,
            system,
            flags: &flags,
            installed: soname,
        };
        let compiled = cargo::compile(&job)?;
        let image = Image::open(compiled.file()?)?;
        let Some((description, library)) = describe(&image)? else {
            return Err(Error::failed(format!(
                "the crate `{}` has no #[rt0::init], so nothing would start the library: \
                 put the attribute on the function that creates its state",
                project.crate_name
            )));
        };
        if compiled.shared.is_some() {
            check(&image)?;
        }
        let declared = symbols::declared(&description);
        refuse_c_library_names(&declared, &library.prefix, &linker)?;
        // Without a shared library the linker's stand-in has not looked for them.
        let mut seen = seen(&job);
        if let (None, Some(archive)) = (&compiled.shared, &compiled.archive) {
            let names = archive::index(archive);
            let others = names.difference(&declared).map(String::as_str);
            seen = Seen {
                kept: keep::kept(others, &project.keep),
                hidden: archive::own(archive, &project.crate_name)
                    .difference(&declared)
                    .cloned()
                    .collect(),
            };
        }
        seen.hidden.retain(|name| !seen.kept.contains(name));
        let hidden = warn(&project, &compiled, &declared, &seen);

        let mut folder = output_folder::OutputFolder::open(&out)?;
        let name = project.crate_name.clone();
        let path = |file: String| out.join(file);
        let wants_unwinder =
            |native: &String| native.split(' ').any(|word| word == pkg_config::UNWINDER);
        let unwinder = compiled
            .native
            .as_ref()
            .filter(|native| wants_unwinder(native));
        let unwinder = unwinder.and_then(|_| compiler.unwinder(&target));
        let files = pkg_config::Library {
            name: project.crate_name.clone(),
            version: project.version.clone(),
            description: project.description.clone(),
            prefix: library.prefix.to_string(),
            native: compiled.native.clone(),
            unwinder: unwinder.is_some(),
            target: target.clone(),
        };
        let dirs = pkg_config::Dirs::one(&out);
        let mut built = Built {
            library: None,
            import_library: None,
            header: path(format!("{name}.h")),
            pkg_config: path(format!("{name}.pc")),
            archive: None,
            static_pkg_config: None,
            symbols: declared.union(&seen.kept).cloned().collect(),
            hidden,
            prefix: library.prefix.to_string(),
            target: target.clone(),
            out_dir: out.clone(),
            name: name.clone(),
        };
        let text = header::generate(&description, &name)?;
        folder.add(&format!("{name}.h"), text.as_bytes())?;
        let pkg_config = match &compiled.shared {
            Some(_) => files.shared(&dirs),
            None => files.archive(&dirs),
        };
        folder.add(&format!("{name}.pc"), pkg_config.as_bytes())?;
        if let Some(compiled) = &compiled.import_library {
            built.import_library = Some(folder.add_file(&format!("lib{name}.dll.a"), compiled)?);
        }
        let debug = compiled.debug || options.archive_debug;
        if let Some(compiled) = &compiled.archive {
            let tools = tools::Tools::find(linker.clone(), &target, &compiler)?;
            let extras = prelink::Extras {
                kept: &seen.kept,
                debug,
                unwinder: unwinder.as_deref(),
            };
            let (symbols, prefix) = (&built.symbols, &library.prefix);
            let bytes = match system {
                System::Apple => {
                    options
                        .compile
                        .say("Hiding", &format!("symbols in lib{name}.a"));
                    apple::make(compiled, symbols, &extras, prefix, &tools)?
                }
                _ => {
                    options.compile.say("Prelinking", &format!("lib{name}.a"));
                    archive::make(compiled, &name, symbols, &extras, prefix, &tools)?
                }
            };
            let archive = path(format!("lib{name}.a"));
            check(&Image::from_bytes(&archive, bytes.clone()))?;
            let text = files.archive(&dirs);
            let pkg_config = folder.add(&format!("{name}-static.pc"), text.as_bytes())?;
            built.static_pkg_config = Some(pkg_config);
            built.archive = Some(folder.add(&format!("lib{name}.a"), &bytes)?);
        }
        // Last: when a waiting process sees the library, the other files are there too.
        if let Some(shared) = &compiled.shared {
            built.library = Some(folder.add_file(&system.library(&name), shared)?);
        }
        folder.finish()?;
        let tools = tools::Tools::find(linker, &target, &compiler)?;
        Ok((
            built,
            Finished {
                library: files,
                tools,
            },
        ))
    }
}

/// What is left of a build for whoever installs its files.
pub(crate) struct Finished {
    /// What build systems are told.
    pub library: pkg_config::Library,
    /// The programs that change object files.
    pub tools: tools::Tools,
}

/// If the C library defines such a symbol too, the host and the library itself would take one for the other.
fn refuse_c_library_names(declared: &BTreeSet<String>, prefix: &str, linker: &Path) -> Result<()> {
    // Other names are the author's own choice.
    let start = format!("{prefix}_");
    let ours = declared.iter().filter(|name| name.starts_with(&start));
    let taken = c_library::names_among(&ours.cloned().collect(), linker);
    if taken.is_empty() {
        return Ok(());
    }
    Err(Error::failed(format!(
        "with the prefix `{prefix}` the library would define {}, which the C library defines too: callers of one would \
         get the other, in this library as well. Choose another prefix in Cargo.toml: [package.metadata.rt0] \
         prefix = \"my_{prefix}\"",
        listed(taken.iter())
    )))
}

/// What the linker's stand-in has written down.
fn seen(job: &cargo::Job<'_>) -> Seen {
    let text = job.seen().and_then(|path| {
        fs::read_to_string(path).map_err(|e| Error::failed("it has not run").because(e))
    });
    let seen = text.ok().and_then(|text| serde_json::from_str(&text).ok());
    seen.unwrap_or_default()
}

/// Warns about the crate's own symbols that no host will find, and about symbols to keep that do not exist.
/// Returns the former.
fn warn(
    project: &project::Project,
    compiled: &cargo::Compiled,
    declared: &BTreeSet<String>,
    seen: &Seen,
) -> Vec<String> {
    let mut hidden = seen.hidden.clone();
    if !hidden.is_empty() {
        for dependency in &compiled.dependencies {
            for name in archive::index(dependency) {
                hidden.remove(&name);
            }
        }
    }
    let krate = &project.crate_name;
    if let Some(one) = hidden.first() {
        crate::progress::line(&format!(
            "warning: `{krate}` exports {} by hand, but hosts see only what rt0 exports. To keep such a symbol visible, \
             list it in Cargo.toml: [package.metadata.rt0] keep = [\"{one}\"]; a * stands for any letters",
            listed(hidden.iter())
        ));
    }
    let covers = |pattern: &&String| {
        let mut known = seen.kept.iter().chain(declared);
        !known.any(|name| keep::covers(pattern, name))
    };
    let missing: Vec<_> = project.keep.iter().filter(covers).collect();
    if !missing.is_empty() {
        crate::progress::line(&format!(
            "warning: [package.metadata.rt0] keep lists {}, but `{krate}` exports no such symbol",
            listed(missing.into_iter())
        ));
    }
    hidden.into_iter().collect()
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
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

/// Checks the built file.
pub(crate) fn check(image: &Image) -> Result<()> {
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
    let file = image.path().display();
    Err(Error::failed(format!("{file} was built, but {why}")))
}

/// The directory for the files. It is absolute, because callers may be in any directory.
fn out_dir(options: &Options, project: &project::Project, target: Option<&str>) -> Result<PathBuf> {
    let dir = match (&options.out, target) {
        (Some(out), _) => out.clone(),
        (None, target) => {
            let dir = project
                .target_dir
                .join("rt0")
                .join(options.compile.profile_dir());
            target.map_or(dir.clone(), |target| dir.join(target))
        }
    };
    std::path::absolute(&dir)
        .map_err(|e| Error::input(format!("cannot use {}", dir.display())).because(e))
}

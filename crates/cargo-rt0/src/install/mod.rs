//! Installs a library as packagers know it: a versioned file with links, the header in a folder of its own, files for
//! pkg-config and CMake, debug information apart, licences.
//!
//! | step | here |
//! |---|---|
//! | what the files are called | [`names`] |
//! | where they belong | [`dirs`] |
//! | what build systems read | [`cmake`], and pkg-config's files of [`build`](mod@crate::build) |
//! | what debuggers read | [`debug`] |
//! | all of them, or none | [`stage`] |

mod cmake;
mod debug;
mod dirs;
mod licences;
mod names;
mod options;
mod stage;

use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::semver::Version;
use object::Object;
use serde::Serialize;

pub use options::{DebugInfo, LibraryType, Options};

use crate::build::{self, Finished, Prepared};
use crate::error::{Error, Result};
use crate::image::Image;
use crate::{inspect, progress, this_system};
use dirs::{Dirs, placed};
use names::{Family, Names};
use stage::{Content, Stage};

/// What was installed.
#[derive(Clone, Debug, Serialize)]
pub struct Installed {
    /// The library's name: `shop` for `libshop.so.1`.
    pub name: String,
    /// The crate's version.
    pub version: String,
    /// The target it was built for.
    pub target: String,
    /// The name by which programs that are linked with it ask for it.
    pub soname: Option<String>,
    /// The files.
    pub files: Vec<Placed>,
}

/// A file that was installed.
#[derive(Clone, Debug, Serialize)]
pub struct Placed {
    /// Where it is.
    pub path: PathBuf,
    /// Where it leads, if it is a link.
    pub link: Option<String>,
}

/// Builds the library that the options name and installs it. Cargo's progress goes to standard error.
///
/// The calling program must begin with [`crate::linker::intercept`].
///
/// # Errors
/// As [`build::build`], or a file can't be written: then nothing is installed.
pub fn install(options: &Options) -> Result<Installed> {
    let options = &Options {
        destdir: options.destdir.as_deref().map(absolute).transpose()?,
        ..options.clone()
    };
    let mut compile = options.compile.clone();
    compile.release |= compile.profile.is_none();
    let prepared = build::prepare(&compile)?;
    let plan = Plan::of(options, &prepared)?;
    let fail = |e| Error::failed("cannot make a temporary directory").because(e);
    let folder = tempfile::tempdir().map_err(fail)?;
    let built = build::Options {
        compile,
        out: Some(folder.path().to_owned()),
        archive: plan.archive,
        archive_debug: false,
    };
    let soname = plan.full_soname();
    let (built, finished) = prepared.run(&built, soname.as_deref())?;
    let files = plan.files(&built, &finished, options)?;
    options.compile.say("Installing", &plan.said(options));
    place(&files, options)?;
    Ok(Installed {
        name: plan.name,
        version: plan.version.to_string(),
        target: plan.target,
        soname: plan.names.soname.filter(|_| built.library.is_some()),
        files: files
            .into_iter()
            .map(|(path, content)| Placed {
                path: placed(options.destdir.as_deref(), &path),
                link: match content {
                    Content::Link(to) => Some(to),
                    Content::File(..) => None,
                },
            })
            .collect(),
    })
}

/// What is to be installed, known before anything is compiled.
struct Plan {
    name: String,
    version: Version,
    target: String,
    family: Family,
    names: Names,
    dirs: Dirs,
    /// Whether the shared library was asked for by name.
    must_share: bool,
    /// Whether it is installed if there is one.
    shared: bool,
    /// Whether the archive is installed.
    archive: bool,
    licences: Vec<PathBuf>,
}

/// Paths as they are once installed, each with what goes there.
type Files = Vec<(PathBuf, Content)>;

/// What every file but the shared library gets.
const PLAIN: u32 = 0o644;

/// Tools of packagers look for debug information only in files with this.
const EXECUTABLE: u32 = 0o755;

impl Plan {
    fn of(options: &Options, prepared: &Prepared) -> Result<Plan> {
        let project = &prepared.project;
        let name = project.crate_name.clone();
        let cannot = |e| Error::failed("cannot read the package's version").because(e);
        let version = Version::parse(&project.version).map_err(cannot)?;
        let chosen = options
            .soversion
            .as_ref()
            .or(project.install.soversion.as_ref());
        let soversion = match chosen {
            Some(text) => names::chosen(text)?,
            None => Some(names::soversion(&version)),
        };
        let family = Family::of(&prepared.target);
        let types = &options.library_type;
        let asked = |which| types.contains(&which);
        let has_archives = !matches!(family, Family::Windows { .. });
        let archive = match types.is_empty() {
            true => has_archives,
            false => asked(LibraryType::Staticlib),
        };
        if archive && !has_archives {
            return Err(Error::input(format!(
                "archives for this system are not supported yet ({}): leave out --library-type staticlib",
                prepared.target
            )));
        }
        let shared = types.is_empty() || asked(LibraryType::Cdylib);
        let names = family.names(&name, &version, soversion.as_deref());
        if shared {
            names::check_links(&names, this_system::HAS_LINKS, &prepared.target)?;
        }
        let header = project.install.header_dir.as_deref().unwrap_or(&name);
        let dirs = Dirs::of(options, header)?;
        if let Some(dir) = &options.destdir
            && dir.exists()
            && !dir.is_dir()
        {
            return Err(Error::input(format!(
                "{} is not a folder: choose a folder with --destdir",
                dir.display()
            )));
        }
        let licences = crate::install::licences::of(project);
        if licences.is_empty() {
            progress::line(&format!(
                "warning: `{name}` has no file LICENSE, COPYING or the like, so no licence is installed"
            ));
        }
        Ok(Plan {
            names,
            target: prepared.target.clone(),
            must_share: asked(LibraryType::Cdylib),
            shared,
            name,
            version,
            family,
            dirs,
            archive,
            licences,
        })
    }

    /// The soname as the linker is told it: Apple's has the whole path in it.
    fn full_soname(&self) -> Option<String> {
        let soname = self.names.soname.as_ref()?;
        Some(match self.family {
            Family::Apple => self.dirs.lib.join(soname).to_string_lossy().into_owned(),
            _ => soname.clone(),
        })
    }

    fn said(&self, options: &Options) -> String {
        let prefix = placed(options.destdir.as_deref(), &self.dirs.prefix);
        format!("{} {} in {}", self.name, self.version, prefix.display())
    }

    /// All files. Those by which others find the library come last.
    fn files(&self, built: &build::Built, done: &Finished, options: &Options) -> Result<Files> {
        let shared = built.library.as_ref().filter(|_| self.shared);
        if shared.is_none() && self.must_share {
            return Err(Error::failed(format!(
                "for {} the compiler makes no shared library unless it is told to: leave out cdylib, or set \
                 RUSTFLAGS=\"-C target-feature=-crt-static\"",
                self.target
            )));
        }
        let mut out = Files::new();
        let mut links = Files::new();
        if let Some(library) = shared {
            self.shared(library, done, options, &mut out)?;
            for link in self.names.links.iter().rev() {
                let to = Content::Link(self.names.shared.clone());
                links.insert(0, (self.dirs.lib.join(link), to));
            }
        }
        let import = built.import_library.as_ref().filter(|_| shared.is_some());
        if let (Some(import), Some(name)) = (import, &self.names.import) {
            out.push((self.dirs.lib.join(name), file(import)?));
        }
        let archive = built.archive.as_ref().filter(|_| self.archive);
        if let Some(archive) = archive {
            out.push((self.dirs.lib.join(&self.names.archive), file(archive)?));
        }
        let header = self.dirs.header_folder().join(format!("{}.h", self.name));
        out.push((header, file(&built.header)?));
        let licences = self.dirs.licences.join(&self.name);
        for path in &self.licences {
            let name = path.file_name().unwrap_or_default();
            out.push((licences.join(name), file(path)?));
        }
        out.extend(links);
        self.for_pkg_config(done, shared.is_some(), archive.is_some(), &mut out);
        self.for_cmake(built, done, shared.is_some(), archive.is_some(), &mut out)?;
        Ok(out)
    }

    /// The shared library, and its debug information.
    fn shared(
        &self,
        library: &Path,
        done: &Finished,
        options: &Options,
        out: &mut Files,
    ) -> Result<()> {
        let mut bytes = read(library)?;
        let is_elf = matches!(self.family, Family::Elf | Family::Android);
        if is_elf {
            self.check(library)?;
            let build_id = debug::build_id(&bytes)?;
            let path = self
                .dirs
                .debug_file(build_id.as_deref(), &self.names.shared);
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if let Some(taken) = debug::take(library, options.debug_info, &name, &done.tools)? {
                bytes = taken.library;
                build::check(&Image::from_bytes(library, bytes.clone()))?;
                out.extend(taken.debug.map(|debug| (path, Content::File(debug, PLAIN))));
            }
        }
        let folder = match self.names.import {
            Some(_) => &self.dirs.bin,
            None => &self.dirs.lib,
        };
        let content = Content::File(bytes, EXECUTABLE);
        out.push((folder.join(&self.names.shared), content));
        Ok(())
    }

    /// Programs would ask the loader for a file that is not there.
    fn check(&self, library: &Path) -> Result<()> {
        let link = inspect::inspect(&Image::open(library)?)?.link;
        let soname = link.and_then(|link| link.soname);
        if soname == self.names.soname {
            return Ok(());
        }
        Err(Error::failed(format!(
            "the linker gave the library the soname {} in place of {}: remove what names another from .cargo/config.toml \
             or RUSTFLAGS",
            soname.as_deref().unwrap_or("(none)"),
            self.names.soname.as_deref().unwrap_or("(none)")
        )))
    }

    fn for_pkg_config(&self, done: &Finished, shared: bool, archive: bool, out: &mut Files) {
        let dirs = self.dirs.for_pkg_config();
        let mut add = |ending: &str, text: String| {
            let path = self
                .dirs
                .pkg_config
                .join(format!("{}{ending}.pc", self.name));
            out.push((path, Content::File(text.into_bytes(), PLAIN)));
        };
        match (shared, archive) {
            (true, true) => {
                add("-static", done.library.archive(&dirs));
                add("", done.library.shared(&dirs));
            }
            (true, false) => add("", done.library.shared(&dirs)),
            _ => add("", done.library.archive_alone(&dirs)),
        }
    }

    fn for_cmake(
        &self,
        built: &build::Built,
        done: &Finished,
        shared: bool,
        archive: bool,
        out: &mut Files,
    ) -> Result<()> {
        let numbers = |v: &Version| format!("{}.{}.{}", v.major, v.minor, v.patch);
        let lib = &self.dirs.lib;
        let (file, import) = match &self.names.import {
            Some(import) => (
                self.dirs.bin.join(&self.names.shared),
                Some(lib.join(import)),
            ),
            None => (lib.join(&self.names.shared), None),
        };
        let archive_path = lib.join(&self.names.archive);
        let private = done.library.private();
        let package = cmake::Package {
            name: &self.name,
            version: &numbers(&self.version),
            since: &names::soversion(&self.version),
            pointer: pointer(built)?,
            dirs: &self.dirs,
            shared: shared.then(|| cmake::Shared {
                path: &file,
                soname: self.names.soname.as_deref(),
                import: import.as_deref(),
            }),
            archive: archive.then_some((&*archive_path, &*private)),
        };
        let dir = self.dirs.cmake.join(&self.name);
        for (ending, text) in [
            ("ConfigVersion.cmake", package.version()),
            ("Config.cmake", package.config()),
        ] {
            let path = dir.join(format!("{}{ending}", self.name));
            out.push((path, Content::File(text.into_bytes(), PLAIN)));
        }
        Ok(())
    }
}

/// The size of a pointer in the built files.
fn pointer(built: &build::Built) -> Result<u8> {
    let Some(path) = built.library.as_ref().or(built.archive.as_ref()) else {
        return Ok(8);
    };
    let image = Image::open(path)?;
    let objects = image.objects()?;
    Ok(
        match objects.first().is_some_and(|object| !object.is_64()) {
            true => 4,
            false => 8,
        },
    )
}

/// Puts all files in place.
fn place(files: &Files, options: &Options) -> Result<()> {
    let paths: Vec<_> = files
        .iter()
        .map(|(path, _)| placed(options.destdir.as_deref(), path))
        .collect();
    let mut stage = Stage::open(paths.iter().map(PathBuf::as_path))?;
    for ((_, content), path) in files.iter().zip(&paths) {
        stage.add(path, content)?;
    }
    stage.finish()
}

fn absolute(dir: &Path) -> Result<PathBuf> {
    std::path::absolute(dir)
        .map_err(|e| Error::input(format!("cannot use the folder {dir:?}")).because(e))
}

fn file(path: &Path) -> Result<Content> {
    Ok(Content::File(read(path)?, PLAIN))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| Error::failed(format!("cannot read {}", path.display())).because(e))
}

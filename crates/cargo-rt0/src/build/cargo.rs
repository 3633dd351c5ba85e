//! Runs cargo, with this program as the linker.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use cargo_metadata::{Artifact, ArtifactDebuginfo, Message};

use super::project::Project;
use super::system::System;
use super::{Options, compact, remap, tools};
use crate::error::{Error, Result};
use crate::linker::{Task, VARIABLE};
use crate::progress;

/// What cargo built.
pub struct Compiled {
    /// The shared library, if the target has them.
    pub shared: Option<PathBuf>,
    /// The file that programs link instead of the library, if there is one.
    pub import_library: Option<PathBuf>,
    /// The archive as the compiler made it.
    pub archive: Option<PathBuf>,
    /// The libraries that a program needs when it links the archive, as linker arguments.
    pub native: Option<String>,
    /// The compiled dependencies.
    pub dependencies: Vec<PathBuf>,
    /// Whether the profile makes debug information.
    pub debug: bool,
}

/// What to compile, and how.
pub struct Job<'a> {
    /// The caller's options.
    pub options: &'a Options,
    /// The crate.
    pub project: &'a Project,
    /// The target, if one is named.
    pub target: Option<&'a str>,
    /// The target of a build that names none.
    pub host: &'a str,
    /// The real linker.
    pub linker: &'a Path,
    /// Whether the compiler's flags name it. (One in cargo's configuration cargo knows itself.)
    pub linker_is_in_flags: bool,
    /// The target's family.
    pub system: System,
    /// The flags for every crate, as [`remap::VARIABLE`] has them.
    pub flags: &'a str,
    /// The soname, if the library is for an installation.
    pub installed: Option<&'a str>,
}

impl Job<'_> {
    /// Where the linker's stand-in writes what it did to the symbols. If the build is up to date, the file is
    /// still there from the last time.
    ///
    /// # Errors
    /// The folder can't be made.
    pub fn seen(&self) -> Result<PathBuf> {
        let mut hasher = DefaultHasher::new();
        let options = &self.options.compile;
        (
            &options.features,
            options.all_features,
            options.no_default_features,
        )
            .hash(&mut hasher);
        (&options.rustc_args, self.flags).hash(&mut hasher);
        let name = format!("{}-{:016x}", self.stem(), hasher.finish());
        Ok(self.folder(".symbols")?.join(name))
    }

    fn stem(&self) -> String {
        format!(
            "{}-{}-{}",
            self.project.crate_name,
            self.options.compile.profile(),
            super::project::triple(self.target.unwrap_or("host"))
        )
    }

    fn folder(&self, name: &str) -> Result<PathBuf> {
        let dir = self.project.target_dir.join("rt0").join(name);
        fs::create_dir_all(&dir)
            .map_err(|e| Error::failed(format!("cannot make {}", dir.display())).because(e))?;
        Ok(dir)
    }
}

impl Compiled {
    /// The file that holds the description.
    ///
    /// # Errors
    /// Cargo built neither.
    pub fn file(&self) -> Result<&Path> {
        let file = self.shared.as_deref().or(self.archive.as_deref());
        file.ok_or_else(|| {
            Error::failed("cargo built no shared library (.so): does the target support them?")
        })
    }
}

/// Compiles the crate.
///
/// # Errors
/// The compiler fails: it has said why.
pub fn compile(job: &Job<'_>) -> Result<Compiled> {
    if !job.options.archive {
        return run(job, None);
    }
    let dir = job.folder(".native")?;
    let stem = job.stem();
    // The compiler writes the list only when it runs. If the build is up to date, the list is still there
    // from the last time; if it was deleted, another name makes the compiler run again.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let fresh = format!("{stem}-{}", now.map_or(0, |now| now.as_nanos()));
    for name in [stem, fresh] {
        let list = dir.join(name);
        let compiled = run(job, Some(&list))?;
        if let Ok(native) = fs::read_to_string(&list) {
            let native = native
                .trim()
                .trim_start_matches("native-static-libs:")
                .trim();
            return Ok(Compiled {
                native: Some(native.to_owned()),
                ..compiled
            });
        }
    }
    Err(Error::failed(
        "the compiler did not list the libraries that the archive needs",
    ))
}

fn run(job: &Job<'_>, native: Option<&Path>) -> Result<Compiled> {
    let mut command = command(job, native)?;
    let mut child = command
        .spawn()
        .map_err(|e| Error::failed("cannot run cargo").because(e))?;
    let (mut files, mut dependencies) = (Vec::new(), Vec::new());
    let mut debug = false;
    if let Some(messages) = child.stdout.take() {
        for message in Message::parse_stream(BufReader::new(messages)) {
            let message =
                message.map_err(|e| Error::failed("cannot read cargo's messages").because(e))?;
            match message {
                Message::CompilerArtifact(artifact) if is_ours(&artifact, job.project) => {
                    debug |= artifact.profile.debuginfo != ArtifactDebuginfo::None;
                    files.extend(artifact.filenames.into_iter().map(PathBuf::from));
                }
                Message::CompilerArtifact(artifact) => {
                    let rlibs = artifact.filenames.into_iter().map(PathBuf::from);
                    dependencies
                        .extend(rlibs.filter(|path| path.extension().is_some_and(|e| e == "rlib")));
                }
                Message::CompilerMessage(message) => show(&message.message),
                _ => {}
            }
        }
    }
    let status = child
        .wait()
        .map_err(|e| Error::failed("cannot wait for cargo").because(e))?;
    if !status.success() {
        let target_dir = job.project.target_dir.to_string_lossy();
        // LLVM's linker replaces each % in a temporary name with a digit, even in the folder's name.
        let hint = match target_dir.contains('%') {
            true => {
                ": LLVM's linker cannot write to a folder with a % in its path: set CARGO_TARGET_DIR to another \
                     folder"
            }
            false => "",
        };
        return Err(Error::failed(format!(
            "cargo could not build `{}`{hint}",
            job.project.crate_name
        )));
    }
    let with = |ending: &str| {
        let mut found = files.iter();
        found
            .find(|path| path.to_string_lossy().ends_with(ending))
            .cloned()
    };
    let import_library = with(".dll.a");
    Ok(Compiled {
        shared: with(&format!(".{}", job.system.ending())),
        archive: if import_library.is_none() {
            with(".a")
        } else {
            None
        },
        import_library,
        native: None,
        dependencies,
        debug,
    })
}

/// Shows the compiler's messages, except the note that it wrote the list that we asked for.
fn show(message: &Diagnostic) {
    let list =
        message.level == DiagnosticLevel::Note && message.message.contains("native artifacts");
    if let (false, Some(text)) = (list, &message.rendered) {
        progress::line(text.trim_end());
    }
}

fn is_ours(artifact: &Artifact, project: &Project) -> bool {
    artifact.package_id == project.package
        && artifact.target.name.replace('-', "_") == project.crate_name
        && !artifact.target.is_bin()
        && !artifact.target.is_custom_build()
}

fn command(job: &Job<'_>, native: Option<&Path>) -> Result<Command> {
    let Job {
        options, project, ..
    } = job;
    let options = &options.compile;
    let wrapper = match &options.wrapper {
        Some(wrapper) => wrapper.clone(),
        None => env::current_exe()
            .map_err(|e| Error::failed("cannot find the path of this program").because(e))?,
    };
    let task = Task {
        linker: job.linker.to_owned(),
        keep: project.keep.clone(),
        seen: job.seen()?,
        inside: project.inside,
        soname: match job.installed {
            Some(name) => Some(name.to_owned()),
            None => job.system.soname(&project.crate_name),
        },
        installed: job.installed.is_some(),
        target: super::project::triple(job.target.unwrap_or(job.host)),
        version: project.version.clone(),
    };
    let task = serde_json::to_string(&task)
        .map_err(|e| Error::failed("cannot encode the linker's task").because(e))?;
    let format = match io::stderr().is_terminal() {
        true => "json-diagnostic-rendered-ansi",
        false => "json",
    };
    let mut command = Command::new(tools::cargo());
    command
        .env(VARIABLE, task)
        .env(remap::VARIABLE, job.flags)
        .stdout(Stdio::piped())
        .args(["rustc", "--lib", "--message-format", format])
        .args([
            "--crate-type",
            if native.is_some() {
                "cdylib,staticlib"
            } else {
                "cdylib"
            },
        ])
        .arg("--manifest-path")
        .arg(&project.manifest)
        .args(["--profile", options.profile()]);
    for setting in compact::settings(&project.workspace, &project.rt0, options.profile()) {
        command.args(["--config", &setting]);
    }
    if let Some(target) = job.target {
        command.args(["--target", target]);
    }
    for feature in &options.features {
        command.args(["--features", feature]);
    }
    for (on, flag) in [
        (options.all_features, "--all-features"),
        (options.no_default_features, "--no-default-features"),
        (options.offline, "--offline"),
        (options.locked, "--locked"),
        (options.quiet, "--quiet"),
    ] {
        if on {
            command.arg(flag);
        }
    }
    command
        .arg("--")
        .args(["-C", &format!("linker={}", wrapper.display())]);
    command.args(remap::for_crate(project));
    if !project.keep.is_empty() {
        // The linker's stand-in must run again when this list changes, but cargo does not look at the list.
        let list = project.keep.join(",").replace(['\\', '"'], "?");
        command.args(["--cfg", &format!("rt0_keep=\"{list}\"")]);
    }
    if !project.inside {
        // As above.
        command.args(["--cfg", "rt0_unwinder=\"shared\""]);
    }
    if job.linker_is_in_flags {
        // As above.
        let linker = job.linker.to_string_lossy().replace(['\\', '"'], "?");
        command.args(["--cfg", &format!("rt0_linker=\"{linker}\"")]);
    }
    if let Some(soname) = job.installed {
        // As above.
        let soname = soname.replace(['\\', '"'], "?");
        command.args(["--cfg", &format!("rt0_soname=\"{soname}\"")]);
    }
    if let Some(list) = native {
        command.args(["--print", &format!("native-static-libs={}", list.display())]);
    }
    command.args(&options.rustc_args);
    Ok(command)
}

//! A registry in a folder, which stands in for the public one (cargo's `local-registry`): an index and the files of
//! packages. It holds the project's own packages and every other one in the lock files, from cargo's cache. It needs
//! no network, and nobody else's packages of the same names are in it.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use cargo_metadata::{MetadataCommand, Package};

use super::crates::Public;
use super::index;
use crate::run::{root, said};

/// The registry.
pub struct Registry {
    /// The folder of everything here.
    pub out: PathBuf,
    /// Each package's file and what the index says, by its stem.
    packages: BTreeMap<String, (PathBuf, Package)>,
}

impl Registry {
    /// An empty one in this folder.
    ///
    /// # Errors
    /// An old one can't be removed.
    pub fn new(out: &Path) -> Result<Registry> {
        let registry = Registry {
            out: out.to_owned(),
            packages: BTreeMap::new(),
        };
        let folder = registry.folder();
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("can't remove {}", folder.display()))?;
        }
        Ok(registry)
    }

    fn folder(&self) -> PathBuf {
        self.out.join("registry")
    }

    /// Cargo's own folder for whoever uses the registry.
    pub fn home(&self) -> PathBuf {
        self.out.join("home")
    }

    /// Adds every package of others that is in the lock file of this workspace, or of the repository's own.
    ///
    /// # Errors
    /// Cargo has not fetched one.
    pub fn add_dependencies(&mut self, workspace: Option<&Path>) -> Result<()> {
        let mut command = MetadataCommand::new();
        command.current_dir(workspace.unwrap_or(root()));
        command.features(cargo_metadata::CargoOpt::AllFeatures);
        command.other_options(["--locked".to_owned()]);
        let metadata = command.exec().context("cargo metadata")?;
        for package in metadata.packages {
            if package.source.is_none() {
                continue;
            }
            let stem = format!("{}-{}", package.name, package.version);
            let file = cached(&stem)?;
            self.packages.insert(stem, (file, package));
        }
        Ok(())
    }

    /// Adds packages of our own from the folder into which cargo has put them.
    ///
    /// # Errors
    /// One is not there.
    pub fn add_own(&mut self, own: &[Public], from: &Path) -> Result<()> {
        for public in own {
            let file = from.join(format!("{}.crate", public.stem()));
            ensure!(file.is_file(), "cargo has not made {}", file.display());
            let package = public.package().clone();
            self.packages.insert(public.stem(), (file, package));
        }
        Ok(())
    }

    /// Writes the index and the files, and the configuration by which cargo uses them in place of the public registry.
    ///
    /// # Errors
    /// A file can't be written.
    pub fn write(&self) -> Result<()> {
        let folder = self.folder();
        fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
        let sums = checksums(self.packages.values().map(|(file, _)| file.as_path()))?;
        let mut lines: BTreeMap<PathBuf, String> = BTreeMap::new();
        for ((stem, (file, package)), sum) in self.packages.iter().zip(sums) {
            let path = folder.join("index").join(index::path(&package.name));
            lines
                .entry(path)
                .or_default()
                .push_str(&index::line(package, &sum));
            place(file, &folder.join(format!("{stem}.crate")))?;
        }
        for (path, text) in lines {
            write(&path, &text)?;
        }
        let config = format!(
            "[source.crates-io]\nreplace-with = \"packages\"\n\n[source.packages]\nlocal-registry = {:?}\n\n\
             [net]\noffline = true\n",
            folder.display().to_string()
        );
        write(&self.home().join("config.toml"), &config)
    }

    /// Has a cargo use the registry, and nothing that this machine has besides.
    pub fn used_by(&self, command: &mut Command) {
        command
            .env("CARGO_HOME", self.home())
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TARGET_DIR", self.out.join("target"))
            // Set while cargo runs us, and not for a person at a terminal.
            .env_remove("LD_LIBRARY_PATH");
    }

    /// Removes what was unpacked and compiled of earlier packages of ours: cargo takes a version's package for the same
    /// for ever.
    ///
    /// # Errors
    /// A folder can't be removed.
    pub fn forget_old(&self, own: &[Public]) -> Result<()> {
        let is_unpacked = |name: &str| own.iter().any(|public| public.stem() == name);
        let is_compiled = |name: &str| {
            let of = |public: &Public| {
                let rest = name.strip_prefix(&*public.name);
                rest.is_some_and(|rest| rest.starts_with('-'))
            };
            own.iter().any(of)
        };
        for registry in entries(&self.home().join("registry/src")) {
            remove(&registry, is_unpacked)?;
        }
        for profile in entries(&self.out.join("target")) {
            remove(&profile.join(".fingerprint"), is_compiled)?;
        }
        Ok(())
    }

    /// Unpacks a package of ours into this folder.
    ///
    /// # Errors
    /// tar is missing, or can't read it.
    pub fn unpack(&self, own: &Public, folder: &Path) -> Result<PathBuf> {
        let file = self.folder().join(format!("{}.crate", own.stem()));
        let mut tar = Command::new("tar");
        said(tar.arg("-xzf").arg(file).arg("-C").arg(folder))?;
        Ok(folder.join(own.stem()))
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn remove(folder: &Path, is_old: impl Fn(&str) -> bool) -> Result<()> {
    for path in entries(folder) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if is_old(&name) {
            fs::remove_dir_all(&path)
                .with_context(|| format!("can't remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// The file of another's package in cargo's cache.
fn cached(stem: &str) -> Result<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let home = home.context("neither CARGO_HOME nor HOME is set")?;
    let mut files = entries(&home.join("registry/cache"))
        .into_iter()
        .map(|registry| registry.join(format!("{stem}.crate")));
    match files.find(|file| file.is_file()) {
        Some(file) => Ok(file),
        None => bail!("cargo has not fetched the package {stem}: run `cargo fetch`"),
    }
}

fn place(file: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_file(to).with_context(|| format!("can't remove {}", to.display()))?;
    }
    fs::hard_link(file, to)
        .or_else(|_| fs::copy(file, to).map(drop))
        .with_context(|| format!("can't write {}", to.display()))
}

/// The SHA-256 of each file.
fn checksums<'a>(files: impl Iterator<Item = &'a Path>) -> Result<Vec<String>> {
    let text = said(Command::new("sha256sum").args(files))?;
    let sums = text
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    // It marks a name that it has escaped.
    Ok(sums
        .map(|sum| sum.trim_start_matches('\\').to_owned())
        .collect())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).with_context(|| format!("can't make {}", dir.display()))?;
    }
    fs::write(path, text).with_context(|| format!("can't write {}", path.display()))
}

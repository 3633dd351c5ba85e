//! Which crates are published, and what each must have.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::run::root;

/// A crate that is published.
#[derive(Clone, Debug)]
pub struct Public {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    package: Package,
}

impl Public {
    /// The public crates of this workspace, or of the repository's own. An adapter stands in the workspace of its example.
    ///
    /// # Errors
    /// Cargo can't be run.
    pub fn find(workspace: Option<&Path>) -> Result<Vec<Public>> {
        let crates = root().join("crates");
        let metadata = members(workspace)?;
        let own = metadata.packages.into_iter().filter(|package| {
            is_public(package) && package.manifest_path.as_std_path().starts_with(&crates)
        });
        let public = own.map(|package| Public {
            name: package.name.to_string(),
            version: package.version.to_string(),
            package,
        });
        Ok(public.collect())
    }

    /// The package's name and version, as in the name of its file.
    pub fn stem(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// What the registry's index must know.
    pub fn package(&self) -> &Package {
        &self.package
    }

    fn folder(&self) -> PathBuf {
        let manifest = self.package.manifest_path.as_std_path();
        manifest.parent().unwrap_or(root()).to_owned()
    }
}

fn is_public(package: &Package) -> bool {
    !package.publish.as_ref().is_some_and(Vec::is_empty)
}

fn members(workspace: Option<&Path>) -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.current_dir(workspace.unwrap_or(root())).no_deps();
    command.exec().context("cargo metadata")
}

/// Options of cargo that leave out what is not published.
///
/// # Errors
/// Cargo can't be run.
pub fn excluded() -> Result<Vec<String>> {
    let metadata = members(None)?;
    let crates = root().join("crates");
    let out = metadata.packages.iter().filter(|package| {
        !is_public(package) || !package.manifest_path.as_std_path().starts_with(&crates)
    });
    Ok(out
        .flat_map(|package| ["--exclude".to_owned(), package.name.to_string()])
        .collect())
}

/// What each package has of the repository's licences.
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Checks that each has what a registry shows and wants.
///
/// # Errors
/// One lacks something: all that is missing, a line each.
pub fn check(all: &[Public], is_release: bool) -> Result<()> {
    let mut missing = Vec::new();
    let mut homeless = 0;
    for public in all {
        let found = lacks(&public.package, &public.folder(), root());
        missing.extend(
            found
                .into_iter()
                .map(|what| format!("{}: {what}", public.name)),
        );
        homeless += usize::from(public.package.repository.is_none());
    }
    if homeless > 0 && is_release {
        missing.push("no `repository` is set: see docs/releasing.md".to_owned());
    }
    if missing.is_empty() {
        return Ok(());
    }
    bail!(
        "the crates are not ready for a registry\n  {}",
        missing.join("\n  ")
    )
}

/// What a package lacks, in this folder of this repository.
fn lacks(package: &Package, folder: &Path, repository: &Path) -> Vec<String> {
    let mut out = Vec::new();
    let mut want = |is_there: bool, what: &str| {
        if !is_there {
            out.push(what.to_owned());
        }
    };
    want(package.description.is_some(), "no description");
    want(package.license.is_some(), "no licence");
    want(package.rust_version.is_some(), "no rust-version");
    want(!package.keywords.is_empty(), "no keywords");
    want(package.keywords.len() <= 5, "more than five keywords");
    let is_short = |word: &String| word.len() <= 20;
    want(
        package.keywords.iter().all(is_short),
        "a keyword of more than 20 letters",
    );
    want(!package.categories.is_empty(), "no categories");
    want(package.readme.is_some(), "no README.md");
    for licence in LICENCES {
        let [own, all] = [folder, repository].map(|dir| fs::read(dir.join(licence)).ok());
        want(
            own.is_some() && own == all,
            &format!("{licence} is not the repository's"),
        );
    }
    for dependency in &package.dependencies {
        // Cargo leaves such dependencies of tests out.
        let is_left_out =
            dependency.kind == DependencyKind::Development && dependency.path.is_some();
        let has_version = dependency.req.to_string() != "*";
        want(
            has_version || is_left_out,
            &format!("the dependency {} has no version", dependency.name),
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A crate with this manifest, beside two others.
    fn package(manifest: &str) -> (tempfile::TempDir, PathBuf, Package) {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, more: &str| {
            let folder = dir.path().join(name);
            fs::create_dir_all(folder.join("src")).unwrap();
            fs::write(folder.join("src/lib.rs"), "").unwrap();
            let text = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}\n[workspace]\n"
            );
            fs::write(folder.join("Cargo.toml"), text).unwrap();
            folder
        };
        write("rt0", "");
        write("other", "");
        let folder = write("planted", manifest);
        let metadata = members(Some(&folder)).unwrap();
        let mut packages = metadata.packages.into_iter();
        let planted = packages.find(|package| package.name.as_str() == "planted");
        (dir, folder, planted.unwrap())
    }

    #[test]
    fn a_bare_crate_lacks_nearly_everything() {
        let (_dir, folder, bare) = package("[dependencies]\nrt0 = { path = \"../rt0\" }");
        let found = lacks(&bare, &folder, root());
        for what in [
            "no description",
            "no licence",
            "no rust-version",
            "no keywords",
            "no categories",
            "no README.md",
            "LICENSE-MIT is not the repository's",
            "the dependency rt0 has no version",
        ] {
            assert!(found.contains(&what.to_owned()), "{what}: {found:?}");
        }
    }

    #[test]
    fn a_crate_with_everything_lacks_nothing() {
        let (_dir, folder, whole) = package(
            "description = \"x\"\nlicense = \"MIT\"\nrust-version = \"1.85\"\nkeywords = [\"ffi\"]\n\
             categories = [\"no-std\"]\nreadme = \"README.md\"\n\
             [dependencies]\nrt0 = { path = \"../rt0\", version = \"0.1\" }\n\
             [dev-dependencies]\nother = { path = \"../other\" }",
        );
        fs::write(folder.join("README.md"), "x").unwrap();
        for licence in LICENCES {
            fs::copy(root().join(licence), folder.join(licence)).unwrap();
        }
        assert_eq!(lacks(&whole, &folder, root()), [""; 0]);
    }
}

//! `cargo xtask api`: the public items of the published crates, as text in `api/`. An accidental change fails the
//! lint; `--renew` records an intended one, and the review shows it.
//!
//! rustdoc writes the items as JSON, in a format that each compiler may change: so this runs the minimum
//! version of the compiler, with the release of `public-api` that reads its format.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::Metadata;
use cargo_metadata::semver::Version;

use crate::run::{root, said, step, target};
use crate::toolchain::Minimum;

/// The crates, with all features.
const CRATES: [&str; 5] = ["rt0", "rt0-abi", "rt0-build", "rt0-core", "rt0-macros"];

/// Where rustdoc's JSON is built, in the target directory.
const DIR: &str = "api";

/// Compares the public items with `api/CRATE.txt`; with `renew`, writes them there.
///
/// # Errors
/// They differ: the error has the lines. Or rustdoc can't be run.
pub fn check(metadata: &Metadata, renew: bool) -> Result<()> {
    let minimum = Minimum::find(metadata)?;
    let mut changed = Vec::new();
    for name in CRATES {
        let found = items(name, &minimum)?;
        let file = file(name);
        if renew {
            fs::create_dir_all(root().join("api"))?;
            fs::write(&file, &found).with_context(|| format!("can't write {}", file.display()))?;
            continue;
        }
        let known = fs::read_to_string(&file).unwrap_or_default();
        let lines = differences(&known, &found);
        if !lines.is_empty() {
            changed.push(format!("api/{name}.txt:\n{}", lines.join("\n")));
        }
    }
    if !changed.is_empty() {
        bail!(
            "the public items have changed. If that is meant: cargo xtask api --renew\n{}",
            changed.join("\n")
        );
    }
    Ok(())
}

fn file(name: &str) -> PathBuf {
    root().join("api").join(format!("{name}.txt"))
}

/// A crate's public items, one per line, without those that are hidden from the documentation.
fn items(name: &str, minimum: &Minimum) -> Result<String> {
    let words = format!("rustdoc --quiet --all-features --lib -p {name}");
    step(
        &format!("the public items of {name}"),
        minimum
            .cargo(&words, DIR)
            .args(["--", "-Zunstable-options", "--output-format", "json"])
            // Another step of the lint checks the documentation.
            .args(["--cap-lints", "allow"])
            .env("RUSTC_BOOTSTRAP", "1"),
    )?;
    let json = target().join(DIR).join("doc").join(name.replace('-', "_"));
    let api = public_api::Builder::from_rustdoc_json(json.with_extension("json"))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .with_context(|| format!("can't read what rustdoc says of {name}"))?;
    Ok(api.items().map(|item| format!("{item}\n")).collect())
}

/// The crates whose items authors name. The others belong to the `rt0` of the same version.
const PROMISED: [&str; 2] = ["rt0", "rt0-build"];

/// Shows what has changed since a release, and fails if that breaks what it promised without a version that says so.
/// (That the lists are true, the lint checks.)
///
/// # Errors
/// It does, or the release is not known.
pub fn since(metadata: &Metadata, tag: &str) -> Result<()> {
    let old = |path: &str| {
        let mut git = Command::new("git");
        git.current_dir(root())
            .args(["show", &format!("{tag}:{path}")]);
        said(&mut git).with_context(|| format!("there is no {path} in {tag}"))
    };
    let before = version(&old("Cargo.toml")?).context("Cargo.toml had no version then")?;
    let now = metadata
        .workspace_packages()
        .into_iter()
        .find(|package| package.name.as_str() == "rt0")
        .map(|package| package.version.clone())
        .context("there is no crate rt0")?;
    let mut gone = Vec::new();
    for name in PROMISED {
        let present = fs::read_to_string(file(name))
            .with_context(|| format!("can't read {}", file(name).display()))?;
        let lines = differences(&old(&format!("api/{name}.txt"))?, &present);
        println!("{name}, since {before}:");
        lines.iter().for_each(|line| println!("  {line}"));
        gone.extend(lines.into_iter().filter(|line| line.starts_with('-')));
    }
    if gone.is_empty() || is_breaking(&before, &now) {
        println!("{now} may follow {before}.");
        return Ok(());
    }
    bail!(
        "{now} may not follow {before}, because these items have gone or have changed: raise the version as docs/semver.md \
         says, or bring them back\n{}",
        gone.join("\n")
    )
}

/// The version in a manifest's text.
fn version(manifest: &str) -> Option<Version> {
    let mut lines = manifest.lines();
    let text = lines.find_map(|line| line.strip_prefix("version = \""))?;
    Version::parse(text.strip_suffix('"')?).ok()
}

/// Whether cargo would refuse the new version to who asks for the old one.
fn is_breaking(old: &Version, new: &Version) -> bool {
    let significant = |version: &Version| match (version.major, version.minor) {
        (0, 0) => (0, 0, version.patch),
        (0, minor) => (0, minor, 0),
        (major, _) => (major, 0, 0),
    };
    significant(new) > significant(old)
}

/// The lines that only one of the texts has: `- OLD` and `+ NEW`.
fn differences(known: &str, found: &str) -> Vec<String> {
    let only = |sign: &'static str, here: &str, there: &str| {
        let mut there: Vec<_> = there.lines().collect();
        let mut lines = Vec::new();
        for line in here.lines() {
            match there.iter().position(|other| *other == line) {
                Some(at) => drop(there.swap_remove(at)),
                None => lines.push(format!("{sign} {line}")),
            }
        }
        lines
    };
    [only("-", known, found), only("+", found, known)].concat()
}

#[cfg(test)]
mod tests {
    use super::{Version, differences, is_breaking, version};

    #[test]
    fn a_breaking_version_is_what_cargo_takes_for_one() {
        let breaks = |old: &str, new: &str| {
            let [old, new] = [old, new].map(|text| Version::parse(text).unwrap());
            is_breaking(&old, &new)
        };
        for (old, new) in [
            ("0.1.2", "0.2.0"),
            ("0.0.1", "0.0.2"),
            ("1.2.3", "2.0.0"),
            ("0.9.0", "1.0.0"),
        ] {
            assert!(breaks(old, new), "{old} {new}");
        }
        for (old, new) in [
            ("0.1.2", "0.1.3"),
            ("1.2.3", "1.3.0"),
            ("1.2.3", "1.2.3"),
            ("2.0.0", "1.0.0"),
        ] {
            assert!(!breaks(old, new), "{old} {new}");
        }
    }

    #[test]
    fn the_version_is_read_from_the_manifest() {
        let text = "[workspace.package]\nversion = \"0.1.2\"\nedition = \"2024\"\n";
        assert_eq!(version(text), Version::parse("0.1.2").ok());
        assert_eq!(version("[workspace]\n"), None);
    }

    #[test]
    fn a_difference_is_what_only_one_side_has() {
        assert_eq!(differences("a\nb\nb\n", "b\na\nb\n"), [""; 0]);
        assert_eq!(differences("a\nb\nb\n", "b\nc\n"), ["- a", "- b", "+ c"]);
    }
}

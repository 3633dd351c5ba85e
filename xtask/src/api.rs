//! `cargo xtask api`: the public items of the published crates, as text in `api/`. An accidental change fails the
//! lint; `--renew` records an intended one, and the review shows it.
//!
//! rustdoc writes the items as JSON, in a format that each compiler may change: so this runs the minimum
//! version of the compiler, with the release of `public-api` that reads its format.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use cargo_metadata::Metadata;

use crate::run::{root, step, target};
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
    use super::differences;

    #[test]
    fn a_difference_is_what_only_one_side_has() {
        assert_eq!(differences("a\nb\nb\n", "b\na\nb\n"), [""; 0]);
        assert_eq!(differences("a\nb\nb\n", "b\nc\n"), ["- a", "- b", "+ c"]);
    }
}

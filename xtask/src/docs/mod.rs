//! `cargo xtask docs`: the documentation as a site, from the Markdown in the repository.
//!
//! | step | here |
//! |---|---|
//! | the files of the repository, and where each is on the site | [`files`] |
//! | the contents, from docs/README.md | [`contents`] |
//! | a page of Markdown as HTML, with its headings and links | [`markdown`] |
//! | what stands around it; what the search looks through | [`frame`], [`search`] |
//! | every page, and whatever these lead to; the check of the links | [`site`] |
//! | commands in pages: is each run by a test? | [`console`] |

mod console;
mod contents;
mod files;
mod frame;
mod markdown;
mod search;
mod site;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use self::site::Site;
use crate::run::{cargo, step, target, timed};
use crate::{chart, timeline};

/// The crates whose documentation is for readers of the site.
const CRATES: &str =
    "doc --no-deps --quiet --all-features -p rt0 -p rt0-abi -p rt0-build -p rt0-core -p rt0-macros";

/// Options of `cargo xtask docs`.
#[derive(clap::Args)]
pub struct Options {
    /// Show it in a browser
    #[arg(long)]
    open: bool,
    /// Leave out what rustdoc writes
    #[arg(long)]
    without_rustdoc: bool,
}

/// Writes the site into the target directory.
///
/// # Errors
/// A link leads nowhere, commands are not marked, or something can't be written.
pub fn run(options: &Options) -> Result<()> {
    let folder = target().join("site");
    let site = checked()?;
    timed("pages", || {
        // What is no page any more must not stay.
        if folder.exists() {
            fs::remove_dir_all(&folder).context("the former site")?;
        }
        site.write(&folder, !options.without_rustdoc)
    })?;
    if !options.without_rustdoc {
        let rustdoc = target().join("site-rustdoc");
        let mut doc = cargo(CRATES);
        doc.env(
            "RUSTDOCFLAGS",
            "-D warnings -A rustdoc::private-intra-doc-links",
        );
        step("rustdoc", doc.env("CARGO_TARGET_DIR", &rustdoc))?;
        copy(&rustdoc.join("doc"), &folder.join("api"))?;
    }
    let first = folder.join("index.html");
    println!("{}", first.display());
    if options.open {
        let opened = Command::new("xdg-open").arg(&first).status();
        ensure!(
            opened.is_ok_and(|status| status.success()),
            "xdg-open can't show it: open the file yourself"
        );
    }
    Ok(())
}

/// Checks the pages and their links, and writes nothing.
///
/// # Errors
/// A link leads nowhere, commands are not marked, or a drawing is older than what it shows.
pub fn check() -> Result<()> {
    checked().map(drop)
}

/// The commands of `cargo xtask` in all pages, each with its place.
///
/// # Errors
/// A page can't be read.
#[cfg(test)]
pub fn commands() -> Result<Vec<(String, Vec<String>)>> {
    Site::read()?.commands()
}

fn checked() -> Result<Site> {
    timed("drawings", || {
        timeline::check().and_then(|()| chart::check())
    })?;
    let site = timed("pages and links", Site::read)?;
    let (pages, others) = site.counts();
    println!("    {pages} pages, {others} other files");
    ensure!(
        site.wrong.is_empty(),
        "the documentation has faults:\n{}",
        site.wrong.join("\n")
    );
    Ok(site)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("can't make {}", to.display()))?;
    let entries = from
        .read_dir()
        .with_context(|| format!("can't read {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => copy(&from, &to)?,
            false => drop(fs::copy(&from, &to).with_context(|| format!("{}", from.display()))?),
        }
    }
    Ok(())
}

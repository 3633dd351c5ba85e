//! Checks the sources against ARCHITECTURE.md: imports only go down the floors that it draws for each crate,
//! and its invariants are kept.

mod arrows;
mod invariants;
mod map;
mod source;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use self::map::Map;
use self::source::Crate;

/// Checks crates against their maps in ARCHITECTURE.md: all crates that have one, or only these.
///
/// # Errors
/// An import goes up, or sideways in a circle; a module is missing from the map; or the map names a module
/// that does not exist.
pub fn check(root: &Path, only: &[String]) -> Result<()> {
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).context("ARCHITECTURE.md")?;
    let mut maps = Map::all(&text)?;
    maps.retain(|map| only.is_empty() || only.contains(&map.name));
    ensure!(!maps.is_empty(), "ARCHITECTURE.md has no such floors");
    let mut wrong = Vec::new();
    for map in &maps {
        let sources = root.join(map.folder());
        let found = Crate::read(&sources)
            .with_context(|| format!("can't read the modules of {}", map.name))?;
        let report = arrows::check(&found, map);
        println!(
            "    {}: {} files on {} floors, {} imports, {} upward, {} circles",
            map.name,
            found.files.len(),
            map.floors(),
            report.arrows,
            report.upward,
            report.circles
        );
        wrong.extend(report.wrong);
        wrong.extend(invariants::broken(&found, &map.name, invariants::ALL));
    }
    for invariant in invariants::ALL {
        ensure!(
            text.contains(invariant.name),
            "ARCHITECTURE.md does not name the invariant \"{}\"",
            invariant.name
        );
    }
    ensure!(
        wrong.is_empty(),
        "the sources are not as ARCHITECTURE.md says:\n{}",
        wrong.join("\n")
    );
    Ok(())
}

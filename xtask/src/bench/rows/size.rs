//! The sizes of the stripped files.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::{Bench, Measured};
use crate::bench::build::{self, Linking, PROCESSORS, Profile, by_hand, folder, with_rt0};
use crate::bench::row::{Compare, Row, Side};

/// How much larger a library is than the same one without rt0.
pub fn extra(bench: &Bench) -> Result<Measured> {
    let built = bench.built;
    let mut rows = vec![row(
        "size.tokio.extra",
        "usual",
        &built.rt0,
        &built.lazy.same_link,
    )?];
    for (id, case, name, profile) in [
        (
            "size.tokio.extra",
            "fat LTO",
            "fat-lto",
            Profile {
                fat_lto: true,
                tokio: true,
            },
        ),
        (
            "size.no-tokio.extra",
            "usual",
            "no-tokio",
            Profile {
                fat_lto: false,
                tokio: false,
            },
        ),
    ] {
        let out = folder(name)?;
        let ours = with_rt0(&profile, &out)?;
        let theirs = by_hand("lazy", &profile, &Linking::of(&ours)?, &out)?;
        rows.push(row(id, case, &ours, &theirs)?);
    }
    Ok(Measured::of(rows))
}

/// The size of a library that has only the core in it.
pub fn core_only(_: &Bench) -> Result<Measured> {
    let mut measured = Measured::default();
    for (processor, linker) in PROCESSORS {
        match build::core_only(processor, linker)? {
            Ok(library) => {
                let ours = Side::exact("rt0's core", size(&library)?);
                let id = ("size.core-only", processor);
                measured
                    .rows
                    .push(Row::new(id, "bytes", Compare::Alone, &ours, None));
            }
            Err(why) => measured.skip(&format!("size.core-only, {processor}"), &why),
        }
    }
    Ok(measured)
}

fn row(id: &str, case: &str, ours: &Path, theirs: &Path) -> Result<Row> {
    let (ours, theirs) = (
        Side::exact("rt0", size(ours)?),
        Side::exact("by hand, same link", size(theirs)?),
    );
    Ok(Row::new(
        (id, case),
        "bytes",
        Compare::Difference,
        &ours,
        Some(&theirs),
    ))
}

fn size(library: &Path) -> Result<f64> {
    Ok(fs::metadata(library)?.len() as f64)
}

//! The instructions of a load, by thread; callgrind keeps them apart.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::{Account, Loaded};
use crate::bench::build::{Built, folder};
use crate::bench::sample::Host;
use crate::bench::valgrind;
use crate::run::said;

const PLACES: [&str; 3] = [
    "the calling thread: the loader, the constructor, the call",
    "the thread that the constructor makes",
    "the runtime's threads",
];

/// The account; without valgrind, why there is none.
pub fn account(
    built: &Built,
    host: &Host,
    libraries: &[Loaded],
) -> Result<Result<Account, String>> {
    if !valgrind::there() {
        return Ok(Err(valgrind::MISSING.to_owned()));
    }
    let alone = threads(built, host, &[])?.first().copied().unwrap_or(0.0);
    let title = (
        "Instructions, from before dlopen to the first answer",
        "instr.",
    );
    Account::new(title, PLACES, libraries, |library| {
        let threads = threads(built, host, &[library.library, Path::new(library.add)])?;
        let nth = |n: usize| threads.get(n).copied().unwrap_or(0.0);
        Ok([nth(0) - alone, nth(1), threads.iter().skip(2).sum()])
    })
    .map(Ok)
}

/// The instructions of each thread of the host, in the order in which they began.
fn threads(built: &Built, host: &Host, arguments: &[&Path]) -> Result<Vec<f64>> {
    let folder = tempfile::tempdir_in(folder("")?)?;
    let mut out = std::ffi::OsString::from("--callgrind-out-file=");
    out.push(folder.path().join("out"));
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--quiet", "--tool=callgrind", "--separate-threads=yes"])
        .arg(out)
        .arg(&built.host);
    said(&mut host.command(valgrind, "load", arguments))?;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.path())? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        files.extend(total(&text).map(|total| (path, total)));
    }
    // Their names end with the thread's number, in two digits.
    files.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(files.into_iter().map(|(_, total)| total).collect())
}

fn total(text: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix("totals:"))?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn a_threads_total_is_read() {
        assert_eq!(
            total("version: 1\nevents: Ir\ntotals: 4117\n"),
            Some(4117.0)
        );
        assert_eq!(total("version: 1\n"), None);
    }
}

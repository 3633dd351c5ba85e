//! The memory of many copies that wait for calls, by region, as the kernel counts it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{Account, Loaded};
use crate::bench::build::{Built, copies};
use crate::bench::sample::Host;
use crate::run::said;

const PLACES: [&str; 5] = [
    "the library's file: code and constants",
    "the library's file: relocated or written",
    "other files",
    "malloc's heaps",
    "stacks and other anonymous memory",
];
const COPIES: usize = 200;
/// The first address of each of glibc's heaps for other threads is a multiple of this.
const HEAP: u64 = 64 << 20;

/// The account, for each copy.
pub fn account(built: &Built, host: &Host, libraries: &[Loaded]) -> Result<Account> {
    let without = regions(built, host, "", &[])?;
    let title = ("Resident memory of a waiting copy, one of 200", "KB");
    Account::new(title, PLACES, libraries, |library| {
        let copies = copies(library.library, COPIES)?;
        let mut places = regions(built, host, library.add, &copies.files)?;
        for (place, without) in places.iter_mut().zip(without) {
            *place = (*place - without) / COPIES as f64;
        }
        Ok(places)
    })
}

fn regions(
    built: &Built,
    host: &Host,
    add: &str,
    libraries: &[PathBuf],
) -> Result<[f64; PLACES.len()]> {
    let words = [Path::new(add)].into_iter();
    let words = words.chain(libraries.iter().map(PathBuf::as_path));
    let regions = said(&mut host.command(Command::new(&built.host), "regions", words))?;
    // The kernel names files without links.
    let ours = libraries
        .first()
        .and_then(|first| first.parent()?.canonicalize().ok());
    let ours = ours.map(|folder| folder.to_string_lossy().into_owned());
    Ok(places(&regions, ours.as_deref()))
}

/// From what `/proc/PID/smaps` says. The copies lie in the folder `ours`.
fn places(smaps: &str, ours: Option<&str>) -> [f64; PLACES.len()] {
    let mut places = [0.0; PLACES.len()];
    let mut place = 0;
    for line in smaps.lines() {
        let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
        let kilobytes = || rest.trim().trim_end_matches(" kB").parse().unwrap_or(0.0);
        match key {
            "Rss:" => places[place] += kilobytes(),
            // Pages of a file that were written: the process has its own copies of them.
            "Anonymous:" if place == 0 => {
                places[0] -= kilobytes();
                places[1] += kilobytes();
            }
            _ => place = region(key, rest, ours).unwrap_or(place),
        }
    }
    places
}

/// The place of a mapping, if the line is the first of one: `7f00-7f01 r-xp 0000 fe:00 7 /a/file`.
fn region(range: &str, rest: &str, ours: Option<&str>) -> Option<usize> {
    let (start, _) = range.split_once('-')?;
    let start = u64::from_str_radix(start, 16).ok()?;
    Some(match rest.split_whitespace().nth(4) {
        Some(path) if ours.is_some_and(|ours| path.starts_with(ours)) => 0,
        Some(path) if path.starts_with('/') => 2,
        Some("[heap]") => 3,
        None if start % HEAP == 0 => 3,
        _ => 4,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMAPS: &str = "\
7f0000001000-7f0000002000 r-xp 00001000 fe:00 7 /t/copies/0.so\nSize: 8 kB\nRss: 2 kB\nAnonymous: 0 kB\n\
7f0000003000-7f0000004000 rw-p 00003000 fe:00 7 /t/copies/0.so\nRss:      12 kB\nAnonymous: 8 kB\n\
7f0000004000-7f0000005000 r-xp 00000000 fe:00 8 /lib/libc.so.6\nRss: 16 kB\nAnonymous: 4 kB\n\
7f0000005000-7f0000006000 rw-p 00000000 00:00 0\nRss: 32 kB\nAnonymous: 32 kB\n\
7f0004000000-7f0004021000 rw-p 00000000 00:00 0\nRss: 64 kB\n\
5500000000-5500001000 rw-p 00000000 00:00 0 [heap]\nRss: 128 kB\n\
7f0000007000-7f0000008000 rw-p 00000000 00:00 0 [stack]\nRss: 256 kB\n";

    #[test]
    fn every_region_has_a_place() {
        assert_eq!(
            places(SMAPS, Some("/t/copies")),
            [6.0, 8.0, 16.0, 192.0, 288.0]
        );
        assert_eq!(places(SMAPS, None), [0.0, 0.0, 30.0, 192.0, 288.0]);
    }
}

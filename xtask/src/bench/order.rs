//! Writes the list by which `cargo rt0 build` orders a library's functions: those that callgrind has seen in the
//! benchmark's library, from its load to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::{fs, iter};

use anyhow::{Context, Result, ensure};

use super::sample::Host;
use super::{build, valgrind};
use crate::run::{root, said};

const LIST: &str = "crates/cargo-rt0/src/linker/order.txt";

const HEAD: &str = "\
# What runs when a library starts, what runs both then and when it ends, and what runs only when it ends: each line
# is the name of a function as the compiler writes it, with `*` for its hashes and `?` for a dollar. Written by
# `cargo xtask bench --order`.
";

/// What the host does, and which part of it counts.
struct Run {
    mode: &'static str,
    /// What comes after the library's path.
    more: &'static [&'static str],
    /// The function whose call begins what counts; none: everything counts.
    from: Option<&'static str>,
}

const START: &[Run] = &[Run {
    mode: "load",
    more: &["bench_add"],
    from: None,
}];
const END: &[Run] = &[
    Run {
        mode: "shutdown",
        more: &["bench_add", "bench_shutdown"],
        from: Some("bench_shutdown"),
    },
    Run {
        mode: "exit",
        more: &["bench_add", "bench_number", "0"],
        from: Some("exit"),
    },
];

/// How often each is run on one processor and on two: threads take turns as it comes.
const ROUNDS: usize = 3;

/// Writes the list.
///
/// # Errors
/// There is no valgrind, or something does not build or run.
pub fn write() -> Result<()> {
    ensure!(valgrind::there(), valgrind::MISSING);
    let (host, library) = build::with_symbols()?;
    let names = Names::of(&library)?;
    let seen = |runs: &[Run]| -> Result<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        for run in runs {
            for processors in ["0", "0,1"].repeat(ROUNDS) {
                all.extend(executed(&host, processors, run, &library)?);
            }
        }
        Ok(all.iter().flat_map(|name| names.patterns(name)).collect())
    };
    let start = seen(START)?;
    let end = seen(END)?;
    // What both run lies between what only one of them runs, so that the functions of an end are together, too.
    let lines = start
        .difference(&end)
        .chain(start.intersection(&end))
        .chain(end.difference(&start));
    let text: String = lines.map(|name| format!("{name}\n")).collect();
    fs::write(root().join(LIST), format!("{HEAD}{text}"))
        .with_context(|| format!("can't write {LIST}"))
}

/// Those of rt0's functions in the list that the benchmark's library does not have. They have other names by now, and
/// lie elsewhere in the file.
///
/// # Errors
/// The library does not build, or its symbols can't be read.
pub fn aged() -> Result<Vec<String>> {
    let names = Names::of(&build::with_symbols()?.1)?;
    let there: BTreeSet<String> = names.addresses.keys().map(|name| pattern(name)).collect();
    let list = fs::read_to_string(root().join(LIST)).with_context(|| format!("no {LIST}"))?;
    let ours = ["_ZN3rt0", "_ZN8rt0_core", "rt0_", "__wrap_"];
    let aged = list
        .lines()
        .filter(|line| ours.iter().any(|start| line.starts_with(start)) && !there.contains(*line));
    Ok(aged.map(str::to_owned).collect())
}

/// The library's functions that run.
fn executed(host: &Path, processors: &str, run: &Run, library: &Path) -> Result<BTreeSet<String>> {
    let folder = tempfile::tempdir().context("can't make a folder")?;
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--demangle=no", "--trace-children=yes"])
        .arg(format!(
            "--callgrind-out-file={}/%p",
            folder.path().display()
        ))
        .args(run.from.map(|from| format!("--dump-before={from}")))
        .arg(host);
    let words = iter::once(library).chain(run.more.iter().map(Path::new));
    said(&mut Host::new(host, processors).command(valgrind, run.mode, words))?;
    let mut all = BTreeSet::new();
    for file in fs::read_dir(folder.path()).context("can't read callgrind's files")? {
        let path = file?.path();
        // Where only a part counts, what was before it is in a file whose name ends in `.1`.
        if path.extension().is_none() {
            let text = fs::read_to_string(path).context("can't read callgrind's file")?;
            all.extend(functions(&text, library));
        }
    }
    ensure!(
        !all.is_empty(),
        "callgrind has seen none of the library's functions"
    );
    Ok(all)
}

/// The functions in callgrind's output that may be of this file. It writes each name once, with a number, and from
/// then on only the number.
fn functions(text: &str, library: &Path) -> BTreeSet<String> {
    let library = library.to_string_lossy();
    let mut names: BTreeMap<(bool, &str), &str> = BTreeMap::new();
    let (mut inside, mut all) = (false, BTreeSet::new());
    for line in text.lines() {
        let Some((key, value)) = line.split_once("=(") else {
            continue;
        };
        let Some((number, name)) = value.split_once(')') else {
            continue;
        };
        let of_file = match key {
            "ob" | "cob" => true,
            "fn" | "cfn" => false,
            _ => continue,
        };
        if let Some(name) = name.strip_prefix(' ') {
            names.insert((of_file, number), name);
        }
        let name = names.get(&(of_file, number)).copied().unwrap_or_default();
        match key {
            // valgrind knows only one section with code of each file.
            "ob" => inside = name == library || name == "???",
            // A call in a cycle has a suffix.
            "fn" if inside => all.extend(name.split('\'').next().map(str::to_owned)),
            _ => {}
        }
    }
    all
}

/// A library's functions, by name and by address: the linker has made one of those that are alike, and callgrind knows
/// one of their names.
struct Names {
    addresses: BTreeMap<String, String>,
    names: BTreeMap<String, Vec<String>>,
}

impl Names {
    fn of(library: &Path) -> Result<Names> {
        let symbols = said(Command::new("nm").arg("--defined-only").arg(library))
            .context("nm is part of binutils")?;
        let (mut addresses, mut names) = (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new());
        for line in symbols.lines() {
            let mut words = line.split(' ').map(str::to_owned);
            if let (Some(address), Some(_), Some(name)) = (words.next(), words.next(), words.next())
            {
                addresses.insert(name.clone(), address.clone());
                names.entry(address).or_default().push(name);
            }
        }
        ensure!(!names.is_empty(), "{} has no symbols", library.display());
        Ok(Names { addresses, names })
    }

    /// The patterns of this function, if it is one in Rust or of rt0's own with a C name, and of those that are the
    /// same.
    fn patterns(&self, name: &str) -> Vec<String> {
        let address = self.addresses.get(name);
        let same = address.and_then(|address| self.names.get(address));
        let starts = ["_ZN", "_R", "rt0_", "__wrap_"];
        let named = |name: &&String| starts.iter().any(|start| name.starts_with(start));
        same.into_iter()
            .flatten()
            .filter(named)
            .map(|name| pattern(name))
            .collect()
    }
}

/// A name without what changes from build to build: the hash at the end of one kind of name, those of the crates
/// in the other kind, and what LLVM adds.
fn pattern(name: &str) -> String {
    let name = name.split(".llvm.").next().unwrap_or_default();
    let name = name.replace('$', "?");
    if let Some((start, _)) = name.rsplit_once("17h").filter(|_| name.starts_with("_ZN")) {
        return format!("{start}17h*E");
    }
    let mut parts = name.split("Cs");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("Cs");
        match part.split_once('_') {
            Some((hash, rest))
                if hash.chars().all(|c| c.is_ascii_alphanumeric())
                    && rest.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                out.push_str("*_");
                out.push_str(rest);
            }
            _ => out.push_str(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{functions, pattern};
    use std::path::Path;

    #[test]
    fn hashes_are_left_open() {
        assert_eq!(
            pattern("_ZN3rt04boot5start17h0123456789abcdefE"),
            "_ZN3rt04boot5start17h*E"
        );
        assert_eq!(
            pattern("_ZN4core3ptr9drop$LT$T$GT$17h0123456789abcdefE"),
            "_ZN4core3ptr9drop?LT?T?GT?17h*E"
        );
        assert_eq!(
            pattern("_ZN3rt04boot5start17h0123456789abcdefE.llvm.123"),
            "_ZN3rt04boot5start17h*E"
        );
        assert_eq!(
            pattern("_RNvXs_NtCsgEmfK2I1SDS_4core3ptrCsjrHSEGnQ3l9_3std.llvm.45"),
            "_RNvXs_NtCs*_4core3ptrCs*_3std"
        );
        assert_eq!(
            pattern("_RNvXs_NtCsgEmfK2I1SDS_4core3ptrCsjrHSEGnQ3l9_3std"),
            "_RNvXs_NtCs*_4core3ptrCs*_3std"
        );
    }

    #[test]
    fn only_what_ran_in_the_file_counts() {
        let text = "ob=(1) /x/lib.so\nfn=(1) _Ra\n0 5\ncob=(2) /libc.so\ncfn=(2) malloc\ncalls=1 0\n0 9\n\
                    ob=(2)\nfn=(2)\n0 9\nob=(1)\nfn=(3) _Rb'2\n0 1\n";
        let all = functions(text, Path::new("/x/lib.so"));
        assert_eq!(all, ["_Ra", "_Rb"].map(str::to_owned).into());
    }
}

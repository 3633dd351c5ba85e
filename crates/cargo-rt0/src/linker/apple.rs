//! Apple's systems: a list of exported symbols takes the place of the version script, and the file has versions.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use rt0_abi::linking::Linker;

use super::Task;
use crate::description::KEPT_MACHO;
use crate::error::Result;
use crate::keep;

/// The compiler's list without the names that must be hidden. The names in it begin with C's underscore.
pub fn restrict(list: &str, shown: &BTreeSet<String>) -> String {
    let kept = |line: &&str| name(line).is_some_and(|name| shown.contains(name));
    list.split_inclusive('\n').filter(kept).collect()
}

/// The names that the file exports, as C has them.
pub fn listed(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter_map(name)
}

fn name(line: &str) -> Option<&str> {
    line.trim().strip_prefix('_')
}

/// The options that the command line lacks: the names and versions by which others depend on the file.
pub fn options(args: &[OsString], task: &Task) -> Vec<OsString> {
    let mut out = Vec::new();
    let has = |option: &str| {
        let mut args = args.iter();
        args.any(|arg| arg.to_string_lossy().split(',').any(|word| word == option))
    };
    let has_name = has("-install_name") || has("-dylib_install_name");
    if let Some(soname) = &task.soname
        && (task.installed || !has_name)
    {
        out.push(format!("{}{soname}", Linker::Apple.soname()).into());
    }
    let Versions {
        current,
        compatibility,
    } = versions(&task.version);
    for (option, version) in [
        ("-current_version", current),
        ("-compatibility_version", compatibility),
    ] {
        if !has(option) {
            out.push(format!("-Wl,{option},{version}").into());
        }
    }
    out
}

struct Versions {
    current: String,
    compatibility: String,
}

/// The versions of the file from the crate's: as far as cargo says that versions are compatible. A number too large for
/// the file is cut to what it can hold.
fn versions(version: &str) -> Versions {
    let mut numbers = version
        .split(['-', '+'])
        .next()
        .unwrap_or_default()
        .split('.');
    let mut next = |most: u64| {
        let number = numbers.next().and_then(|number| number.parse().ok());
        number.unwrap_or(0u64).min(most)
    };
    let (major, minor, patch) = (next(65535), next(255), next(255));
    Versions {
        current: format!("{major}.{minor}.{patch}"),
        compatibility: match (major, minor) {
            (0, 0) => format!("0.0.{patch}"),
            (0, minor) => format!("0.{minor}.0"),
            (major, _) => format!("{major}.0.0"),
        },
    }
}

/// Writes the records of the kept symbols beside the compiler's temporary files, with which they are deleted, and puts
/// them into the file.
///
/// # Errors
/// The file can't be written.
pub fn keep_records(kept: &BTreeSet<String>, beside: &Path) -> Result<Vec<OsString>> {
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let path = beside.with_file_name("rt0-kept.bin");
    super::write_bytes(&path, &keep::notes(kept))?;
    // One at a time: a folder may have a comma in its name.
    let words = ["-sectcreate", "__DATA", KEPT_MACHO].map(OsString::from);
    let words = words.into_iter().chain([path.into()]);
    Ok(words.flat_map(|word| ["-Xlinker".into(), word]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(version: &str) -> Task {
        Task {
            linker: "cc".into(),
            keep: Vec::new(),
            seen: "seen".into(),
            inside: false,
            soname: Some("@rpath/libx.dylib".to_owned()),
            installed: false,
            target: "aarch64-apple-darwin".to_owned(),
            version: version.to_owned(),
        }
    }

    #[test]
    fn only_declared_names_stay() {
        let declared = ["x_a", "x_b", "x_never_defined"].map(String::from).into();
        let list = "_x_a\n_leak\n_x_b\n";
        assert_eq!(restrict(list, &declared), "_x_a\n_x_b\n");
        assert_eq!(restrict("", &declared), "");
        assert_eq!(listed(list).collect::<Vec<_>>(), ["x_a", "leak", "x_b"]);
    }

    #[test]
    fn a_file_has_a_name_and_versions_unless_the_author_has_given_others() {
        let all = options(&[], &task("1.2.3"));
        assert_eq!(
            all,
            [
                "-Wl,-install_name,@rpath/libx.dylib",
                "-Wl,-current_version,1.2.3",
                "-Wl,-compatibility_version,1.0.0",
            ]
        );
        assert!(options(&all, &task("1.2.3")).is_empty());
        let own = ["-install_name".into(), "/usr/lib/libx.dylib".into()];
        assert_eq!(options(&own, &task("1.2.3")).len(), 2);
        // An installed file's name counts, and comes last.
        let installed = Task {
            installed: true,
            ..task("1.2.3")
        };
        assert_eq!(options(&own, &installed).len(), 3);
    }

    #[test]
    fn a_version_says_with_which_it_is_compatible() {
        for (version, compatibility) in [
            ("1.2.3", "1.0.0"),
            ("0.4.9-beta.1+x", "0.4.0"),
            ("0.0.7", "0.0.7"),
            ("70000.1.0", "65535.0.0"),
            ("", "0.0.0"),
        ] {
            assert_eq!(versions(version).compatibility, compatibility, "{version}");
        }
        assert_eq!(versions("0.4.300-rc").current, "0.4.255");
    }
}

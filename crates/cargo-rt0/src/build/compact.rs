//! What keeps the built file small: rt0's own crates are optimised for size, and calls inside the library
//! are direct.
//!
//! Most of rt0 runs once in the life of a process. What runs in each call is expanded in the author's crate,
//! or inlined there. So rt0's crates get `opt-level = "s"` in every profile that optimises at all, unless the
//! author has chosen otherwise: every value that the author has written stands.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use cargo_config2::Walk;
use cargo_metadata::Package;
use toml::{Table, Value};

/// The crates whose code is in the built file.
const CRATES: [&str; 3] = ["rt0", "rt0-abi", "rt0-core"];

/// The settings, with their values in TOML. Of several units of code, each would have its own copies of
/// generic functions.
const SETTINGS: [(&str, &str); 2] = [("opt-level", "\"s\""), ("codegen-units", "1")];

/// Which of rt0's crates are among these packages. Cargo warns about settings for others.
pub fn crates(packages: &[Package]) -> Vec<&'static str> {
    let is_there = |name: &&str| {
        packages
            .iter()
            .any(|package| package.name.as_str() == *name)
    };
    CRATES.into_iter().filter(is_there).collect()
}

/// The values of cargo's `--config` for a build with this profile, in this workspace and of these of rt0's
/// crates.
pub fn settings(workspace: &Path, crates: &[&str], profile: &str) -> Vec<String> {
    let written = Written {
        tables: tables(workspace),
        variables: env::vars().map(|(name, _)| name).collect(),
    };
    let mut out = Vec::new();
    for (key, value) in SETTINGS {
        if written.leaves(profile, key) {
            for name in crates {
                out.push(format!("profile.{profile}.package.{name}.{key}={value}"));
            }
        }
    }
    out
}

/// The flag for direct calls. On x86-64 the compiler calls every function of another object through a table
/// of addresses, which the loader must fill in, if the library's link is fully read-only (`-z now`). We pass
/// `-z now` to the linker ourselves, so the file is as read-only without the compiler's knowing.
pub fn direct_calls(target: &str) -> Option<String> {
    let is_elf = !["-apple-", "-windows-"]
        .iter()
        .any(|system| target.contains(system));
    (target.starts_with("x86_64-") && is_elf).then(|| "-Crelro-level=partial".to_owned())
}

/// What the author has written about profiles.
struct Written {
    /// The tables `profile` of the manifest and of cargo's configuration files.
    tables: Vec<Table>,
    /// The names of the environment's variables.
    variables: BTreeSet<String>,
}

/// A file that can't be read is cargo's to complain about.
fn tables(workspace: &Path) -> Vec<Table> {
    let mut files = vec![workspace.join("Cargo.toml")];
    files.extend(env::current_dir().iter().flat_map(|dir| Walk::new(dir)));
    files.iter().filter_map(|file| profiles(file)).collect()
}

fn profiles(file: &Path) -> Option<Table> {
    let mut all: Table = fs::read_to_string(file).ok()?.parse().ok()?;
    match all.remove("profile")? {
        Value::Table(profiles) => Some(profiles),
        _ => None,
    }
}

impl Written {
    /// Whether this profile optimises and the author has not said anything about this setting of it.
    fn leaves(&self, profile: &str, key: &str) -> bool {
        let mut profile = profile.to_owned();
        // A profile has few ancestors. A circle is an error of cargo's.
        for _ in 0..16 {
            if self.sets(&profile, key) {
                return false;
            }
            profile = match profile.as_str() {
                "release" => return true,
                "bench" => "release".to_owned(),
                other => match self.inherited(other) {
                    Some(parent) => parent,
                    None => return false,
                },
            };
        }
        false
    }

    fn sets(&self, profile: &str, key: &str) -> bool {
        let variable = format!("CARGO_PROFILE_{profile}_{key}").replace('-', "_");
        self.variables.contains(&variable.to_uppercase())
            || self.about(profile).any(|table| {
                let of_package = |name| table.get("package")?.get(name)?.get(key);
                let packages = CRATES.iter().chain(&["*"]);
                table.contains_key(key) || packages.copied().any(|name| of_package(name).is_some())
            })
    }

    fn inherited(&self, profile: &str) -> Option<String> {
        let mut all = self.about(profile);
        let parent = all.find_map(|table| table.get("inherits"))?;
        parent.as_str().map(str::to_owned)
    }

    fn about<'a>(&'a self, profile: &'a str) -> impl Iterator<Item = &'a Table> {
        let tables = self.tables.iter();
        tables.filter_map(move |profiles| profiles.get(profile)?.as_table())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether we set the optimisation for a profile, if the author has written this.
    fn leaves(profile: &str, tables: &[&str], variables: &[&str]) -> bool {
        let written = Written {
            tables: tables.iter().map(|text| text.parse().unwrap()).collect(),
            variables: variables.iter().map(|name| name.to_string()).collect(),
        };
        written.leaves(profile, "opt-level")
    }

    #[test]
    fn profiles_that_optimise_are_left_to_us() {
        assert!(leaves("release", &[], &[]));
        assert!(leaves("release", &["[release]\nlto = \"fat\"\n"], &[]));
        assert!(leaves("bench", &[], &[]));
        let two = "[fat]\ninherits = \"thin\"\n[thin]\ninherits = \"release\"\n";
        assert!(leaves("fat", &[two], &[]));
        assert!(!leaves("dev", &[], &[]));
        assert!(!leaves("quick", &["[quick]\ninherits = \"dev\"\n"], &[]));
        assert!(!leaves(
            "circle",
            &["[circle]\ninherits = \"circle\"\n"],
            &[]
        ));
    }

    #[test]
    fn what_the_author_has_written_stands() {
        for table in [
            "[release]\nopt-level = 3\n",
            "[release.package.rt0]\nopt-level = 2\n",
            "[release.package.rt0-core]\nopt-level = 2\n",
            "[release.package.\"*\"]\nopt-level = 2\n",
        ] {
            assert!(!leaves("release", &[table], &[]), "{table}");
            // In a file of cargo's configuration, and for a profile that inherits from it.
            let tables = ["[mine]\ninherits = \"release\"\n", table];
            assert!(!leaves("mine", &tables, &[]), "{table}");
        }
        assert!(leaves(
            "release",
            &["[release.package.tokio]\nopt-level = 2\n"],
            &[]
        ));
        assert!(!leaves(
            "release",
            &[],
            &["CARGO_PROFILE_RELEASE_OPT_LEVEL"]
        ));
        let tables = ["[my-own]\ninherits = \"release\"\n"];
        assert!(!leaves(
            "my-own",
            &tables,
            &["CARGO_PROFILE_MY_OWN_OPT_LEVEL"]
        ));
    }

    #[test]
    fn calls_are_direct_where_they_were_not() {
        for target in ["x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl"] {
            assert!(direct_calls(target).is_some(), "{target}");
        }
        for target in [
            "aarch64-unknown-linux-gnu",
            "x86_64-pc-windows-gnu",
            "x86_64-apple-darwin",
        ] {
            assert_eq!(direct_calls(target), None, "{target}");
        }
    }
}

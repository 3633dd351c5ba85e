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

/// The values for cargo's `--config`, for this profile of this workspace and these of rt0's crates.
pub fn settings(workspace: &Path, crates: &[&str], profile: &str) -> Vec<String> {
    let Some(tables) = tables(workspace) else {
        return Vec::new();
    };
    let written = Written {
        tables,
        variables: env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect(),
    };
    let mut out = Vec::new();
    for (key, value) in SETTINGS {
        for name in crates {
            if written.leaves(profile, name, key) {
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

/// `None`: a configuration file includes others, which we don't read. A file that can't be read is cargo's to
/// complain about.
fn tables(workspace: &Path) -> Option<Vec<Table>> {
    let mut files = vec![workspace.join("Cargo.toml")];
    files.extend(env::current_dir().iter().flat_map(|dir| Walk::new(dir)));
    let mut out = Vec::new();
    for mut all in files.iter().filter_map(|file| read(file)) {
        if all.contains_key("include") {
            return None;
        }
        if let Some(Value::Table(profiles)) = all.remove("profile") {
            out.push(profiles);
        }
    }
    Some(out)
}

fn read(file: &Path) -> Option<Table> {
    fs::read_to_string(file).ok()?.parse().ok()
}

impl Written {
    /// Whether this profile optimises and the author has not said anything about this setting of it for this
    /// crate.
    fn leaves(&self, profile: &str, name: &str, key: &str) -> bool {
        let mut profile = profile.to_owned();
        // A profile has few ancestors. Cargo reports a cycle.
        for _ in 0..16 {
            if self.sets(&profile, name, key) {
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

    fn sets(&self, profile: &str, name: &str, key: &str) -> bool {
        let variable = format!("CARGO_PROFILE_{profile}_{key}").replace('-', "_");
        self.variables.contains(&variable.to_uppercase())
            || self.about(profile).any(|table| {
                let packages = table.get("package").and_then(Value::as_table);
                table.contains_key(key)
                    || packages.is_some_and(|packages| {
                        let mut packages = packages.iter();
                        packages.any(|(spec, settings)| match spec.as_str() {
                            "*" => settings.get(key).is_some(),
                            spec if spec == name => settings.get(key).is_some(),
                            // Cargo refuses two tables for one package.
                            spec => names(spec) == name,
                        })
                    })
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

/// The package that one of cargo's package ids names, such as `rt0@0.1` or `https://example.com/rt0#0.1.0`.
fn names(spec: &str) -> &str {
    let (before, after) = spec.split_once('#').unwrap_or((spec, ""));
    let last = before.rsplit('/').next().unwrap_or(before);
    let name = match after {
        // A version without a name: the address ends with the name.
        "" => last,
        version if version.starts_with(|first: char| first.is_ascii_digit()) => last,
        name => name,
    };
    name.split(['@', ':', '?']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_ids_name_a_package() {
        for spec in [
            "rt0",
            "rt0@0.1",
            "rt0:0.1.0",
            "https://example.com/rt0",
            "https://example.com/rt0#0.1.0",
            "https://example.com/all#rt0@0.1.0",
            "file:///all/crates/rt0#0.1.0",
            "git+ssh://git@example.com/rt0?branch=next#0.1.0",
        ] {
            assert_eq!(names(spec), "rt0", "{spec}");
        }
        assert_eq!(names("rt0-core@0.1"), "rt0-core");
    }

    /// Whether we set the optimisation for a profile, if the author has written this.
    fn leaves(profile: &str, tables: &[&str], variables: &[&str]) -> bool {
        let written = Written {
            tables: tables.iter().map(|text| text.parse().unwrap()).collect(),
            variables: variables.iter().map(|name| name.to_string()).collect(),
        };
        written.leaves(profile, "rt0", "opt-level")
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
            "[release.package.\"rt0@0.1\"]\ndebug = 1\n",
            "[release.package.\"*\"]\nopt-level = 2\n",
        ] {
            assert!(!leaves("release", &[table], &[]), "{table}");
            // In a file of cargo's configuration, and for a profile that inherits from it.
            let tables = ["[mine]\ninherits = \"release\"\n", table];
            assert!(!leaves("mine", &tables, &[]), "{table}");
        }
        let of_another = "[release.package.rt0-core]\nopt-level = 2\n";
        assert!(leaves("release", &[of_another], &[]));
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

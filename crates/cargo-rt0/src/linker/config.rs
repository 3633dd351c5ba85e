//! What cargo's configuration files say of targets and linkers.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// The configuration files that cargo would read from a directory, the nearest first.
#[derive(Debug, Default)]
pub struct CargoConfig {
    files: Vec<(PathBuf, Table)>,
}

impl CargoConfig {
    /// The files for this directory: in it, in each one above it, and cargo's home. A file that
    /// cannot be read is cargo's to complain about.
    pub fn load(from: &Path) -> CargoConfig {
        let above = from.ancestors().map(|dir| dir.join(".cargo"));
        let home = env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
        let mut files: Vec<(PathBuf, Table)> = Vec::new();
        for dir in above.chain(home) {
            let found = ["config", "config.toml"].map(|name| dir.join(name));
            let Some(path) = found.into_iter().find(|path| path.is_file()) else {
                continue;
            };
            if files.iter().any(|(known, _)| *known == path) {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            if let Ok(table) = text.parse() {
                files.push((path, table));
            }
        }
        CargoConfig { files }
    }

    /// The default of `--target`, when one is set.
    pub fn build_target(&self) -> Option<String> {
        if let Ok(target) = env::var("CARGO_BUILD_TARGET") {
            return Some(target);
        }
        let (path, value) = self.first(&["build", "target"])?;
        let value = match value {
            Value::Array(list) if list.len() == 1 => &list[0],
            value => value,
        };
        let target = value.as_str()?;
        // A target of one's own is a file, relative to where the configuration stands.
        if target.ends_with(".json") {
            return Some(relative(path, target).display().to_string());
        }
        Some(target.to_owned())
    }

    /// The linker of a target: `[target.TRIPLE]` first, then a `[target.'cfg(...)']` that matches.
    pub fn linker(&self, target: &str, matches: impl Fn(&str) -> bool) -> Option<PathBuf> {
        let program = |path: &Path, value: &Value| Some(relative(path, value.as_str()?));
        if let Some((path, value)) = self.first(&["target", target, "linker"]) {
            return program(path, value);
        }
        for (path, table) in &self.files {
            let targets = table.get("target").and_then(Value::as_table);
            for (key, value) in targets.into_iter().flatten() {
                if let Some(linker) = value.get("linker")
                    && key.starts_with("cfg(")
                    && matches(key)
                {
                    return program(path, linker);
                }
            }
        }
        None
    }

    /// The flags for the compiler: those of `[target.TRIPLE]` and of each `[target.'cfg(...)']` that matches,
    /// else those of `[build]`.
    pub fn rustflags(&self, target: &str, matches: impl Fn(&str) -> bool) -> Vec<String> {
        let variable = format!("CARGO_TARGET_{}_RUSTFLAGS", shouted(target));
        let mut flags = self.list(&["target", target, "rustflags"], &variable);
        let tables = self.files.iter().rev().filter_map(|(_, table)| {
            let targets = table.get("target").and_then(Value::as_table)?;
            Some(targets.keys().filter(|key| key.starts_with("cfg(")))
        });
        let mut known: Vec<&String> = tables.flatten().collect();
        known.sort();
        known.dedup();
        for key in known {
            if self.first(&["target", key, "rustflags"]).is_some() && matches(key) {
                flags.extend(self.list(&["target", key, "rustflags"], ""));
            }
        }
        if flags.is_empty() {
            return self.list(&["build", "rustflags"], "CARGO_BUILD_RUSTFLAGS");
        }
        flags
    }

    /// A list of words, or a text of them. Cargo joins lists, the nearest file's last, and the variable's after
    /// that; of texts the nearest counts.
    fn list(&self, keys: &[&str], variable: &str) -> Vec<String> {
        let words = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let mut out: Vec<String> = Vec::new();
        for (_, table) in self.files.iter().rev() {
            match find(table, keys) {
                Some(Value::Array(list)) => {
                    out.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                Some(Value::String(text)) => out = words(text),
                _ => {}
            }
        }
        if let Ok(more) = env::var(variable) {
            out.extend(words(&more));
        }
        out
    }

    fn first(&self, keys: &[&str]) -> Option<(&Path, &Value)> {
        self.files
            .iter()
            .find_map(|(path, table)| Some((path.as_path(), find(table, keys)?)))
    }
}

fn find<'a>(table: &'a Table, keys: &[&str]) -> Option<&'a Value> {
    let (first, rest) = keys.split_first()?;
    let value = table.get(*first)?;
    rest.iter().try_fold(value, |value, key| value.get(key))
}

/// A target's name as it stands in variables.
pub fn shouted(target: &str) -> String {
    target.to_uppercase().replace(['-', '.'], "_")
}

/// A program is looked up in PATH unless it has a slash; then it is relative to the directory that
/// holds the `.cargo` directory.
fn relative(config: &Path, program: &str) -> PathBuf {
    if !program.contains('/') {
        return PathBuf::from(program);
    }
    let base = config.parent().and_then(Path::parent);
    base.unwrap_or(Path::new("")).join(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_wins_and_paths_are_relative_to_it() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a/b");
        fs::create_dir_all(inner.join(".cargo")).unwrap();
        fs::create_dir_all(dir.path().join(".cargo")).unwrap();
        let outer = "[build]\ntarget = [\"t-one\"]\n[target.t-one]\nlinker = \"far\"\n\
                     [target.t-two]\nlinker = \"bin/cc\"\n[target.'cfg(unix)']\nlinker = \"u\"\n";
        fs::write(dir.path().join(".cargo/config.toml"), outer).unwrap();
        let near = "[target.t-one]\nlinker = \"near\"\n";
        fs::write(inner.join(".cargo/config.toml"), near).unwrap();
        let config = CargoConfig::load(&inner);
        let linker = |target| config.linker(target, |cfg| cfg == "cfg(unix)");
        assert_eq!(linker("t-one"), Some("near".into()));
        assert_eq!(linker("t-two"), Some(dir.path().join("bin/cc")));
        assert_eq!(linker("t-three"), Some("u".into()));
        assert_eq!(config.linker("t-three", |_| false), None);
        assert!(config.rustflags("t-one", |_| false).is_empty());
        if env::var_os("CARGO_BUILD_TARGET").is_none() {
            assert_eq!(config.build_target().as_deref(), Some("t-one"));
        }
    }

    #[test]
    fn flags_are_joined_as_cargo_joins_them() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a");
        fs::create_dir_all(inner.join(".cargo")).unwrap();
        fs::create_dir_all(dir.path().join(".cargo")).unwrap();
        let outer = "[build]\nrustflags = [\"-Cfar\"]\n[target.t-one]\nrustflags = \"-C one\"\n\
                     [target.'cfg(unix)']\nrustflags = [\"-Cunix\"]\n";
        fs::write(dir.path().join(".cargo/config.toml"), outer).unwrap();
        let near = "[build]\nrustflags = [\"-Cnear\", \"x y\"]\n";
        fs::write(inner.join(".cargo/config.toml"), near).unwrap();
        let config = CargoConfig::load(&inner);
        let flags = |target, unix: bool| config.rustflags(target, |_| unix);
        assert_eq!(flags("t-one", true), ["-C", "one", "-Cunix"]);
        assert_eq!(flags("t-two", true), ["-Cunix"]);
        if env::var_os("CARGO_BUILD_RUSTFLAGS").is_none() {
            assert_eq!(flags("t-two", false), ["-Cfar", "-Cnear", "x y"]);
        }
    }
}

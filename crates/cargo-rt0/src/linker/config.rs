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

    fn first(&self, keys: &[&str]) -> Option<(&Path, &Value)> {
        self.files.iter().find_map(|(path, table)| {
            let (first, rest) = keys.split_first()?;
            let value = table.get(*first)?;
            let value = rest.iter().try_fold(value, |value, key| value.get(key))?;
            Some((path.as_path(), value))
        })
    }
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
        if env::var_os("CARGO_BUILD_TARGET").is_none() {
            assert_eq!(config.build_target().as_deref(), Some("t-one"));
        }
    }
}

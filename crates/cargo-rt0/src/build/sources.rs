//! The folders of the dependencies' sources, each with a name that does not mention this machine.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};

use cargo_metadata::Package;

/// The folders of dependencies, as cargo reports them. For a registry or git: the folder that holds all such
/// packages. For a path dependency: the package's own folder.
pub fn of(packages: &[Package], workspace: &Path) -> Vec<(PathBuf, String)> {
    let mut out = BTreeSet::new();
    for package in packages {
        let Some(folder) = package.manifest_path.as_std_path().parent() else {
            continue;
        };
        match &package.source {
            None if folder.starts_with(workspace) => {}
            None => {
                let name = format!("{}-{}", package.name, package.version);
                out.insert((folder.to_owned(), name));
            }
            Some(source) if source.repr.starts_with("git+") => {
                let mut above = folder.ancestors();
                let all = above.find(|dir| dir.ends_with("git/checkouts"));
                out.extend(all.map(|dir| (dir.to_owned(), String::new())));
            }
            Some(_) => out.extend(folder.parent().map(|dir| (dir.to_owned(), String::new()))),
        }
    }
    out.into_iter().collect()
}

/// The folders of all packages that cargo has unpacked so far, for when cargo can't list the dependencies.
pub fn unpacked() -> Vec<(PathBuf, String)> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let Some(home) = home else {
        return Vec::new();
    };
    let registries = home.join("registry/src").read_dir().into_iter().flatten();
    let mut folders: Vec<_> = registries.flatten().map(|entry| entry.path()).collect();
    folders.push(home.join("git/checkouts"));
    folders.sort();
    folders
        .into_iter()
        .map(|dir| (dir, String::new()))
        .collect()
}

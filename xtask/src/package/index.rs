//! What a registry's index says of a package: a line of JSON in a file that is named after it.

use std::path::PathBuf;

use cargo_metadata::{DependencyKind, Package};
use serde_json::{Value, json};

/// The file for a package, below the index.
pub fn path(name: &str) -> PathBuf {
    let name = name.to_ascii_lowercase();
    let part = |from: usize, to: usize| name.get(from..to).unwrap_or_default();
    match name.len() {
        1 => PathBuf::from("1").join(&name),
        2 => PathBuf::from("2").join(&name),
        3 => PathBuf::from("3").join(part(0, 1)).join(&name),
        _ => PathBuf::from(part(0, 2)).join(part(2, 4)).join(&name),
    }
}

/// The line of a package, without those of its tests' dependencies that cargo leaves out of a package.
pub fn line(package: &Package, checksum: &str) -> String {
    let dependencies: Vec<Value> = package
        .dependencies
        .iter()
        .filter(|dependency| {
            dependency.kind != DependencyKind::Development || dependency.path.is_none()
        })
        .map(|dependency| {
            let kind = match dependency.kind {
                DependencyKind::Build => "build",
                DependencyKind::Development => "dev",
                _ => "normal",
            };
            let target = dependency.target.as_ref().map(ToString::to_string);
            json!({
                "name": dependency.rename.as_ref().unwrap_or(&dependency.name),
                "package": dependency.rename.as_ref().map(|_| &dependency.name),
                "req": dependency.req.to_string(),
                "features": dependency.features,
                "optional": dependency.optional,
                "default_features": dependency.uses_default_features,
                "target": target,
                "kind": kind,
            })
        })
        .collect();
    let line = json!({
        "name": package.name.as_str(),
        "vers": package.version.to_string(),
        "deps": dependencies,
        "cksum": checksum,
        "features": {},
        "features2": package.features,
        "yanked": false,
        "links": package.links,
        "rust_version": package.rust_version.as_ref().map(ToString::to_string),
        "v": 2,
    });
    format!("{line}\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_package_is_found_by_its_name() {
        for (name, file) in [
            ("a", "1/a"),
            ("cc", "2/cc"),
            ("rt0", "3/r/rt0"),
            ("rt0-abi", "rt/0-/rt0-abi"),
            ("Inflector", "in/fl/inflector"),
        ] {
            assert_eq!(path(name), Path::new(file));
        }
    }
}

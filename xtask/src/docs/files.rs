//! The files of the repository, as git knows them: what is built or installed beside them is no source.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::run::{root, said};

/// The names of all files, relative to the repository.
pub struct Files {
    names: BTreeSet<String>,
}

impl Files {
    /// Asks git.
    ///
    /// # Errors
    /// It can't be run, or this is no checkout.
    pub fn find() -> Result<Files> {
        let list = "ls-files -z --cached --others --exclude-standard";
        let mut git = Command::new("git");
        git.current_dir(root()).args(list.split(' '));
        let names = said(&mut git).context("the pages of the site are the files that git knows")?;
        let names = names.split('\0').filter(|name| !name.is_empty());
        let there = names.filter(|name| root().join(name).exists());
        Ok(Files {
            names: there.map(str::to_owned).collect(),
        })
    }

    /// Files with these names.
    #[cfg(test)]
    pub fn of(names: &[&str]) -> Files {
        Files {
            names: names.iter().map(ToString::to_string).collect(),
        }
    }

    /// Whether it is a file.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether it is a folder with files in it.
    pub fn has_folder(&self, name: &str) -> bool {
        let inside = format!("{name}/");
        let next = self.names.range(inside.clone()..).next();
        next.is_some_and(|next| next.starts_with(&inside))
    }

    /// What is in a folder: the folders, then the files, each by its own name.
    pub fn in_folder(&self, name: &str) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let inside = format!("{name}/");
        let all = self.names.range(inside.clone()..);
        let rest = all.map_while(|name| name.strip_prefix(&inside));
        let (mut folders, mut files) = (BTreeSet::new(), BTreeSet::new());
        for rest in rest {
            match rest.split_once('/') {
                Some((folder, _)) => folders.insert(folder),
                None => files.insert(rest),
            };
        }
        (folders, files)
    }

    /// The pages of a folder, but for its README.
    pub fn pages_in(&self, folder: &str) -> Vec<String> {
        let (_, files) = self.in_folder(folder);
        let pages = files.into_iter();
        let pages = pages.filter(|name| name.ends_with(".md") && *name != "README.md");
        pages.map(|name| format!("{folder}/{name}")).collect()
    }

    /// What a link in a page leads to: the file or folder, relative to the repository.
    pub fn resolve(&self, page: &str, link: &str) -> Option<String> {
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in link.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        let name = parts.join("/");
        // A link of the file system to a folder.
        if self.has(&name) && root().join(&name).is_dir() {
            let real = root().join(&name).canonicalize().ok()?;
            let real = real.strip_prefix(root().canonicalize().ok()?).ok()?;
            return Some(real.to_str()?.to_owned());
        }
        (self.has(&name) || self.has_folder(&name)).then_some(name)
    }
}

/// Whether a browser shows such a file by itself.
pub fn is_picture(name: &str) -> bool {
    let ending = Path::new(name).extension();
    ending.is_some_and(|ending| ending == "svg" || ending == "png")
}

/// Where a file or folder is on the site, relative to its top.
pub fn place(name: &str, files: &Files) -> String {
    if name == "README.md" {
        return "index.html".to_owned();
    }
    if is_picture(name) {
        return name.to_owned();
    }
    if let Some(folder) = name.strip_suffix("/README.md") {
        return format!("{folder}/index.html");
    }
    if let Some(page) = name.strip_suffix(".md") {
        return format!("{page}.html");
    }
    if files.has(name) {
        return format!("{name}.html");
    }
    format!("{name}/index.html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_their_page() {
        let files = Files::of(&["README.md", "docs/a.md", "docs/b/c.md", "src/lib.rs"]);
        let resolve = |page, link| files.resolve(page, link);
        assert_eq!(resolve("README.md", "docs/a.md").unwrap(), "docs/a.md");
        assert_eq!(resolve("docs/b/c.md", "../a.md").unwrap(), "docs/a.md");
        assert_eq!(resolve("docs/a.md", "../src").unwrap(), "src");
        assert_eq!(resolve("docs/a.md", "a/../b/c.md").unwrap(), "docs/b/c.md");
        assert_eq!(resolve("docs/a.md", "c.md"), None);
        assert_eq!(resolve("docs/a.md", "../../README.md"), None);
    }

    #[test]
    fn every_kind_of_file_has_a_place() {
        let files = Files::of(&["README.md", "docs/a.md", "src/README.md", "src/lib.rs"]);
        for (name, at) in [
            ("README.md", "index.html"),
            ("docs/a.md", "docs/a.html"),
            ("src/README.md", "src/index.html"),
            ("src", "src/index.html"),
            ("src/lib.rs", "src/lib.rs.html"),
            ("docs/load.svg", "docs/load.svg"),
        ] {
            assert_eq!(place(name, &files), at);
        }
    }
}

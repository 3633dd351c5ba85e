//! What the files of an installed library are called on each system, and how a version becomes a part of that.
//!
//! A program that is linked with the library asks the loader for its soname. So the soname has the part of the version
//! that changes when the interface does, as cargo and cargo-c read versions: `1` of 1.2.3, `0.2` of 0.2.3, `0.0.3`
//! of 0.0.3. The file has the whole version, and links lead to it.

use cargo_metadata::semver::Version;

use crate::error::{Error, Result};

/// A family of systems, by how they name libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// ELF files with versions in their names.
    Elf,
    /// ELF files without: an application brings its libraries along.
    Android,
    /// Apple's.
    Apple,
    /// Windows, with GNU's or Microsoft's linker.
    Windows {
        /// Whether the linker is Microsoft's.
        msvc: bool,
    },
}

/// The names of one library's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The shared library's file.
    pub shared: String,
    /// The links to it, in the same folder; the one that compilers look for last.
    pub links: Vec<String>,
    /// The name by which programs ask for it, without a folder; `None` if the file says none.
    pub soname: Option<String>,
    /// What programs are linked with in the shared library's place.
    pub import: Option<String>,
    /// The archive.
    pub archive: String,
}

impl Family {
    /// Of a target.
    pub fn of(target: &str) -> Family {
        let has = |part: &str| target.split('-').any(|other| other == part);
        if has("windows") {
            Family::Windows { msvc: has("msvc") }
        } else if has("apple") {
            Family::Apple
        } else if has("android") || has("androideabi") {
            Family::Android
        } else {
            Family::Elf
        }
    }

    /// The names of the library `name`. `soversion`: what its soname has of the version, if it has any.
    pub fn names(self, name: &str, version: &Version, soversion: Option<&str>) -> Names {
        let archive = match self {
            Family::Windows { msvc: true } => format!("{name}.lib"),
            _ => format!("lib{name}.a"),
        };
        let full = format!("{}.{}.{}", version.major, version.minor, version.patch);
        let plain = |shared: String, soname: bool| Names {
            soname: soname.then(|| shared.clone()),
            shared,
            links: Vec::new(),
            import: None,
            archive: archive.clone(),
        };
        let versioned = |shared: String, so: String, link: String| Names {
            links: [so.clone(), link]
                .into_iter()
                .filter(|link| *link != shared)
                .collect(),
            shared,
            soname: Some(so),
            import: None,
            archive: archive.clone(),
        };
        match (self, soversion) {
            (Family::Windows { msvc }, _) => Names {
                import: Some(match msvc {
                    true => format!("{name}.dll.lib"),
                    false => format!("lib{name}.dll.a"),
                }),
                ..plain(format!("{name}.dll"), false)
            },
            (Family::Apple, Some(so)) => versioned(
                format!("lib{name}.{full}.dylib"),
                format!("lib{name}.{so}.dylib"),
                format!("lib{name}.dylib"),
            ),
            (Family::Apple, None) => plain(format!("lib{name}.dylib"), true),
            (Family::Elf, Some(so)) => versioned(
                format!("lib{name}.so.{full}"),
                format!("lib{name}.so.{so}"),
                format!("lib{name}.so"),
            ),
            (Family::Android, _) | (Family::Elf, None) => plain(format!("lib{name}.so"), true),
        }
    }
}

/// Checks that this system can make the links to a library. `can_link`: whether it makes any.
///
/// # Errors
/// It can't: the error says what to do.
pub fn check_links(names: &Names, can_link: bool, target: &str) -> Result<()> {
    match names.links.last() {
        Some(link) if !can_link => Err(Error::input(format!(
            "a library for {target} is installed with links ({link} -> {}), and on this system only an administrator can \
             make them: install on a system such as the target's, for example in WSL, or choose --soversion none, which \
             gives one file without links",
            names.shared
        ))),
        _ => Ok(()),
    }
}

/// What the soname has of a version: as much as changes when the interface does.
pub fn soversion(version: &Version) -> String {
    match (version.major, version.minor, version.patch) {
        (0, 0, patch) => format!("0.0.{patch}"),
        (0, minor, _) => format!("0.{minor}"),
        (major, _, _) => major.to_string(),
    }
}

/// Reads what a person has chosen in its place. `none`: no version.
///
/// # Errors
/// It can't be a part of a file's name, or a linker would misunderstand it.
pub fn chosen(text: &str) -> Result<Option<String>> {
    if text == "none" {
        return Ok(None);
    }
    let is_good = |c: char| c.is_ascii_alphanumeric() || "._+~-".contains(c);
    if text.is_empty() || text.starts_with(['.', '-']) || !text.chars().all(is_good) {
        return Err(Error::input(format!(
            "the soversion {text:?} can't be a part of a file's name: choose letters, digits and dots, such as 1 or 1.2, \
             or none for a library without a version"
        )));
    }
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(target: &str, version: &str, soversion: Option<&str>) -> Names {
        let version = Version::parse(version).unwrap();
        Family::of(target).names("shop", &version, soversion)
    }

    #[test]
    fn the_soname_has_as_much_of_the_version_as_the_interface() {
        for (version, so) in [
            ("1.2.3", "1"),
            ("12.0.0", "12"),
            ("0.2.3", "0.2"),
            ("0.0.3", "0.0.3"),
            ("2.0.0-beta.1", "2"),
        ] {
            assert_eq!(soversion(&Version::parse(version).unwrap()), so);
        }
    }

    #[test]
    fn on_linux_links_lead_to_the_file_with_the_whole_version() {
        for target in ["x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl"] {
            let found = names(target, "1.2.3-rc.1+build", Some("1"));
            assert_eq!(found.shared, "libshop.so.1.2.3");
            assert_eq!(found.links, ["libshop.so.1", "libshop.so"]);
            assert_eq!(found.soname.as_deref(), Some("libshop.so.1"));
            assert_eq!(found.archive, "libshop.a");
        }
        // The file's own name is no link.
        let found = names("x86_64-unknown-freebsd", "0.0.3", Some("0.0.3"));
        assert_eq!(found.shared, "libshop.so.0.0.3");
        assert_eq!(found.links, ["libshop.so"]);
        let plain = names("x86_64-unknown-linux-gnu", "1.2.3", None);
        assert_eq!(
            (plain.shared.as_str(), plain.links.len()),
            ("libshop.so", 0)
        );
        assert_eq!(plain.soname.as_deref(), Some("libshop.so"));
    }

    #[test]
    fn a_system_without_links_says_so_before_anything_is_built() {
        let said = |target: &str, soversion, can_link| {
            let found = names(target, "1.2.3", soversion);
            let checked = check_links(&found, can_link, target);
            checked.err().map(|error| error.chain())
        };
        let linux = "x86_64-unknown-linux-gnu";
        let text = said(linux, Some("1"), false).unwrap();
        assert!(text.contains("libshop.so -> libshop.so.1.2.3"), "{text}");
        assert!(text.contains("--soversion none"), "{text}");
        assert_eq!(said(linux, Some("1"), true), None);
        assert_eq!(said(linux, None, false), None, "as the error advises");
        assert_eq!(said("x86_64-pc-windows-gnu", Some("1"), false), None);
        assert_eq!(said("aarch64-linux-android", Some("1"), false), None);
    }

    #[test]
    fn androids_loader_knows_no_versions() {
        for target in ["aarch64-linux-android", "armv7-linux-androideabi"] {
            let found = names(target, "1.2.3", Some("1"));
            assert_eq!(
                (found.shared.as_str(), found.links.len()),
                ("libshop.so", 0)
            );
        }
    }

    #[test]
    fn apples_versions_come_before_the_ending() {
        let found = names("aarch64-apple-darwin", "0.2.3", Some("0.2"));
        assert_eq!(found.shared, "libshop.0.2.3.dylib");
        assert_eq!(found.links, ["libshop.0.2.dylib", "libshop.dylib"]);
        assert_eq!(found.soname.as_deref(), Some("libshop.0.2.dylib"));
    }

    #[test]
    fn on_windows_programs_are_linked_with_another_file() {
        let gnu = names("x86_64-pc-windows-gnu", "1.2.3", Some("1"));
        assert_eq!(gnu.shared, "shop.dll");
        assert_eq!(gnu.import.as_deref(), Some("libshop.dll.a"));
        assert_eq!((gnu.soname, gnu.archive.as_str()), (None, "libshop.a"));
        let msvc = names("x86_64-pc-windows-msvc", "1.2.3", Some("1"));
        assert_eq!(msvc.import.as_deref(), Some("shop.dll.lib"));
        assert_eq!(msvc.archive, "shop.lib");
    }

    #[test]
    fn a_chosen_soversion_can_stand_in_a_name() {
        assert_eq!(chosen("1.2").unwrap().as_deref(), Some("1.2"));
        assert_eq!(chosen("none").unwrap(), None);
        for bad in ["", ".1", "1/2", "1,2", "-1", "1 2"] {
            let error = chosen(bad).unwrap_err();
            assert!(error.chain().contains("soversion"), "{bad}");
        }
    }
}

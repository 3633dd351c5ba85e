//! In which folder each file of an installed library belongs.

use std::path::{Component, Path, PathBuf};

use super::Options;
use crate::build::pkg_config;
use crate::error::{Error, Result};

/// The folders, as programs see them once the files are in place: absolute, without the destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// What the others are in, unless one was chosen elsewhere.
    pub prefix: PathBuf,
    /// Windows' libraries.
    pub bin: PathBuf,
    /// Libraries.
    pub lib: PathBuf,
    /// Headers.
    pub include: PathBuf,
    /// The folder of this header below it; may be empty.
    pub header: PathBuf,
    /// pkg-config files.
    pub pkg_config: PathBuf,
    /// CMake's packages.
    pub cmake: PathBuf,
    /// Debug information.
    pub debug: PathBuf,
    /// Licences.
    pub licences: PathBuf,
}

impl Dirs {
    /// The folders that the options name. `header`: the header's folder, unless an option names one.
    ///
    /// # Errors
    /// The prefix is not absolute, or a path leads upwards.
    pub fn of(options: &Options, header: &str) -> Result<Dirs> {
        let prefix = options.prefix.clone();
        let prefix = prefix.unwrap_or_else(|| "/usr/local".into());
        if !prefix.is_absolute() {
            return Err(Error::input(format!(
                "the prefix {} is not absolute: choose the folder that the library will be in when it is used, such as \
                 /usr; --destdir can put the files elsewhere",
                prefix.display()
            )));
        }
        let below = |chosen: &Option<PathBuf>, usual: PathBuf| match chosen {
            Some(dir) => prefix.join(dir),
            None => usual,
        };
        let lib = below(&options.libdir, prefix.join("lib"));
        let dirs = Dirs {
            bin: below(&options.bindir, prefix.join("bin")),
            include: below(&options.includedir, prefix.join("include")),
            header: options.header_dir.as_deref().unwrap_or(header).into(),
            pkg_config: below(&options.pkgconfigdir, lib.join("pkgconfig")),
            cmake: below(&options.cmakedir, lib.join("cmake")),
            debug: below(&options.debugdir, prefix.join("lib/debug")),
            licences: below(&options.licensedir, prefix.join("share/licenses")),
            lib,
            prefix,
        };
        dirs.check()?;
        Ok(dirs)
    }

    fn check(&self) -> Result<()> {
        for dir in [
            &self.prefix,
            &self.bin,
            &self.lib,
            &self.include,
            &self.header,
            &self.pkg_config,
            &self.cmake,
            &self.debug,
            &self.licences,
        ] {
            let text = dir.to_str().filter(|text| !text.contains(char::is_control));
            if text.is_none() || dir.components().any(|part| part == Component::ParentDir) {
                return Err(Error::input(format!(
                    "the folder {dir:?} has .. or a character in it that build systems do not understand: choose another"
                )));
            }
        }
        if self.header.is_absolute() {
            return Err(Error::input(format!(
                "the header's folder {} is absolute: --header-dir is below --includedir",
                self.header.display()
            )));
        }
        Ok(())
    }

    /// The folder of the header.
    pub fn header_folder(&self) -> PathBuf {
        self.include.join(&self.header)
    }

    /// The folder of the file `name` of debug information.
    pub fn debug_file(&self, build_id: Option<&str>, name: &str) -> PathBuf {
        match build_id.and_then(|id| id.split_at_checked(2)) {
            Some((start, rest)) if !rest.is_empty() => {
                let dir = self.debug.join(".build-id").join(start);
                dir.join(format!("{rest}.debug"))
            }
            _ => {
                let lib = below_the_root(&self.lib);
                self.debug.join(lib).join(format!("{name}.debug"))
            }
        }
    }

    /// The folders as pkg-config's variables. What is below the prefix is written so: a `.pc` file is often read
    /// with another prefix than it was written for.
    pub fn for_pkg_config(&self) -> pkg_config::Dirs {
        let below = |dir: &Path| match dir.strip_prefix(&self.prefix) {
            Ok(rest) if rest == Path::new("") => "${prefix}".to_owned(),
            Ok(rest) => format!("${{prefix}}/{}", pkg_config::escaped(rest)),
            Err(_) => pkg_config::escaped(dir),
        };
        let header = pkg_config::escaped(&self.header);
        pkg_config::Dirs {
            prefix: pkg_config::escaped(&self.prefix),
            libdir: below(&self.lib),
            includedir: below(&self.include),
            header: match header.is_empty() {
                true => String::new(),
                false => format!("/{header}"),
            },
            // A path would stay as it is where the flags of a whole system are asked for (PKG_CONFIG_SYSROOT_DIR).
            by_path: false,
        }
    }
}

/// The path without its root, and without a drive.
fn below_the_root(path: &Path) -> PathBuf {
    let is_named = |part: &Component<'_>| matches!(part, Component::Normal(_));
    path.components().filter(is_named).collect()
}

/// Where a file goes at installation: below the destination, if there is one.
pub fn placed(destdir: Option<&Path>, path: &Path) -> PathBuf {
    let below = |dir: &Path| dir.join(below_the_root(path));
    destdir.map_or_else(|| path.to_owned(), below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Options {
        Options::default()
    }

    #[test]
    fn the_usual_folders() {
        let dirs = Dirs::of(&options(), "shop").unwrap();
        assert_eq!(dirs.lib, Path::new("/usr/local/lib"));
        assert_eq!(dirs.header_folder(), Path::new("/usr/local/include/shop"));
        assert_eq!(dirs.pkg_config, Path::new("/usr/local/lib/pkgconfig"));
        assert_eq!(dirs.cmake, Path::new("/usr/local/lib/cmake"));
        assert_eq!(dirs.licences, Path::new("/usr/local/share/licenses"));
        let written = dirs.for_pkg_config();
        assert_eq!(written.libdir, "${prefix}/lib");
        assert_eq!(written.header, "/shop");
    }

    #[test]
    fn a_chosen_folder_is_below_the_prefix_or_absolute() {
        let dirs = Dirs::of(
            &Options {
                prefix: Some("/usr".into()),
                libdir: Some("lib/x86_64-linux-gnu".into()),
                includedir: Some("/opt/in clude".into()),
                header_dir: Some(String::new()),
                ..options()
            },
            "shop",
        )
        .unwrap();
        assert_eq!(
            dirs.pkg_config,
            Path::new("/usr/lib/x86_64-linux-gnu/pkgconfig")
        );
        assert_eq!(dirs.debug, Path::new("/usr/lib/debug"));
        assert_eq!(dirs.header_folder(), Path::new("/opt/in clude"));
        let written = dirs.for_pkg_config();
        assert_eq!(written.includedir, "/opt/in\\ clude");
        assert_eq!(written.header, "");
    }

    #[test]
    fn debug_information_is_found_by_number_or_by_path() {
        let dirs = Dirs::of(&options(), "shop").unwrap();
        let numbered = dirs.debug_file(Some("abcdef"), "libshop.so.1.2.3");
        let id = "/usr/local/lib/debug/.build-id/ab/cdef.debug";
        assert_eq!(numbered, Path::new(id));
        let named = dirs.debug_file(None, "libshop.so.1.2.3");
        let path = "/usr/local/lib/debug/usr/local/lib/libshop.so.1.2.3.debug";
        assert_eq!(named, Path::new(path));
    }

    #[test]
    fn what_cannot_be_a_folder_is_said() {
        let said = |options: Options| Dirs::of(&options, "shop").unwrap_err().chain();
        let relative = said(Options {
            prefix: Some("usr".into()),
            ..options()
        });
        assert!(relative.contains("not absolute"), "{relative}");
        let up = said(Options {
            libdir: Some("../lib".into()),
            ..options()
        });
        assert!(up.contains(".."), "{up}");
        let header = said(Options {
            header_dir: Some("/shop".into()),
            ..options()
        });
        assert!(header.contains("--includedir"), "{header}");
    }

    #[test]
    fn the_destination_is_in_no_files_path() {
        let path = Path::new("/usr/lib/libshop.so");
        assert_eq!(placed(None, path), path);
        let below = placed(Some(Path::new("/tmp/d")), path);
        assert_eq!(below, Path::new("/tmp/d/usr/lib/libshop.so"));
    }
}

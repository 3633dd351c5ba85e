//! The package by which CMake finds an installed library: `find_package(NAME)`.

use std::path::Path;

use super::dirs::Dirs;

/// What the package says.
pub struct Package<'a> {
    /// The library's name.
    pub name: &'a str,
    /// The numbers of its version.
    pub version: &'a str,
    /// The first version with this interface.
    pub since: &'a str,
    /// The size of a pointer in bytes.
    pub pointer: u8,
    /// The folders.
    pub dirs: &'a Dirs,
    /// The shared library, if it is installed.
    pub shared: Option<Shared<'a>>,
    /// The archive's path and what a program that links it needs besides, if it is installed.
    pub archive: Option<(&'a Path, &'a [String])>,
}

/// The shared library.
pub struct Shared<'a> {
    /// Its path.
    pub path: &'a Path,
    /// The name by which programs ask for it.
    pub soname: Option<&'a str>,
    /// What programs are linked with in its place.
    pub import: Option<&'a Path>,
}

impl Package<'_> {
    /// `NAMEConfig.cmake`
    pub fn config(&self) -> String {
        let mut files = Vec::new();
        let mut targets = String::new();
        let include = self.path(&self.dirs.header_folder());
        if let Some(shared) = &self.shared {
            let path = self.path(shared.path);
            let mut properties = vec![("IMPORTED_LOCATION", path.clone())];
            if let Some(soname) = shared.soname {
                properties.push(("IMPORTED_SONAME", quoted(soname)));
            }
            if let Some(import) = shared.import {
                properties.push(("IMPORTED_IMPLIB", self.path(import)));
                files.push(self.path(import));
            }
            properties.push(("INTERFACE_INCLUDE_DIRECTORIES", include.clone()));
            files.push(path);
            targets.push_str(&self.target("shared", "SHARED", &properties));
        }
        if let Some((path, private)) = self.archive {
            let path = self.path(path);
            let is_library = |word: &&String| word.starts_with("-l");
            let (libraries, options): (Vec<_>, Vec<_>) = private.iter().partition(is_library);
            let properties = [
                ("IMPORTED_LOCATION", path.clone()),
                ("INTERFACE_INCLUDE_DIRECTORIES", include),
                ("INTERFACE_LINK_LIBRARIES", list(&libraries)),
                ("INTERFACE_LINK_OPTIONS", list(&options)),
            ];
            files.push(path);
            targets.push_str(&self.target("static", "STATIC", &properties));
        }
        let listed: String = files.iter().map(|file| format!("\n    {file}")).collect();
        let usual = match self.shared {
            Some(_) => "shared",
            None => "static",
        };
        include_str!("templates/Config.cmake.in")
            .replace("@WHERE@", &self.find_prefix())
            .replace("@FILES@", &listed)
            .replace("@TARGETS@", &targets)
            .replace("@USUAL@", usual)
            .replace("@NAME@", self.name)
            .replace("@VERSION@", self.version)
    }

    /// `NAMEConfigVersion.cmake`
    pub fn version(&self) -> String {
        include_str!("templates/ConfigVersion.cmake.in")
            .replace("@NAME@", self.name)
            .replace("@VERSION@", self.version)
            .replace("@SINCE@", self.since)
            .replace("@POINTER@", &self.pointer.to_string())
    }

    /// Finds the prefix: where this file is now, as long as that is below the prefix.
    fn find_prefix(&self) -> String {
        let prefix = quoted(&self.dirs.prefix.to_string_lossy());
        let here = self.dirs.cmake.join(self.name);
        let Ok(rest) = here.strip_prefix(&self.dirs.prefix) else {
            return format!("set(_rt0_prefix {prefix})\n");
        };
        let up = vec![".."; rest.components().count()].join("/");
        let written = quoted(&here.to_string_lossy());
        format!(
            "# All files may have been moved together. Where they were written, /lib may be a link to /usr/lib.\n\
             get_filename_component(_rt0_here \"${{CMAKE_CURRENT_LIST_DIR}}\" REALPATH)\n\
             get_filename_component(_rt0_written {written} REALPATH)\n\
             if(_rt0_here STREQUAL _rt0_written)\n  set(_rt0_prefix {prefix})\nelse()\n  \
             get_filename_component(_rt0_prefix \"${{CMAKE_CURRENT_LIST_DIR}}/{up}\" ABSOLUTE)\nendif()\n\
             unset(_rt0_here)\nunset(_rt0_written)\n"
        )
    }

    /// A path of an installed file, from the prefix on.
    fn path(&self, path: &Path) -> String {
        match path.strip_prefix(&self.dirs.prefix) {
            Ok(rest) => format!("\"${{_rt0_prefix}}/{}\"", escaped(&rest.to_string_lossy())),
            Err(_) => quoted(&path.to_string_lossy()),
        }
    }

    fn target(&self, which: &str, kind: &str, properties: &[(&str, String)]) -> String {
        let name = self.name;
        let mut out = format!(
            "  if(NOT TARGET {name}::{which})\n    add_library({name}::{which} {kind} IMPORTED)\n    \
             set_target_properties({name}::{which} PROPERTIES"
        );
        for (property, value) in properties {
            out.push_str(&format!("\n      {property} {value}"));
        }
        out.push_str(")\n  endif()\n");
        out
    }
}

fn list(words: &[&String]) -> String {
    let words: Vec<_> = words.iter().map(|word| escaped(word)).collect();
    format!("\"{}\"", words.join(";"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | '"' | '$' | ';' | '@') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::install::Options;

    fn dirs(prefix: &str, cmakedir: Option<&str>) -> Dirs {
        let options = Options {
            prefix: Some(prefix.into()),
            cmakedir: cmakedir.map(Into::into),
            ..Options::default()
        };
        Dirs::of(&options, "shop").unwrap()
    }

    fn package(dirs: &Dirs) -> Package<'_> {
        Package {
            name: "shop",
            version: "0.2.3",
            since: "0.2",
            pointer: 8,
            dirs,
            shared: None,
            archive: None,
        }
    }

    #[test]
    fn the_prefix_is_found_from_the_file_if_that_is_below_it() {
        let below = dirs("/usr", None);
        let text = package(&below).config();
        assert!(
            text.contains("CMAKE_CURRENT_LIST_DIR}/../../..\""),
            "{text}"
        );
        assert!(!text.contains('@'), "{text}");
        let apart = dirs("/usr", Some("/etc/cmake"));
        let text = package(&apart).config();
        assert!(text.contains("set(_rt0_prefix \"/usr\")"), "{text}");
        assert!(!text.contains("CMAKE_CURRENT_LIST_DIR"), "{text}");
    }

    #[test]
    fn on_windows_programs_link_another_file() {
        let dirs = dirs("/usr", None);
        let mut package = package(&dirs);
        package.shared = Some(Shared {
            path: Path::new("/usr/bin/shop.dll"),
            soname: None,
            import: Some(Path::new("/usr/lib/libshop.dll.a")),
        });
        let text = package.config();
        assert!(
            text.contains("IMPORTED_IMPLIB \"${_rt0_prefix}/lib/libshop.dll.a\""),
            "{text}"
        );
        assert!(
            text.contains("IMPORTED_LOCATION \"${_rt0_prefix}/bin/shop.dll\""),
            "{text}"
        );
        assert!(!text.contains("SONAME"), "{text}");
    }

    #[test]
    fn nothing_in_a_path_is_a_variable_of_cmakes() {
        let odd = dirs("/a \"$b\"", None);
        let text = package(&odd).config();
        assert!(
            text.contains("set(_rt0_prefix \"/a \\\"\\$b\\\"\")"),
            "{text}"
        );
    }
}

//! What differs between the systems that a library is built for.

use rt0_abi::linking::Linker;

use crate::error::{Error, Result};

/// A family of systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Systems with ELF files.
    Unix,
    /// Apple's.
    Apple,
    /// Windows.
    Windows,
}

impl System {
    /// The family of a target.
    pub fn of(target: &str) -> System {
        match Linker::of_target(target) {
            Linker::Windows => System::Windows,
            Linker::Apple => System::Apple,
            Linker::Elf | Linker::Android => System::Unix,
        }
    }

    /// Checks that we can build for the target. `archive`: an archive is asked for.
    ///
    /// # Errors
    /// We can't: the error says why.
    pub fn check(self, target: &str, archive: bool) -> Result<()> {
        let no = |why: &str| Err(Error::input(format!("{why} ({target})")));
        match self {
            System::Windows if !target.ends_with("-gnu") => no(
                "for Windows, cargo rt0 build supports only GNU's linker: choose x86_64-pc-windows-gnu",
            ),
            System::Windows if archive => {
                no("archives for Windows are not supported yet: leave out --static")
            }
            _ => Ok(()),
        }
    }

    /// The file name of a shared library.
    pub fn library(self, name: &str) -> String {
        match self {
            System::Unix => format!("lib{name}.so"),
            System::Apple => format!("lib{name}.dylib"),
            System::Windows => format!("{name}.dll"),
        }
    }

    /// The ending of a shared library.
    pub fn ending(self) -> &'static str {
        match self {
            System::Unix => "so",
            System::Apple => "dylib",
            System::Windows => "dll",
        }
    }

    /// The name by which other files depend on the library, if the file says it.
    pub fn soname(self, name: &str) -> Option<String> {
        match self {
            System::Unix => Some(self.library(name)),
            // The loader looks for it in the folders that the program names.
            System::Apple => Some(format!("@rpath/{}", self.library(name))),
            System::Windows => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::System;

    #[test]
    fn a_target_says_which_it_is() {
        assert_eq!(System::of("x86_64-pc-windows-gnu"), System::Windows);
        assert_eq!(System::of("x86_64-unknown-linux-gnu"), System::Unix);
        assert_eq!(System::of("aarch64-linux-android"), System::Unix);
        assert_eq!(System::of("aarch64-apple-darwin"), System::Apple);
        assert_eq!(System::Apple.library("x"), "libx.dylib");
        assert_eq!(
            System::Apple.soname("x").as_deref(),
            Some("@rpath/libx.dylib")
        );
        assert_eq!(System::Windows.library("x"), "x.dll");
    }

    #[test]
    fn what_cannot_be_built_is_said_in_a_sentence() {
        let said = |target: &str, archive| {
            let checked = System::of(target).check(target, archive);
            checked.err().map(|error| error.chain())
        };
        assert_eq!(said("x86_64-pc-windows-gnu", false), None);
        assert_eq!(said("x86_64-unknown-linux-gnu", true), None);
        let msvc = said("x86_64-pc-windows-msvc", false).unwrap_or_default();
        assert!(msvc.contains("choose x86_64-pc-windows-gnu"), "{msvc}");
        let archive = said("x86_64-pc-windows-gnu", true).unwrap_or_default();
        assert!(archive.contains("leave out --static"), "{archive}");
        assert_eq!(said("aarch64-apple-darwin", true), None);
    }
}

//! The languages: a row for each.

use super::cpp::Cpp;
use super::language::Language;
use super::python::Python;
use super::typescript::TypeScript;

/// A language in which bindings can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    /// Python 3.9 or later, by ctypes
    Python,
    /// C++17 or later, by the C header
    Cpp,
    /// TypeScript and JavaScript for node 20 or later, by koffi
    #[value(name = "typescript")]
    TypeScript,
}

impl Lang {
    /// Its name on the command line, which is its folder's in the output, too.
    pub fn name(self) -> &'static str {
        match self {
            Lang::Python => "python",
            Lang::Cpp => "cpp",
            Lang::TypeScript => "typescript",
        }
    }

    pub(super) fn language(self) -> &'static dyn Language {
        match self {
            Lang::Python => &Python,
            Lang::Cpp => &Cpp,
            Lang::TypeScript => &TypeScript,
        }
    }
}

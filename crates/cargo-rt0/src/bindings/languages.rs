//! The languages: a row for each.

use super::cpp::Cpp;
use super::go::Go;
use super::java::Java;
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
    /// Java 22 or later, by its foreign-function interface
    Java,
    /// Go 1.22 or later, by cgo
    Go,
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
            Lang::Java => "java",
            Lang::Go => "go",
            Lang::TypeScript => "typescript",
        }
    }

    pub(super) fn language(self) -> &'static dyn Language {
        match self {
            Lang::Python => &Python,
            Lang::Cpp => &Cpp,
            Lang::Java => &Java,
            Lang::Go => &Go,
            Lang::TypeScript => &TypeScript,
        }
    }
}

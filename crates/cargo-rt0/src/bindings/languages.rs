//! The languages: a row for each.

use super::language::Language;
use super::python::Python;

/// A language in which bindings can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Lang {
    /// Python 3.9 or later, by ctypes
    Python,
}

impl Lang {
    /// Its name on the command line, which is its folder's in the output, too.
    pub fn name(self) -> &'static str {
        match self {
            Lang::Python => "python",
        }
    }

    pub(super) fn language(self) -> &'static dyn Language {
        match self {
            Lang::Python => &Python,
        }
    }
}

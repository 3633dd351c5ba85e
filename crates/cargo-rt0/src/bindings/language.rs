//! What each language must say.

use minijinja::Value;

use super::model::Model;
use crate::error::{Error, Result};
use crate::image::MadeFor;

/// How a language writes names and types, and its templates.
pub trait Language: Sync {
    /// The files of a package: the path, which is a template itself, and the template. The first lines of a template's
    /// output say that it was generated. A path with several lines makes a file of each; its template sees the number of
    /// the line as `at`.
    fn templates(&self) -> &'static [(&'static str, &'static str)];

    /// What the templates see.
    ///
    /// # Errors
    /// A name is not allowed, or something has no form in this language.
    fn view(&self, model: &Model, package: &Package) -> Result<Value>;

    /// Where in the package the library's file goes.
    fn bundled(&self, package: &Package, bundle: &Bundle) -> String;
}

/// The package to make.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The library's file, if the package has it inside.
    pub bundle: Option<Bundle>,
}

/// A library's file inside a package.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Its name.
    pub file: String,
    /// What it is for.
    pub made_for: MadeFor,
}

impl Package {
    /// Refuses the name of a module that this language has itself.
    ///
    /// # Errors
    /// It is one of these.
    pub fn is_none_of(&self, own: &[&str], language: &str) -> Result<()> {
        if !own.contains(&self.name.as_str()) {
            return Ok(());
        }
        Err(Error::input(format!(
            "{:?} is a module that {language} has itself, which an import would find: choose another name for the \
             package with --package",
            self.name
        )))
    }

    /// Refuses a name that is not made of small letters, digits and underscores: it becomes part of files and code.
    ///
    /// # Errors
    /// It is not such a name.
    pub fn check(&self) -> Result<()> {
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let first = self.name.starts_with(|c: char| c.is_ascii_lowercase());
        if first && self.name.len() <= 64 && self.name.chars().all(word) {
            return Ok(());
        }
        Err(Error::input(format!(
            "{:?} can't be a package's name: use small letters, digits and underscores, and a letter first",
            self.name
        )))
    }
}

//! Bindings: what a host's programmer would write by hand before the first call, in the host's language, from the built
//! file alone.
//!
//! The description becomes a [`model`] that no language owns. Each language is a folder: templates, and a little code
//! that says how names and types are written there ([`Language`]). [`render`] brings the two together.
//!
//! | to add | do |
//! |---|---|
//! | a language | a folder beside `python` with `templates/` and a type that implements [`Language`]; a row in [`Lang`] |

mod language;
pub mod model;
mod python;
mod render;
#[cfg(test)]
mod tests;

pub use language::{Bundle, Lang, Language, Package};
pub use model::Model;
pub use render::File;

use crate::error::Result;

/// The files of a package in this language.
///
/// # Errors
/// The package's name is not one that the language allows, or the language has no form for something.
pub fn generate(model: &Model, lang: Lang, package: &Package) -> Result<Vec<File>> {
    let language = lang.language();
    let view = language.view(model, package)?;
    render::all(language, &view)
}

//! Bindings: what a host's programmer would write by hand before the first call, in the host's language, from the built
//! file alone.
//!
//! The description becomes a [`model`] that no language owns. Each language is a folder: templates, and a little code
//! that says how names and types are written there ([`Language`]). `render` brings the two together.
//!
//! | to add | do |
//! |---|---|
//! | a language | a folder beside `python` with `templates/` and a type that implements [`Language`]; a row in [`Lang`] (`languages.rs`) |

mod cpp;
mod go;
mod java;
mod language;
mod languages;
pub mod model;
mod python;
mod render;
mod taken;
#[cfg(test)]
mod tests;
mod texts;
mod typescript;

pub use language::{Bundle, Language, Package};
pub use languages::Lang;
pub use model::Model;
pub use render::File;

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::image::{Image, Shape};

/// The files of a package in this language.
///
/// # Errors
/// The package's name is not one that the language allows, or the language has no form for something.
pub fn generate(model: &Model, lang: Lang, package: &Package) -> Result<Vec<File>> {
    let language = lang.language();
    let view = language.view(model, package)?;
    render::all(language, &view)
}

/// Writes a package's files into a folder, with the library's file if the package has it inside.
///
/// # Errors
/// A file can't be written.
pub fn write(
    files: &[File],
    lang: Lang,
    package: &Package,
    library: &Image,
    dir: &Path,
) -> Result<()> {
    for file in files {
        put(&dir.join(&file.path), file.text.as_bytes())?;
    }
    match &package.bundle {
        Some(bundle) => {
            let path = lang.language().bundled(package, bundle);
            put(&dir.join(path), library.bytes())
        }
        None => Ok(()),
    }
}

/// The library's file in a package that was written without it: from an earlier time, or put there by hand. The package
/// uses it before all others.
pub fn left(lang: Lang, package: &Package, library: &Image, dir: &Path) -> Option<PathBuf> {
    let bundle = bundle(library).ok()?;
    let path = dir.join(lang.language().bundled(package, &bundle));
    (package.bundle.is_none() && path.exists()).then_some(path)
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |e| Error::failed(format!("cannot write {}", path.display())).because(e);
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).map_err(fail)?;
    }
    fs::write(path, bytes).map_err(fail)
}

/// A library's file, to be put into packages.
///
/// # Errors
/// It is not a shared library, is for a processor that packages have no name for, or its name has other characters
/// than letters, digits and `._-+`.
pub fn bundle(library: &Image) -> Result<Bundle> {
    if library.shape()? != Shape::SharedLibrary {
        return Err(
            library.error("can't be put into a package: only a shared library can be loaded")
        );
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
    let file = library.path().file_name().and_then(|name| name.to_str());
    let file = file.filter(|name| name.chars().all(plain)).ok_or_else(|| {
        library.error("can't be put into a package: its name has other characters than letters")
    })?;
    Ok(Bundle {
        file: file.to_owned(),
        made_for: library.made_for()?,
    })
}

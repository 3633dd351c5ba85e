//! Packages for other languages, made as `cargo rt0 bindings` makes them.

pub mod without;

use std::fs;
use std::path::{Path, PathBuf};

use cargo_rt0::bindings::{self, Lang, Model, Package, model};
use cargo_rt0::description;
use cargo_rt0::image::Image;

use crate::places::scratch;

/// What a library says of itself, for bindings.
///
/// # Panics
/// It is not there, or not one of ours.
pub fn of(library: &Path) -> (Model, Image) {
    let image = Image::open(library).expect("it was built");
    let description = description::read(&image).expect("a library of ours");
    let model = model::of(&description, &image.name()).expect("it has bindings");
    (model, image)
}

/// The folder of a package for this library, newly written, in a folder of this name.
///
/// # Panics
/// As [`of`]; or the target directory can't be written.
pub fn written(library: &str, lang: Lang, name: &str, bundle: bool) -> PathBuf {
    let (model, image) = of(Path::new(library));
    let without = without::chosen(lang.name());
    let folder = match &without {
        // Another one, so that no compiled host of the whole package is taken for this one's.
        Some(protection) => format!("bindings-{protection}"),
        None => "bindings".to_owned(),
    };
    let dir = scratch().join(folder).join(name).join(lang.name());
    let _ = fs::remove_dir_all(&dir);
    let package = Package {
        name: model.library.name.name.clone(),
        bundle: bundle.then(|| bindings::bundle(&image).expect("a shared library")),
    };
    let files = bindings::generate(&model, lang, &package).expect("an allowed name");
    bindings::write(&files, lang, &package, &image, &dir)
        .expect("the target directory can be written");
    let protections = without.iter().flat_map(|_| without::all(lang.name()));
    for protection in protections.filter(|one| Some(&one.name) == without.as_ref()) {
        protection.take_out(&dir);
    }
    dir
}

//! Golden files: what each language's generator writes for a library with everything in it, and for one with async
//! exports. To renew them: `SNAPSHOTS=overwrite cargo test -p cargo-rt0 --lib bindings`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rt0_abi::decode::Description;
use snapbox::{Data, assert_data_eq};

use super::{Bundle, Lang, Package, generate, model};
use crate::header::tests::{asynchronous, everything};
use crate::image::MadeFor;

fn libraries() -> [(&'static str, Description); 2] {
    [
        ("everything", everything()),
        ("asynchronous", asynchronous()),
    ]
}

fn golden(library: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/bindings/golden")
        .join(library)
}

fn compare(text: String, path: &Path) {
    assert_data_eq!(text, Data::read_from(path, None).raw());
}

#[test]
fn the_model_of_a_library() {
    for (library, description) in libraries() {
        let model = model::of(&description, "xample").unwrap();
        let text = serde_json::to_string_pretty(&model).unwrap() + "\n";
        compare(text, &golden(library).join("model.json"));
    }
}

#[test]
fn each_language_writes_its_golden_files() {
    for (library, description) in libraries() {
        let model = model::of(&description, "xample").unwrap();
        let package = Package {
            name: "xample".to_owned(),
            bundle: (library == "asynchronous").then(|| Bundle {
                file: "libxample.so".to_owned(),
                made_for: MadeFor {
                    system: "linux",
                    processor: "x86_64",
                    oldest: None,
                },
            }),
        };
        for lang in Lang::value_variants() {
            let dir = golden(library).join(lang.name());
            let files = generate(&model, *lang, &package).unwrap();
            let written: BTreeSet<_> = files.iter().map(|file| dir.join(&file.path)).collect();
            assert_eq!(written.len(), files.len(), "two files have one path");
            for file in files {
                compare(file.text, &dir.join(file.path));
            }
            assert_eq!(all_in(&dir), written);
        }
    }
}

fn all_in(dir: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let inside = folders.iter().flat_map(|folder| all_in(folder));
    files.into_iter().chain(inside).collect()
}

#[test]
fn a_package_has_a_plain_name() {
    let model = model::of(&everything(), "xample").unwrap();
    for (name, good) in [
        ("shop", true),
        ("my_shop2", true),
        ("", false),
        ("Shop", false),
        ("2shop", false),
        ("_shop", false),
        ("a-b", false),
        ("a/b", false),
        ("a\"b", false),
    ] {
        let package = Package {
            name: name.to_owned(),
            bundle: None,
        };
        for lang in Lang::value_variants() {
            let made = generate(&model, *lang, &package);
            assert_eq!(made.is_ok(), good, "{name}");
        }
    }
}

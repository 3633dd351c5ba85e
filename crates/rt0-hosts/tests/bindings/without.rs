//! What `cargo xtask sabotage` takes out of packages is in them.

use std::fs;

use cargo_rt0::bindings::{Lang, Package, generate};
use clap::ValueEnum;
use rt0_hosts::package::without::all;
use rt0_hosts::temporary::Temporary;

use crate::package::conform;

#[test]
fn every_protection_is_there_to_be_taken_out() {
    let model = conform();
    for lang in Lang::value_variants() {
        let package = Package {
            name: "conform".to_owned(),
            bundle: None,
        };
        let files = generate(&model, *lang, &package).expect("it has bindings");
        let protections = all(lang.name());
        assert!(!protections.is_empty(), "{}", lang.name());
        for protection in protections {
            let name = &protection.name;
            assert!(name.starts_with(&format!("{}-no-", lang.name())), "{name}");
            let has = |file: &str| files.iter().any(|one| one.path == file);
            assert!(!protection.changes.is_empty(), "{name}");
            for change in &protection.changes {
                assert!(has(&change.file), "{name}: there is no {}", change.file);
            }
            let dir = Temporary::new("without");
            for file in &files {
                let path = dir.path().join(&file.path);
                fs::create_dir_all(path.parent().expect("it is in a folder")).unwrap();
                fs::write(path, &file.text).unwrap();
            }
            protection.take_out(dir.path());
        }
    }
}

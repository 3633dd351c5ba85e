//! Finds the pages of the checks. In the repository `pages` is a link to docs/doctor; a checkout on Windows has a file in
//! its place, with the path to which the link leads. In the published crate it is a folder.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let own = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let own = own.unwrap_or_default();
    let mut pages = own.join("pages");
    if let Ok(target) = fs::read_to_string(&pages) {
        pages = own.join(target.trim());
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", pages.display());
    println!("cargo::rustc-env=RT0_DOCTOR_PAGES={}", pages.display());
}

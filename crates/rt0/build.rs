//! Exists because `links` wants a build script; it has nothing to do.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}

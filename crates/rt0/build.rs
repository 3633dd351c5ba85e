//! Tells the build scripts of crates that depend on rt0 what their linker must do. `rt0-build` passes it on.

use rt0_abi::linking::{Linker, metadata};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let linker = linker();
    let arguments: Vec<_> = linker.shared_library().map(|arg| arg.to_string()).collect();
    tell(metadata::VERSION, env!("CARGO_PKG_VERSION"));
    tell(metadata::LINKING, &metadata::FORM.to_string());
    tell(metadata::ARGUMENTS, &arguments.join(" "));
    tell(metadata::SONAME, linker.soname());
    tell(metadata::HIDE_DEPENDENCIES, linker.hide_dependencies());
}

/// By what cargo says of the target.
fn linker() -> Linker {
    let said = |name: &str| std::env::var(name).unwrap_or_default();
    Linker::of(
        &said("CARGO_CFG_TARGET_OS"),
        &said("CARGO_CFG_TARGET_VENDOR"),
    )
}

fn tell(name: &str, value: &str) {
    println!("cargo::metadata={name}={value}");
}

//! Asks which version the compiler is: `asm!` can jump to Rust code from 1.87 on. `platform/assembler/branch` has a
//! file for each.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(rt0_labels)");
    if minor_version().is_some_and(|minor| minor >= 87) {
        println!("cargo::rustc-cfg=rt0_labels");
    }
}

/// Of `rustc 1.87.0 (...)`, 87. `None`: it can't be told, so it is taken for an older one.
fn minor_version() -> Option<u32> {
    let rustc = std::env::var_os("RUSTC")?;
    let said = Command::new(rustc).arg("--version").output().ok()?.stdout;
    let said = String::from_utf8(said).ok()?;
    let version = said.split(' ').nth(1)?;
    version.split('.').nth(1)?.parse().ok()
}

//! Makes the linker link the shared library with nothing else.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|is| is == value);
    // Cargo does not tell whether a profile unwinds. The one that does not, `alone`, is also the only one
    // that optimizes for size. Any other contains std, and thus needs a C library.
    if !is("OPT_LEVEL", "s") {
        return;
    }
    // On arm, GNU ld takes the ABI version from the first object file, and only C's start files contain it.
    if !is("CARGO_CFG_TARGET_ARCH", "arm") {
        println!("cargo::rustc-cdylib-link-arg=-nostdlib");
    }
    for arg in ["-z,now", "-soname,libnolibc.so", "--hash-style=gnu"] {
        println!("cargo::rustc-cdylib-link-arg=-Wl,{arg}");
    }
    // With the large pages of these processors, GNU ld leaves up to 64 KiB of zeros between the parts.
    let has_large_pages = ["aarch64", "powerpc64"].map(|name| is("CARGO_CFG_TARGET_ARCH", name));
    if has_large_pages.contains(&true) {
        match lld_of_rust() {
            Some(folder) => println!("cargo::rustc-cdylib-link-arg=-B{}", folder.display()),
            None if Command::new("ld.lld").arg("--version").output().is_ok() => {}
            None => return,
        }
        println!("cargo::rustc-cdylib-link-arg=-fuse-ld=lld");
    }
}

/// The folder with LLVM's linker that comes with Rust, under the name by which C compilers look for it.
fn lld_of_rust() -> Option<PathBuf> {
    let rustc = Command::new(env::var_os("RUSTC")?)
        .args(["--print", "sysroot"])
        .output()
        .ok()?;
    let mut folder = PathBuf::from(String::from_utf8(rustc.stdout).ok()?.trim());
    folder.extend(["lib", "rustlib", &env::var("HOST").ok()?, "bin", "gcc-ld"]);
    folder.join("ld.lld").is_file().then_some(folder)
}

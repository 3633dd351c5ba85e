//! Makes the linker link the shared library with nothing else.

use std::env;

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
}

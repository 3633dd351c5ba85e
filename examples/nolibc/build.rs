//! How the shared library is linked: with nothing else.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|is| is == value);
    // Cargo does not say whether a profile unwinds. The one that does not, `alone`, is also the only one
    // that goes for size; any other has std inside, and thus a C library.
    if !is("OPT_LEVEL", "s") {
        return;
    }
    // On arm GNU ld takes the ABI's version from the first object, and only C's start files have it.
    if !is("CARGO_CFG_TARGET_ARCH", "arm") {
        println!("cargo::rustc-cdylib-link-arg=-nostdlib");
    }
    for arg in ["-z,now", "-soname,libnolibc.so", "--hash-style=gnu"] {
        println!("cargo::rustc-cdylib-link-arg=-Wl,{arg}");
    }
}

//! Makes the linker link the shared library with nothing else, and leave out what a library without std has
//! no use for.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// For the linker. Nothing unwinds through this library, so nobody reads its unwind tables. And what has the larger
/// alignment comes last of the memory that is not in the file: otherwise the file is padded to it.
const SCRIPT: &str = "SECTIONS
{
    /DISCARD/ : { *(.eh_frame .eh_frame_hdr .comment) }
}
INSERT AFTER .text;
SECTIONS
{
    .rt0_generation : { *(.rt0_generation) }
}
INSERT AFTER .bss;
";

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
    // gold and mold can't add to their own script. GNU ld and LLVM's can.
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if ["gold", "mold"].iter().any(|other| flags.contains(other)) {
        return;
    }
    let script = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("small.ld");
    if let Err(error) = fs::write(&script, SCRIPT) {
        panic!("can't write {}: {error}", script.display());
    }
    // GNU ld would begin the code on a page of its own in the file, too.
    for arg in ["--no-eh-frame-hdr", "--build-id=none", "-z,noseparate-code"] {
        println!("cargo::rustc-cdylib-link-arg=-Wl,{arg}");
    }
    println!("cargo::rustc-cdylib-link-arg=-Wl,-T,{}", script.display());
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

//! The exceptions for musl on Debian: its compiler leaves out the kernel's headers, and GCC's unwinder needs
//! a function of glibc (`_dl_find_object`). LLVM's unwinder does not.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::run::step;

/// The C compiler, with the kernel's headers after musl's own.
pub fn compiler() -> String {
    "musl-gcc -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu".to_owned()
}

/// What this machine lacks besides the compiler.
pub fn missing() -> Option<String> {
    match unwinder() {
        Some(_) => None,
        None => Some("LLVM's libunwind.a".to_owned()),
    }
}

/// The newest unwinder that is installed.
fn unwinder() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib").ok()?.flatten();
    let versions = versions.filter_map(|entry| {
        let name = entry.file_name();
        let version: u32 = name.to_str()?.strip_prefix("llvm-")?.parse().ok()?;
        let library = entry.path().join("lib/libunwind.a");
        library.is_file().then_some((version, library))
    });
    versions.max().map(|(_, library)| library)
}

/// The flags for shared libraries. Also writes the file that the linker finds when std asks for `-lgcc_s`.
///
/// # Errors
/// The unwinder is missing.
pub fn rust_flags(dir: &Path) -> Result<Vec<String>> {
    let unwinder = unwinder().context("LLVM's libunwind.a is missing")?;
    // Debian compiles it with checks that call functions of glibc.
    let checked = dir.join("checked.o");
    if !checked.exists() {
        let source = dir.join("checked.c");
        fs::write(&source, CHECKED)?;
        let words = ["-c", "-O2", "-fPIC", "-o"].map(OsStr::new);
        step(
            "what the unwinder needs of glibc",
            Command::new("musl-gcc")
                .args(words)
                .args([&checked, &source]),
        )?;
    }
    let script = format!("INPUT({} {})\n", unwinder.display(), checked.display());
    fs::write(dir.join("libgcc_s.so"), script)
        .with_context(|| format!("can't write into {}", dir.display()))?;
    Ok(vec![
        "-Ctarget-feature=-crt-static".to_owned(),
        format!("-Lnative={}", dir.display()),
    ])
}

const CHECKED: &str = "\
#include <stdarg.h>
#include <stdio.h>

int __fprintf_chk(FILE *file, int flag, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int written = vfprintf(file, format, list);
    va_end(list);
    return (void)flag, written;
}
";

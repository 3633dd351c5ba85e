//! A library for Apple's systems: LLVM's linker, which comes with Rust, against zig's list of what Apple's C library
//! has. What the library asks that for is in the file.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use object::{Object, read::macho::MachOFile64};

use serde_json::Value;

use super::lld::{linker_named, zig};

/// What stands for Apple's compiler: the linker alone, with options in its own spelling.
const COMPILER: &str = "\
for argument do
    shift
    case $argument in
    -Wl,*) IFS=,; for part in ${argument#-Wl,}; do set -- \"$@\" \"$part\"; done; unset IFS ;;
    -mmacosx-version-min=*) set -- \"$@\" -platform_version macos \"${argument#*=}\" \"${argument#*=}\" ;;
    -dynamiclib) set -- \"$@\" -dylib ;;
    -Xlinker | -nodefaultlibs | -m64) ;;
    *) set -- \"$@\" \"$argument\" ;;
    esac
done
";

/// Writes a compiler that links for Apple's systems, and gives the variables with which cargo must run.
///
/// # Errors
/// Something is missing, or a file can't be written.
pub fn compiler(dir: &Path, compiler: &Path) -> Result<Vec<(&'static str, PathBuf)>> {
    let (Some(linker), Some(zig)) = (linker_named("ld64.lld"), zig()) else {
        bail!("LLVM's linker or zig is missing");
    };
    let sdk = dir.join("sdk");
    let libraries = sdk.join("usr/lib");
    fs::create_dir_all(&libraries)
        .with_context(|| format!("can't make {}", libraries.display()))?;
    for name in ["System", "c", "m", "iconv"] {
        let link = libraries.join(format!("lib{name}.tbd"));
        let _ = fs::remove_file(&link);
        symlink(zig.join("lib/libc/darwin/libSystem.tbd"), link)?;
    }
    let (linker, path) = (linker.display(), sdk.display());
    let last = format!("exec {linker} -syslibroot {path} \"$@\"\n");
    fs::write(compiler, format!("#!/bin/sh\n{COMPILER}{last}"))?;
    Ok(vec![("SDKROOT", sdk)])
}

/// Looks into the library.
///
/// # Errors
/// It is not as it should be.
pub fn check(library: &Path, report: &Value) -> Result<()> {
    let link = &report["link"];
    for (field, wanted) in [
        (&link["soname"], "@rpath/libfar.dylib"),
        (&link["versions"]["current"], "1.2.3"),
        (&link["versions"]["compatibility"], "1.0"),
        (&link["needed"][0], "/usr/lib/libSystem.B.dylib"),
        (&link["tls"], "dynamic"),
    ] {
        ensure!(field == wanted, "not {wanted}: {link}");
    }
    // As Rust has it for these targets.
    let oldest = match report["architecture"].as_str() {
        Some("aarch64") => "macOS 11.0",
        _ => "macOS 10.12",
    };
    ensure!(link["oldest_system"] == oldest, "{link}");
    let bytes = fs::read(library)?;
    let file = MachOFile64::<object::Endianness>::parse(&*bytes)?;
    let imports = file.imports()?;
    let imports: BTreeSet<_> = imports
        .iter()
        .map(|import| String::from_utf8_lossy(import.name()).into_owned())
        .collect();
    for (name, is_there) in [
        // std has the ends of its thread-locals told by another function, which takes no lock.
        ("__tlv_atexit", true),
        ("___cxa_thread_atexit_impl", false),
        // And the runtime waits by another.
        ("_kevent", true),
        ("_epoll_wait", false),
        ("_eventfd", false),
    ] {
        ensure!(imports.contains(name) == is_there, "{name}: {imports:?}");
    }
    if let Some(name) = imports.iter().find(|name| name.starts_with("___real_")) {
        bail!("it asks for {name}");
    }
    Ok(())
}

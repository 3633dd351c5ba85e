//! A library for Android: LLVM's linker, which the NDK has, too, against libraries that have names and nothing else. The
//! mark by which a file for Android is known comes from a start file, as from the NDK's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail, ensure};

use serde_json::Value;

use super::lld::linker_named;
use crate::run::{root, said, target as target_dir};

/// The target of which a library is linked.
pub const TRIPLE: &str = "aarch64-linux-android";

/// The start file's note: the owner, the API level.
const START: &str = "\
.section .note.android.ident,\"a\",%note
.balign 4
.long 8, 4, 1
.asciz \"Android\"
.long 24
.section .note.GNU-stack,\"\",%progbits
";

/// What stands for the NDK's compiler: zig's assembler and the linker.
const COMPILER: &str = "\
for argument do
    shift
    case $argument in
    -Wl,*) IFS=,; for part in ${argument#-Wl,}; do set -- \"$@\" \"$part\"; done; unset IFS ;;
    -nodefaultlibs | -nostdlib) ;;
    *.s) assemble \"$argument\" \"$argument.o\" && set -- \"$@\" \"$argument.o\" ;;
    *) set -- \"$@\" \"$argument\" ;;
    esac
done
";

/// Writes a compiler that links for Android, and gives the variables with which cargo must run.
///
/// # Errors
/// Something is missing, or a file can't be written.
pub fn compiler(dir: &Path, compiler: &Path) -> Result<Vec<(&'static str, PathBuf)>> {
    let Some(linker) = linker_named("ld.lld") else {
        bail!("LLVM's linker is missing");
    };
    let libraries = dir.join("ndk");
    fs::create_dir_all(&libraries)?;
    let here = root().join(target_dir());
    let zig = format!(
        "ZIG_GLOBAL_CACHE_DIR={0} ZIG_LOCAL_CACHE_DIR={0} {1} -m ziglang cc -target aarch64-linux-musl",
        here.join("cross/zig").display(),
        here.join("venv/bin/python").display()
    );
    let assemble = format!("assemble() {{ {zig} -c \"$1\" -o \"$2\"; }}\n");
    let (source, start) = (libraries.join("start.s"), libraries.join("start.o"));
    fs::write(&source, START)?;
    let script = format!("{assemble}assemble \"$1\" \"$2\"");
    said(
        Command::new("sh")
            .args(["-c", &script, "sh"])
            .arg(&source)
            .arg(&start),
    )?;
    for name in ["c", "dl", "log", "m"] {
        let file = format!("lib{name}.so");
        said(
            Command::new(&linker)
                .args(["-shared", "-soname", &file, "-o"])
                .arg(libraries.join(&file))
                .arg(&start),
        )?;
    }
    for name in ["gcc", "unwind"] {
        fs::write(libraries.join(format!("lib{name}.a")), "!<arch>\n")?;
    }
    let last = format!(
        "exec {} {} -L{} \"$@\"\n",
        linker.display(),
        start.display(),
        libraries.display()
    );
    fs::write(compiler, format!("#!/bin/sh\n{assemble}{COMPILER}{last}"))?;
    Ok(Vec::new())
}

/// Looks into the library.
///
/// # Errors
/// It is not as it should be.
pub fn check(report: &Value) -> Result<()> {
    let link = &report["link"];
    ensure!(link["soname"] == "libfar.so", "{link}");
    ensure!(link["aligned"] == 16384, "{link}");
    ensure!(
        link["oldest_system"] == "Android with the API level 24",
        "{link}"
    );
    let protections = report["protections"].as_array();
    for protection in protections.into_iter().flatten() {
        ensure!(protection["state"] == "present", "{protection}");
    }
    Ok(())
}

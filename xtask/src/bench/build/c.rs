//! The host, and the limit, in C.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::host::{self, Program};
use crate::run::root;

/// The host that measures: one file for each mode.
///
/// # Errors
/// It does not compile.
pub fn host(out: &Path) -> Result<PathBuf> {
    let folder = root().join("bench/host");
    let others = ["common", "load", "call", "fork", "end", "copies", "ops"].map(|name| {
        let file = folder.join(name).with_extension("c");
        file.to_string_lossy().into_owned()
    });
    let mut flags = vec!["-g", "-pthread"];
    flags.extend(others.iter().map(String::as_str));
    compile(&folder.join("main.c"), &out.join("host"), &flags)
}

/// The library that does only what every such library must.
///
/// # Errors
/// It does not compile.
pub fn limit(out: &Path) -> Result<PathBuf> {
    let flags = [
        "-shared",
        "-fPIC",
        "-pthread",
        "-s",
        "-Wl,-z,nodelete",
        "-Wl,-z,now",
    ];
    compile(
        &root().join("bench/limit/limit.c"),
        &out.join("libbench_limit.so"),
        &flags,
    )
}

fn compile(source: &Path, output: &Path, flags: &[&str]) -> Result<PathBuf> {
    let program = Program {
        source,
        output,
        include: &[],
        library: None,
        flags,
    };
    host::compile(&host::compiler()?, &program)?;
    Ok(output.to_owned())
}

//! The exceptions if zig is the C compiler, for processors that Debian has no C library for: zig brings musl
//! and LLVM's unwinder for each, and links programs statically.

use crate::run::{root, target as target_dir};

/// The C compiler for this target and processor, as zig calls them. It links statically, because there is no
/// loader to run other programs. Its cache for the target is in our target directory, because a host has no
/// home. `kernel`: Debian's name for the directory with the kernel's headers, for programs without a C
/// library.
pub fn compiler(target: &str, processor: &str, kernel: &str) -> String {
    let dir = root().join(target_dir());
    let (cache, python) = (dir.join("cross/zig"), dir.join("venv/bin/python"));
    let (cache, python) = (cache.display(), python.display());
    format!(
        "env ZIG_GLOBAL_CACHE_DIR={cache} ZIG_LOCAL_CACHE_DIR={cache} \
         {python} -m ziglang cc -target {target} -mcpu={processor} -static \
         -idirafter /usr/{kernel}/include"
    )
}

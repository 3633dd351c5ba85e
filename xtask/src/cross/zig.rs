//! What is special where zig is the C compiler, for processors that Debian has no C library for: it brings
//! musl and LLVM's unwinder for each, and links programs statically.

use crate::run::{root, target as target_dir};

/// The C compiler for this target of zig's and this processor. Static: there is no loader to run others.
/// What it builds for the target, it keeps beside what we build, and not at home, where hosts have none.
/// `kernel`: Debian's name of the directory with the kernel's headers, for programs without a C library.
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

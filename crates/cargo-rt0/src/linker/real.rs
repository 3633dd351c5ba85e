//! Which linker the compiler would run without us.

use std::path::PathBuf;

use super::CargoConfig;
use crate::error::Result;

/// The prefix of a target's usual GNU cross tools, for when no configuration names a linker.
const CROSS: &[(&str, &str)] = &[
    ("aarch64-unknown-linux-gnu", "aarch64-linux-gnu-"),
    ("arm-unknown-linux-gnueabi", "arm-linux-gnueabi-"),
    ("arm-unknown-linux-gnueabihf", "arm-linux-gnueabihf-"),
    // Only for archives, which are linked without a C library.
    ("arm-unknown-linux-musleabihf", "arm-linux-gnueabihf-"),
    ("armv7-unknown-linux-gnueabihf", "arm-linux-gnueabihf-"),
    ("i586-unknown-linux-gnu", "i686-linux-gnu-"),
    ("i686-unknown-linux-gnu", "i686-linux-gnu-"),
    ("loongarch64-unknown-linux-gnu", "loongarch64-linux-gnu-"),
    ("powerpc64le-unknown-linux-gnu", "powerpc64le-linux-gnu-"),
    ("riscv64gc-unknown-linux-gnu", "riscv64-linux-gnu-"),
    ("s390x-unknown-linux-gnu", "s390x-linux-gnu-"),
    ("x86_64-pc-windows-gnu", "x86_64-w64-mingw32-"),
    ("x86_64-unknown-linux-gnu", "x86_64-linux-gnu-"),
];

/// Its compiler has another kind of name.
const MUSL: &str = "x86_64-unknown-linux-musl";

/// The prefix of the cross tools for a target; empty for the host's own.
pub fn gnu_prefix(target: &str, host: &str) -> &'static str {
    let row = CROSS.iter().find(|(name, _)| *name == target);
    match row {
        Some((_, prefix)) if target != host => prefix,
        _ => "",
    }
}

/// The linker of a target: the one in cargo's configuration, or the usual one. `named` is the target as cargo
/// gets it, which can be a file.
///
/// # Errors
/// As [`CargoConfig::linker`].
pub fn real_linker(named: &str, target: &str, host: &str, config: &CargoConfig) -> Result<PathBuf> {
    let set = config.linker(named)?;
    Ok(set.unwrap_or_else(|| usual(target, host)))
}

fn usual(target: &str, host: &str) -> PathBuf {
    match gnu_prefix(target, host) {
        // Debian's compiler for musl, which only works for the host's own processor.
        "" if target == MUSL && target != host => "musl-gcc".into(),
        // MinGW has no other name on Windows itself.
        "" if target.ends_with("-windows-gnu") => "gcc".into(),
        "" => "cc".into(),
        prefix => format!("{prefix}gcc").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_has_its_own_tools() {
        let host = "x86_64-unknown-linux-gnu";
        assert_eq!(gnu_prefix(host, host), "");
        assert_eq!(
            gnu_prefix("s390x-unknown-linux-gnu", host),
            "s390x-linux-gnu-"
        );
        assert_eq!(gnu_prefix("made-up", host), "");
        assert_eq!(usual(host, host), PathBuf::from("cc"));
        assert_eq!(usual(MUSL, host), PathBuf::from("musl-gcc"));
        let windows = "x86_64-pc-windows-gnu";
        assert_eq!(usual(windows, windows), PathBuf::from("gcc"));
        assert_eq!(
            usual(windows, host),
            PathBuf::from("x86_64-w64-mingw32-gcc")
        );
        let other = usual("riscv64gc-unknown-linux-gnu", host);
        assert_eq!(other, PathBuf::from("riscv64-linux-gnu-gcc"));
    }
}

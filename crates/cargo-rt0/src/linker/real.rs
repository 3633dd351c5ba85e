//! Which linker the compiler would have run.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr;

use cargo_platform::{Cfg, Platform};

use super::CargoConfig;
use super::config::shouted;

/// The prefix of the usual GNU cross tools of a target, where no configuration names a linker.
const CROSS: &[(&str, &str)] = &[
    ("aarch64-unknown-linux-gnu", "aarch64-linux-gnu-"),
    ("arm-unknown-linux-gnueabi", "arm-linux-gnueabi-"),
    ("arm-unknown-linux-gnueabihf", "arm-linux-gnueabihf-"),
    // For archives, which are linked with no C library yet.
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

/// What has a compiler of another kind of name.
const MUSL: &str = "x86_64-unknown-linux-musl";

/// The prefix of the cross tools for a target; empty for the machine's own.
pub fn gnu_prefix(target: &str, host: &str) -> &'static str {
    let row = CROSS.iter().find(|(name, _)| *name == target);
    match row {
        Some((_, prefix)) if target != host => prefix,
        _ => "",
    }
}

/// The linker of a target: cargo's environment variable, its configuration, else the usual one.
pub fn real_linker(target: &str, host: &str, config: &CargoConfig) -> PathBuf {
    if let Some(linker) = env::var_os(variable(target)) {
        return linker.into();
    }
    if let Some(linker) = config.linker(target, |cfg| cfg_matches(cfg, target)) {
        return linker;
    }
    match gnu_prefix(target, host) {
        // Debian's, for the machine's own processor alone.
        "" if target == MUSL && target != host => "musl-gcc".into(),
        "" => "cc".into(),
        prefix => format!("{prefix}gcc").into(),
    }
}

fn variable(target: &str) -> String {
    format!("CARGO_TARGET_{}_LINKER", shouted(target))
}

/// Whether a `cfg(...)` holds for a target, as the compiler sees it.
pub fn cfg_matches(expression: &str, target: &str) -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "cfg", "--target", target])
        .output();
    let lines = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let lines = lines.unwrap_or_default();
    let cfgs: Vec<Cfg> = lines
        .lines()
        .filter_map(|l| Cfg::from_str(l).ok())
        .collect();
    Platform::from_str(expression).is_ok_and(|platform| platform.matches(target, &cfgs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_has_its_own_variable_and_tools() {
        assert_eq!(
            variable("thumbv8m.main-none-eabi"),
            "CARGO_TARGET_THUMBV8M_MAIN_NONE_EABI_LINKER"
        );
        let host = "x86_64-unknown-linux-gnu";
        assert_eq!(gnu_prefix(host, host), "");
        assert_eq!(
            gnu_prefix("s390x-unknown-linux-gnu", host),
            "s390x-linux-gnu-"
        );
        assert_eq!(gnu_prefix("made-up", host), "");
    }

    #[test]
    fn a_cfg_is_judged_by_the_compiler() {
        let target = "x86_64-unknown-linux-gnu";
        assert!(cfg_matches(
            "cfg(all(target_os = \"linux\", not(windows)))",
            target
        ));
        assert!(!cfg_matches("cfg(windows)", target));
    }
}

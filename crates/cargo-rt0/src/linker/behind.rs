//! Which linker the C compiler runs.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use super::{VARIABLE, args};

/// A linker, as far as anything here depends on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Behind {
    /// GNU ld.
    Gnu,
    /// LLVM's.
    Lld,
    /// Any other.
    Other,
}

impl Behind {
    /// The linker that this compiler runs when it gets these arguments.
    pub fn of(compiler: &Path, all: &[OsString]) -> Behind {
        let mut cc = Command::new(compiler);
        cc.args(args::choosing_linker(all))
            .args(["-shared", "-nostdlib", "-Wl,--version"])
            .env_remove(VARIABLE);
        match cc.output() {
            Ok(output) if output.status.success() => {
                Behind::with_version(&String::from_utf8_lossy(&output.stdout))
            }
            _ => Behind::Other,
        }
    }

    /// The linker that says this of its version. mold says that it is compatible with GNU ld.
    fn with_version(version: &str) -> Behind {
        let first = version.lines().next().unwrap_or_default();
        if first.starts_with("GNU ld ") {
            Behind::Gnu
        } else if first.contains("LLD ") {
            Behind::Lld
        } else {
            Behind::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Behind;

    #[test]
    fn each_linker_is_known_by_its_version() {
        for (version, behind) in [
            ("GNU ld (GNU Binutils for Debian) 2.40\nCopy", Behind::Gnu),
            ("LLD 22.1.2 (compatible with GNU linkers)", Behind::Lld),
            (
                "Debian LLD 14.0.6 (compatible with GNU linkers)",
                Behind::Lld,
            ),
            ("mold 1.10.1 (compatible with GNU ld)", Behind::Other),
            (
                "GNU gold (GNU Binutils for Debian 2.40) 1.16",
                Behind::Other,
            ),
            ("", Behind::Other),
        ] {
            assert_eq!(Behind::with_version(version), behind, "{version}");
        }
    }
}

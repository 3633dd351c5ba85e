//! The minimum Rust version of the tool and of everything that is not a dependency of authors, and a cargo of exactly
//! that version. (`msrv` holds the others.)

use std::process::Command;

use anyhow::{Context, Result, ensure};
use cargo_metadata::Metadata;

use crate::run::{cargo, root, said, target};

/// The stated minimum, and the cargo of that version.
pub struct Minimum {
    /// The version, such as `1.95`.
    pub version: String,
    /// Such as `+1.95.0`; `None` if the cargo that runs us has that version.
    toolchain: Option<String>,
}

impl Minimum {
    /// Finds it.
    ///
    /// # Errors
    /// No version is stated, or it is not installed.
    pub fn find(metadata: &Metadata) -> Result<Minimum> {
        let stated = metadata
            .workspace_packages()
            .into_iter()
            .find(|package| package.name == env!("CARGO_PKG_NAME"))
            .and_then(|package| package.rust_version.clone())
            .context("no rust-version is stated")?;
        let version = format!("{}.{}", stated.major, stated.minor);
        if is(&said(Command::new("rustc").arg("--version"))?, &version) {
            return Ok(Minimum {
                version,
                toolchain: None,
            });
        }
        let toolchain = format!("+{version}.0");
        let found =
            said(Command::new("rustc").args([&toolchain, "--version"])).with_context(|| {
                format!("rustc {version} is missing: rustup toolchain install {version}.0")
            })?;
        ensure!(is(&found, &version), "{found} is not rustc {version}");
        Ok(Minimum {
            version,
            toolchain: Some(toolchain),
        })
    }

    /// Whether the cargo that runs us has this version.
    pub fn is_present(&self) -> bool {
        self.toolchain.is_none()
    }

    /// A command of that cargo, which builds in this folder of the target directory.
    pub fn cargo(&self, words: &str, dir: &str) -> Command {
        let mut command = match &self.toolchain {
            None => cargo(words),
            Some(toolchain) => {
                let mut command = Command::new("cargo");
                command.current_dir(root()).arg(toolchain);
                command.args(words.split_whitespace());
                command
            }
        };
        command.env("CARGO_TARGET_DIR", target().join(dir));
        command
    }
}

fn is(version: &str, wanted: &str) -> bool {
    version.starts_with(&format!("rustc {wanted}."))
}

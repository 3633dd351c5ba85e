//! Checks the licences and the sources of dependencies with cargo-deny; `deny.toml` has the rules.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::run::{cargo, compared, projects, root};

/// Checks every package in the lock file, and its advisories if their database has been fetched.
///
/// # Errors
/// cargo-deny is missing, or finds something.
pub fn check() -> Result<()> {
    let present = cargo("deny --version").output();
    ensure!(
        present.is_ok_and(|output| output.status.success()),
        "cargo-deny is missing: run ci/setup.sh, or `cargo install cargo-deny --locked`"
    );
    let has_advisories = has_advisories();
    let own = std::iter::once(root().to_owned());
    for workspace in own.chain(projects()?).chain(compared()?) {
        let manifest = workspace.join("Cargo.toml");
        deny(&manifest, "--locked", "licenses bans sources")?;
        if has_advisories {
            deny(&manifest, "--locked --offline", "advisories")?;
        }
    }
    if !has_advisories {
        println!(
            "    skipped: advisories, whose database is not here (`cargo deny fetch db` gets it)"
        );
    }
    Ok(())
}

fn deny(manifest: &Path, options: &str, checks: &str) -> Result<()> {
    let mut command = cargo(&format!("deny {options} --manifest-path"));
    command
        .arg(manifest)
        .args(["--config", "deny.toml", "check"]);
    let status = command.args(checks.split(' ')).status();
    let status = status.context("cargo deny can't be run")?;
    ensure!(status.success(), "cargo deny: {status}");
    Ok(())
}

/// Whether cargo-deny has fetched the database before.
fn has_advisories() -> bool {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let databases = home.and_then(|home| home.join("advisory-dbs").read_dir().ok());
    databases.is_some_and(|mut databases| databases.next().is_some())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Whether a package with this licence passes `deny.toml`.
    fn passes(licence: &str) -> bool {
        let dir = tempfile::tempdir().unwrap();
        let manifest = dir.path().join("Cargo.toml");
        let text = format!(
            "[package]\nname = \"planted\"\nversion = \"1.0.0\"\nedition = \"2024\"\n{licence}\n[workspace]\n"
        );
        fs::write(&manifest, text).unwrap();
        fs::create_dir(dir.path().join("src")).unwrap();
        fs::write(dir.path().join("src/lib.rs"), "").unwrap();
        let output = cargo("deny --offline --manifest-path")
            .arg(manifest)
            .args(["--config", "deny.toml", "check", "licenses"])
            .output()
            .unwrap();
        output.status.success()
    }

    #[test]
    fn one_good_choice_is_enough_and_a_demand_is_not_met_by_another() {
        if !cargo("deny --version").output().unwrap().status.success() {
            println!("skipped: there is no cargo-deny");
            return;
        }
        assert!(passes("license = \"MIT/Apache-2.0\""));
        assert!(passes("license = \"GPL-3.0-only OR MIT\""));
        assert!(passes("license = \"(MIT OR Apache-2.0) AND Unicode-3.0\""));
        assert!(!passes("license = \"MIT AND GPL-3.0-only\""));
        assert!(!passes(""));
    }
}

//! Where the fixtures are built, and with what.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::targets::Target;
use crate::run::target as target_dir;
use crate::{host_tests, sabotage};

/// The modules of tests for every processor, and for what depends on its calling convention.
const USUAL: &[&str] = &["platform/every_processor", "manners/parameters"];

/// The same, and tests for what depends on the linker's relocatable output.
const WITH_ARCHIVES: &[&str] = &[
    "platform/every_processor",
    "manners/parameters",
    "load/archive",
];

/// Windows has a program of its own.
const ON_WINDOWS: &[&str] = &["windows"];

/// Where cargo builds: one place for all targets and protections, so that code for this machine is built
/// once.
pub fn cargo_dir() -> PathBuf {
    target_dir().join("cross/cargo")
}

/// A build of the fixtures, for any target, and the tests to run with it.
pub struct Build {
    modules: &'static [&'static str],
    dir: PathBuf,
    /// The compiler that leaves out a protection.
    wrapper: Option<PathBuf>,
}

impl Build {
    /// With or without the archives' tests; without a protection, if one is named.
    ///
    /// # Errors
    /// There is no such switch.
    pub fn new(archives: bool, without: Option<String>) -> Result<Build> {
        let modules = if archives { WITH_ARCHIVES } else { USUAL };
        let dir = target_dir().join("cross");
        let Some(switch) = without else {
            return Ok(Build {
                modules,
                dir,
                wrapper: None,
            });
        };
        ensure!(
            rt0_core::sabotage::ALL.contains(&switch.as_str()),
            "there is no switch `{switch}`; there are: {}",
            rt0_core::sabotage::ALL.join(", ")
        );
        let dir = dir.join("without").join(&switch);
        fs::create_dir_all(&dir).with_context(|| format!("can't make {}", dir.display()))?;
        let wrapper = Some(sabotage::wrapper(&dir, &switch)?);
        Ok(Build {
            modules,
            dir,
            wrapper,
        })
    }

    /// Where the fixtures and the hosts of a target are.
    pub fn hosts(&self, target: &Target) -> PathBuf {
        self.dir.join("hosts").join(target.triple)
    }

    /// The command that runs the tests of a target.
    pub fn tests(&self, target: &Target) -> Command {
        let usual = if target.is_windows() {
            ON_WINDOWS
        } else {
            self.modules
        };
        let mut tests = host_tests::command(&[usual, target.more_tests()].concat(), &[]);
        tests
            .env("RT0_HOSTS_DIR", self.hosts(target))
            .env("RT0_HOSTS_CARGO_DIR", cargo_dir());
        if let Some(wrapper) = &self.wrapper {
            tests.env("RT0_HOSTS_WRAPPER", wrapper);
        }
        tests
    }
}

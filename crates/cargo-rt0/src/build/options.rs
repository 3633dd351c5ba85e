//! What a caller can choose about a build, on the command line or as a struct.

use std::path::PathBuf;

/// How to build. The default is what `cargo rt0 build` does without options.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Which crate, and how it is compiled
    #[command(flatten)]
    pub compile: Compile,
    /// Write the files to this directory [default: target/rt0/PROFILE[/TRIPLE]]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Also build an archive (libNAME.a)
    #[arg(long = "static")]
    pub archive: bool,
    /// Leave std's debug information in the archive, although the profile makes none
    #[arg(long, requires = "archive")]
    pub archive_debug: bool,
}

/// Which crate, and how it is compiled: what `build` and `install` have in common.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Compile {
    /// Build with optimisations
    #[arg(short, long, conflicts_with = "profile")]
    pub release: bool,
    /// Build with this profile
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Build for this target
    #[arg(long, value_name = "TRIPLE")]
    pub target: Option<String>,
    /// Build this package of the workspace
    #[arg(short, long, value_name = "NAME")]
    pub package: Option<String>,
    /// Use this Cargo.toml [default: the nearest]
    #[arg(long, value_name = "FILE")]
    pub manifest_path: Option<PathBuf>,
    /// Enable these features
    #[arg(short = 'F', long, value_name = "LIST")]
    pub features: Vec<String>,
    /// Enable all features
    #[arg(long)]
    pub all_features: bool,
    /// Disable the default features
    #[arg(long)]
    pub no_default_features: bool,
    /// Do not use the network
    #[arg(long)]
    pub offline: bool,
    /// Fail if Cargo.lock would change
    #[arg(long)]
    pub locked: bool,
    /// Print only errors and warnings
    #[arg(short, long)]
    pub quiet: bool,
    /// Arguments for rustc, after --
    #[arg(last = true, value_name = "RUSTC_ARGS")]
    pub rustc_args: Vec<String>,
    /// The program to run as the linker; without one, the calling program.
    #[arg(skip)]
    pub wrapper: Option<PathBuf>,
}

impl Compile {
    /// The profile that cargo gets.
    pub fn profile(&self) -> &str {
        match &self.profile {
            Some(profile) => profile,
            None if self.release => "release",
            None => "dev",
        }
    }

    /// The name of the profile's directory.
    pub fn profile_dir(&self) -> &str {
        match self.profile() {
            "dev" | "test" => "debug",
            "bench" => "release",
            name => name,
        }
    }

    /// A line of progress in cargo's style.
    pub(crate) fn say(&self, verb: &str, what: &str) {
        if !self.quiet {
            crate::progress::say(verb, what);
        }
    }
}

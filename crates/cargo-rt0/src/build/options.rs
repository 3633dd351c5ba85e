//! What a caller can choose about a build, on the command line or as a struct.

use std::path::PathBuf;

/// How to build. The default is what `cargo rt0 build` does without options.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Options {
    /// Build with optimisations
    #[arg(short, long, conflicts_with = "profile")]
    pub release: bool,
    /// Build with this profile
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Build for this target
    #[arg(long, value_name = "TRIPLE")]
    pub target: Option<String>,
    /// Where to put the files [default: target/rt0/PROFILE[/TRIPLE]]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Make an archive (libNAME.a) too
    #[arg(long = "static")]
    pub archive: bool,
    /// The package to build, in a workspace
    #[arg(short, long, value_name = "NAME")]
    pub package: Option<String>,
    /// The Cargo.toml [default: the nearest]
    #[arg(long, value_name = "FILE")]
    pub manifest_path: Option<PathBuf>,
    /// Features to switch on
    #[arg(short = 'F', long, value_name = "LIST")]
    pub features: Vec<String>,
    /// Switch every feature on
    #[arg(long)]
    pub all_features: bool,
    /// Switch the default features off
    #[arg(long)]
    pub no_default_features: bool,
    /// Do not use the network
    #[arg(long)]
    pub offline: bool,
    /// Cargo.lock must stay as it is
    #[arg(long)]
    pub locked: bool,
    /// Print nothing but errors and warnings
    #[arg(short, long)]
    pub quiet: bool,
    /// Arguments for rustc, after --
    #[arg(last = true, value_name = "RUSTC_ARGS")]
    pub rustc_args: Vec<String>,
    /// The program to run as the linker; without one, the calling program.
    #[arg(skip)]
    pub wrapper: Option<PathBuf>,
}

impl Options {
    /// The profile that cargo is asked for.
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

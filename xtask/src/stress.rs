//! `cargo xtask stress`: hosts that act on a random seed.

use anyhow::Result;

use crate::run::{cargo, step};

/// Runs processes until the time is over, at least one. The first one gets this seed.
///
/// # Errors
/// A process hung, crashed, printed something or got a wrong answer: the output names its seed.
pub fn run(seconds: u64, seed: Option<u64>) -> Result<()> {
    let mut cargo = cargo("test -p rt0-hosts --test stress");
    cargo.env("RT0_STRESS_SECONDS", seconds.to_string());
    if let Some(seed) = seed {
        cargo.env("RT0_STRESS_SEED", seed.to_string());
    }
    step(&format!("stress, for {seconds} s"), &mut cargo)
}

//! Samples: one process each, in turns.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::row::Side;
use super::statistics::median;

/// In every round, takes one sample of each side: the numbers that the host prints. The first round warms up the
/// caches and does not count. Chance decides the order, so that no side always runs after the same neighbour: a library
/// loads faster right after another process has loaded it. The order is the same in every run.
///
/// # Errors
/// A sample can't be taken.
pub fn in_turns<const N: usize>(
    rounds: usize,
    mut take: impl FnMut(usize) -> Result<Vec<f64>>,
) -> Result<[Taken; N]> {
    let mut taken = [const { Taken(Vec::new()) }; N];
    let mut chance = fastrand::Rng::with_seed(N as u64);
    for round in 0..=rounds {
        let mut order: [usize; N] = std::array::from_fn(|side| side);
        chance.shuffle(&mut order);
        for side in order {
            let numbers = take(side)?;
            if round > 0 {
                taken[side].0.push(numbers);
            }
        }
    }
    Ok(taken)
}

/// What the host printed for one side, round by round.
pub struct Taken(pub Vec<Vec<f64>>);

impl Taken {
    /// The n-th number of every round.
    pub fn column(&self, n: usize) -> Vec<f64> {
        let number = |numbers: &Vec<f64>| numbers.get(n).copied().unwrap_or(f64::NAN);
        self.0.iter().map(number).collect()
    }

    /// The median of the n-th numbers.
    pub fn median(&self, n: usize) -> f64 {
        median(&self.column(n))
    }

    /// The n-th numbers as a side.
    pub fn side(&self, name: &str, n: usize) -> Side {
        Side::new(name, self.column(n))
    }
}

/// How the host is run.
#[derive(Clone)]
pub struct Host<'a> {
    program: &'a Path,
    processors: String,
    environment: Vec<(String, String)>,
}

impl Host<'_> {
    /// The host, on these processors.
    pub fn new<'a>(program: &'a Path, processors: &str) -> Host<'a> {
        Host {
            program,
            processors: processors.to_owned(),
            environment: Vec::new(),
        }
    }

    /// With these variables too.
    pub fn with(mut self, more: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment.extend(more);
        self
    }

    /// Where glibc keeps no room for the thread-locals of libraries that are loaded later.
    pub fn without_static_tls(self) -> Self {
        let [name, value] =
            ["GLIBC_TUNABLES", "glibc.rtld.optional_static_tls=0"].map(str::to_owned);
        self.with([(name, value)])
    }

    /// The numbers that it prints.
    ///
    /// # Errors
    /// It fails.
    pub fn run<A: AsRef<OsStr>>(
        &self,
        mode: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Vec<f64>> {
        let mut command = self.command(Command::new(self.program), mode, arguments);
        let shown = format!("{command:?}");
        let output = command
            .output()
            .with_context(|| format!("can't run {shown}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "{shown}: {}: {said}",
            output.status
        );
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| line.parse().context("the host prints numbers"))
            .collect()
    }

    /// How many instructions callgrind counts; `toggle` names the only function to count in, or nothing.
    ///
    /// # Errors
    /// Valgrind or the host fails.
    pub fn instructions<A: AsRef<OsStr>>(
        &self,
        toggle: Option<&str>,
        mode: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<f64> {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
        if let Some(function) = toggle {
            valgrind.arg(format!("--toggle-collect={function}"));
        }
        valgrind.arg(self.program);
        let output = self.command(valgrind, mode, arguments).output();
        let output = output.context("can't run valgrind")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "valgrind failed: {said}");
        said.lines()
            .find_map(|line| line.split_once("Collected :"))
            .and_then(|(_, number)| number.trim().parse().ok())
            .with_context(|| format!("callgrind counted nothing: {said}"))
    }

    /// The host in this mode, run by this tool, such as valgrind with its options; or the host itself.
    pub fn command<A: AsRef<OsStr>>(
        &self,
        mut tool: Command,
        mode: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Command {
        // A developer's own variables must not affect the result.
        tool.env_clear();
        for name in ["PATH", "HOME", "LANG"] {
            tool.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        tool.envs(self.environment.iter().cloned());
        tool.args([&self.processors, mode]).args(arguments);
        tool
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_round_has_each_side_once_and_the_first_does_not_count() {
        let mut order = Vec::new();
        let taken: [Taken; 3] = in_turns(2, |side| {
            order.push(side);
            Ok(vec![order.len() as f64, side as f64])
        })
        .unwrap();
        for round in order.chunks(3) {
            let mut sides = round.to_vec();
            sides.sort_unstable();
            assert_eq!(sides, [0, 1, 2], "{order:?}");
        }
        let times: f64 = taken.iter().flat_map(|side| side.column(0)).sum();
        assert_eq!(times, f64::from((4..=9).sum::<u32>()));
        assert_eq!(taken[2].column(1), [2.0, 2.0]);
        assert!(taken[0].median(2).is_nan());
    }

    #[test]
    fn a_side_comes_after_each_of_the_others() {
        let mut order = Vec::new();
        let _: [Taken; 3] = in_turns(100, |side| {
            order.push(side);
            Ok(vec![0.0])
        })
        .unwrap();
        for (before, after) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
            let often = order.windows(2).filter(|two| *two == [before, after]);
            assert!(often.count() > 25, "{after} hardly ever after {before}");
        }
    }
}

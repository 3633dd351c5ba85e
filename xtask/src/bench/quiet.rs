//! Whether the machine is free: what other programs use of its processors, before and while we measure.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Others may use this much of one processor while we measure.
const ALLOWED: f64 = 0.2;
/// How long to look before the first measurement.
const LOOK: Duration = Duration::from_secs(2);
/// How often a measurement is repeated that others have disturbed.
const TRIES: usize = 3;

/// What to do on a busy machine.
pub struct Quiet {
    /// Measure all the same.
    pub even_if_busy: bool,
    /// The most that others have used in any measurement that was kept, in processors.
    pub others: f64,
}

impl Quiet {
    /// Looks at the machine before anything is measured.
    ///
    /// # Errors
    /// It is busy, and that is not allowed.
    pub fn begin(even_if_busy: bool) -> Result<Quiet> {
        let before = Usage::now()?;
        sleep(LOOK);
        let others = Usage::now()?.others_since(&before);
        if others > ALLOWED && !even_if_busy {
            bail!(
                "this machine is busy: other programs use {others:.1} of its processors, so times measured now \
                 would say nothing. Stop them, or pass --busy to measure all the same; the figures are then marked"
            );
        }
        Ok(Quiet {
            even_if_busy,
            others: 0.0,
        })
    }

    /// Whether others have disturbed what was measured.
    pub fn was_busy(&self) -> bool {
        self.others > ALLOWED
    }

    /// Measures, and does it again if other programs were busy meanwhile.
    ///
    /// # Errors
    /// The measurement fails, or others were busy every time.
    pub fn measure<T>(&mut self, what: &str, mut measure: impl FnMut() -> Result<T>) -> Result<T> {
        for attempt in 1.. {
            let before = Usage::now()?;
            let measured = measure()?;
            let others = Usage::now()?.others_since(&before);
            if others <= ALLOWED || self.even_if_busy {
                self.others = self.others.max(others);
                return Ok(measured);
            }
            if attempt == TRIES {
                bail!(
                    "this machine has become busy: while {what} was measured, other programs used {others:.1} of \
                     its processors, {TRIES} times in a row. Stop them, or pass --busy"
                );
            }
            println!("    other programs used {others:.1} of the processors: measuring again");
        }
        unreachable!("the loop ends by itself")
    }
}

/// How long the processors have worked since the machine was started, in ticks.
#[derive(Debug, PartialEq)]
struct Usage {
    /// All processors together, idle or not.
    all: f64,
    /// All programs, the kernel, and what the hypervisor has taken away.
    busy: f64,
    /// This process, and all of its children that have ended.
    ours: f64,
    processors: f64,
}

impl Usage {
    fn now() -> Result<Usage> {
        let read =
            |path: &str| fs::read_to_string(path).with_context(|| format!("can't read {path}"));
        Usage::from(&read("/proc/stat")?, &read("/proc/self/stat")?)
            .context("/proc/stat has an unknown format")
    }

    fn from(stat: &str, this: &str) -> Option<Usage> {
        let fields = |line: &str| -> Vec<f64> {
            line.split_whitespace()
                .skip(1)
                .filter_map(|field| field.parse().ok())
                .collect()
        };
        let mut lines = stat.lines().take_while(|line| line.starts_with("cpu"));
        // user, nice, system, idle, iowait, irq, softirq, steal; user and nice include the guests' time.
        let total = fields(lines.next()?);
        let all: f64 = total.get(..8)?.iter().sum();
        // The name before the `)` may contain anything.
        let this = fields(this.rsplit_once(')')?.1);
        Some(Usage {
            all,
            busy: all - total[3] - total[4],
            ours: this.get(10..14)?.iter().sum(),
            processors: lines.count() as f64,
        })
    }

    /// What others have used since then, in processors.
    fn others_since(&self, before: &Usage) -> f64 {
        let others = (self.busy - before.busy) - (self.ours - before.ours);
        (others / (self.all - before.all).max(1.0) * self.processors).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 50 0 25 400 25 0 0 0 0 0\n\
                        cpu1 50 0 25 400 25 0 0 0 0 0\nintr 1 2 3\n";
    const SELF: &str = "7 (a ) b) S 1 7 7 0 -1 4194304 100 0 0 0 11 22 33 44 20 0 1 0 5 6 7";

    #[test]
    fn the_kernels_counters_are_read() {
        let usage = Usage::from(STAT, SELF).unwrap();
        let expected = Usage {
            all: 1000.0,
            busy: 150.0,
            ours: 110.0,
            processors: 2.0,
        };
        assert_eq!(usage, expected);
        assert_eq!(Usage::from("", SELF), None);
        assert_eq!(Usage::from(STAT, "7 (x"), None);
    }

    #[test]
    fn only_the_time_of_others_counts() {
        let usage = |all, busy, ours| Usage {
            all,
            busy,
            ours,
            processors: 2.0,
        };
        let before = usage(1000.0, 100.0, 10.0);
        assert_eq!(usage(1200.0, 150.0, 60.0).others_since(&before), 0.0);
        assert_eq!(usage(1200.0, 200.0, 60.0).others_since(&before), 0.5);
        assert_eq!(usage(1200.0, 150.0, 80.0).others_since(&before), 0.0);
    }

    #[test]
    fn a_measurement_on_a_busy_machine_is_kept_only_if_allowed() {
        let mut quiet = Quiet {
            even_if_busy: true,
            others: 0.0,
        };
        assert_eq!(quiet.measure("nothing", || Ok(5)).unwrap(), 5);
        assert!(
            quiet
                .measure("nothing", || -> Result<()> { bail!("no") })
                .is_err()
        );
    }
}

//! One row of the table: rt0's samples, a peer's, and the figure that compares them.

use serde::{Deserialize, Serialize};

use super::statistics::{self, Interval, median, quantile};
use super::targets;

/// The fewest rounds that a figure may rest on.
pub const ENOUGH: usize = 30;

/// How the two sides are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    /// Ours divided by theirs.
    Ratio,
    /// How much more ours is.
    Difference,
    /// Ours alone; the other side is shown beside it.
    Alone,
}

/// What was measured of one side.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Side {
    /// Whose it is.
    pub name: String,
    /// The median.
    pub median: f64,
    /// A quarter of the samples lies below the first, a quarter above the second.
    pub quartiles: [f64; 2],
    /// The samples, in the order in which they were taken.
    pub samples: Vec<f64>,
    /// The page faults of the same interval, where they were counted.
    pub faults: Option<f64>,
    /// The instructions of the same interval, where they were counted.
    pub instructions: Option<f64>,
}

impl Side {
    /// A side with its samples.
    pub fn new(name: &str, samples: Vec<f64>) -> Side {
        Side {
            name: name.to_owned(),
            median: median(&samples),
            quartiles: [quantile(&samples, 0.25), quantile(&samples, 0.75)],
            samples,
            faults: None,
            instructions: None,
        }
    }

    /// A side with something that is the same every time, such as a file's size.
    pub fn exact(name: &str, value: f64) -> Side {
        Side::new(name, vec![value])
    }

    /// Adds what was counted beside the time.
    pub fn counted(mut self, faults: Option<f64>, instructions: Option<f64>) -> Side {
        self.faults = faults;
        self.instructions = instructions;
        self
    }
}

/// A row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The row's name.
    pub id: String,
    /// Which of the rows with this name.
    pub case: String,
    /// The unit of the samples.
    pub unit: String,
    /// How the sides are compared.
    pub compare: Compare,
    /// rt0's side.
    pub ours: Side,
    /// The peer's side; with [`Compare::Alone`] it may be missing.
    pub theirs: Option<Side>,
    /// What the comparison says, from the medians.
    pub figure: f64,
    /// Its 95 % interval.
    pub interval: Interval,
    /// The figure may be at most this.
    pub target: Option<f64>,
    /// Whether the value is the same in every run, so that one sample is enough.
    pub exact: bool,
}

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval lies within it.
    Met,
    /// The upper end of the interval lies above it.
    Missed,
    /// There were too few rounds to say.
    TooFew,
    /// Nothing was promised.
    None,
}

impl Row {
    /// A row from samples that were taken in rounds.
    pub fn new(
        (id, case): (&str, &str),
        unit: &str,
        compare: Compare,
        ours: &Side,
        theirs: Option<&Side>,
    ) -> Row {
        let of = |ours: f64, theirs: f64| match compare {
            Compare::Ratio => ours / theirs,
            Compare::Difference => ours - theirs,
            Compare::Alone => ours,
        };
        let other = theirs.filter(|_| compare != Compare::Alone).unwrap_or(ours);
        Row {
            id: id.to_owned(),
            case: case.to_owned(),
            unit: unit.to_owned(),
            compare,
            figure: of(ours.median, other.median),
            interval: statistics::interval(&ours.samples, &other.samples, of),
            target: targets::find(id, case),
            exact: ours.samples.len() == 1,
            ours: ours.clone(),
            theirs: theirs.cloned(),
        }
    }

    /// Whether the promise is kept. The upper end of the interval counts, not the figure.
    pub fn verdict(&self) -> Verdict {
        let Some(target) = self.target else {
            return Verdict::None;
        };
        let theirs = self
            .theirs
            .as_ref()
            .map_or(usize::MAX, |side| side.samples.len());
        let too_few = self.ours.samples.len().min(theirs) < ENOUGH && !self.exact;
        // A NaN is not within any target.
        match self.interval[1] <= target {
            false => Verdict::Missed,
            true if too_few => Verdict::TooFew,
            true => Verdict::Met,
        }
    }

    /// The name and the case.
    pub fn name(&self) -> String {
        format!("{}, {}", self.id, self.case)
    }
}

impl Verdict {
    /// A word for people.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::Missed => "missed",
            Verdict::TooFew => "too few samples",
            Verdict::None => "",
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A row for tests: ours is `ratio` times theirs.
    pub fn example(id: &str, case: &str, ratio: f64, rounds: u32) -> Row {
        let theirs: Vec<f64> = (0..rounds).map(|at| 1000.0 + f64::from(at % 10)).collect();
        let ours = theirs.iter().map(|theirs| theirs * ratio).collect();
        let (ours, theirs) = (Side::new("rt0", ours), Side::new("peer", theirs));
        Row::new((id, case), "ns", Compare::Ratio, &ours, Some(&theirs))
    }

    #[test]
    fn the_upper_end_of_the_interval_must_meet_the_target() {
        let id = ("load.total.vs-limit", "1 processor"); // at most 2.0
        let theirs = Side::new("peer", vec![100.0; 30]);
        let row = |low, high| {
            let ours = (0..30)
                .map(|at| if at % 2 == 0 { low } else { high })
                .collect();
            Row::new(
                id,
                "ns",
                Compare::Ratio,
                &Side::new("rt0", ours),
                Some(&theirs),
            )
        };
        assert_eq!(row(150.0, 190.0).verdict(), Verdict::Met);
        let wide = row(150.0, 210.0);
        assert!(wide.figure < 2.0, "{}", wide.figure);
        assert_eq!(wide.verdict(), Verdict::Missed);
    }

    #[test]
    fn few_samples_meet_nothing() {
        let verdict = |rounds| example("load.total.vs-limit", "1 processor", 0.5, rounds).verdict();
        assert_eq!(verdict(30), Verdict::Met);
        assert_eq!(verdict(29), Verdict::TooFew);
        assert_eq!(
            example("call.plain", "2 threads", 9.0, 30).verdict(),
            Verdict::None
        );
    }

    #[test]
    fn one_sample_of_what_never_changes_is_enough() {
        let (ours, theirs) = (
            Side::exact("rt0", 175_000.0),
            Side::exact("peer", 100_000.0),
        );
        let row = |case| {
            let id = ("size.tokio.extra", case);
            Row::new(id, "bytes", Compare::Difference, &ours, Some(&theirs))
        };
        assert_eq!(row("fat LTO").figure, 75_000.0);
        assert_eq!(row("fat LTO").verdict(), Verdict::Met);
        let alone = Row::new(
            ("load.faults", "in dlopen"),
            "faults",
            Compare::Alone,
            &ours,
            Some(&theirs),
        );
        assert_eq!(alone.figure, 175_000.0);
        assert_eq!(alone.verdict(), Verdict::Missed);
    }

    #[test]
    fn without_a_number_the_target_is_missed() {
        let (ours, theirs) = (Side::exact("rt0", f64::NAN), Side::exact("peer", 1.0));
        let id = ("call.plain", "1 thread");
        let row = Row::new(id, "ns", Compare::Ratio, &ours, Some(&theirs));
        assert_eq!(row.verdict(), Verdict::Missed);
    }
}

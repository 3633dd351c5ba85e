//! One figure: rt0 compared with a peer.

use serde::{Serialize, Serializer};

/// What rt0 promises.
#[derive(Clone, Copy)]
pub enum Target {
    /// At most this many times the peer's.
    Ratio(f64),
    /// At most this much more than the peer's.
    Over(f64),
}

/// What was measured.
#[derive(Serialize)]
pub struct Figure {
    /// What is compared with what.
    pub name: String,
    /// The unit of `rt0` and `peer`.
    pub unit: &'static str,
    /// The median.
    pub rt0: f64,
    /// The median.
    pub peer: f64,
    /// The median of the ratios of neighbouring samples.
    pub ratio: f64,
    /// The ratios between which the middle half of the samples lies.
    pub spread: [f64; 2],
    /// The promise, if there is one.
    #[serde(serialize_with = "as_text")]
    pub target: Option<Target>,
    /// Whether the promise is kept.
    pub met: Option<bool>,
}

impl Figure {
    /// A figure from samples taken in turns.
    pub fn new(name: &str, unit: &'static str, rt0: &[f64], peer: &[f64]) -> Figure {
        let ratios: Vec<f64> = rt0.iter().zip(peer).map(|(rt0, peer)| rt0 / peer).collect();
        Figure {
            name: name.to_owned(),
            unit,
            rt0: quantile(rt0, 0.5),
            peer: quantile(peer, 0.5),
            ratio: quantile(&ratios, 0.5),
            spread: [quantile(&ratios, 0.25), quantile(&ratios, 0.75)],
            target: None,
            met: None,
        }
    }

    /// A figure that is the same in every run.
    pub fn once(name: &str, unit: &'static str, rt0: f64, peer: f64) -> Figure {
        Figure::new(name, unit, &[rt0], &[peer])
    }

    /// Adds a promise.
    pub fn with(mut self, target: Target) -> Figure {
        self.met = Some(match target {
            Target::Ratio(most) => self.ratio <= most,
            Target::Over(most) => self.rt0 - self.peer <= most,
        });
        self.target = Some(target);
        self
    }
}

impl Target {
    /// The target as text.
    pub fn text(self) -> String {
        match self {
            Target::Ratio(most) => format!("ratio <= {most}"),
            Target::Over(most) => format!("+{most} at most"),
        }
    }
}

fn as_text<S: Serializer>(target: &Option<Target>, serializer: S) -> Result<S::Ok, S::Error> {
    target.map(Target::text).serialize(serializer)
}

/// The value below which this part of the samples lies.
fn quantile(samples: &[f64], part: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = part * (sorted.len().saturating_sub(1)) as f64;
    let (below, above) = (at.floor() as usize, at.ceil() as usize);
    match sorted.get(below).zip(sorted.get(above)) {
        Some((low, high)) => low + (high - low) * at.fract(),
        None => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_the_samples() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(quantile(&[4.0, 1.0, 2.0, 3.0], 0.5), 2.5);
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.25), 2.0);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn targets_are_kept_or_not() {
        let met = |target| Figure::once("", "", 5.0, 4.0).with(target).met;
        assert_eq!(met(Target::Ratio(1.25)), Some(true));
        assert_eq!(met(Target::Ratio(1.24)), Some(false));
        assert_eq!(met(Target::Over(1.0)), Some(true));
        assert_eq!(met(Target::Over(0.5)), Some(false));
    }

    #[test]
    fn the_ratio_is_that_of_neighbours() {
        let figure = Figure::new("", "ns", &[10.0, 200.0, 30.0], &[5.0, 100.0, 15.0]);
        assert_eq!(figure.ratio, 2.0);
        assert_eq!(figure.spread, [2.0, 2.0]);
    }
}

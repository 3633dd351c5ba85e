//! Medians, and how far chance may have moved them.
//!
//! The samples of two sides are taken in rounds, one of each side in a round. So the interval comes from
//! drawing rounds, not samples: what slows a whole round down counts for both sides.

use fastrand::Rng;

/// How often rounds are drawn anew.
const DRAWS: usize = 2000;

/// Chance leaves the figure between these, 95 times in 100.
pub type Interval = [f64; 2];

/// The value below which this part of the samples lies; NaN without samples.
pub fn quantile(samples: &[f64], part: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = part * sorted.len().saturating_sub(1) as f64;
    let (below, above) = (at.floor() as usize, at.ceil() as usize);
    match sorted.get(below).zip(sorted.get(above)) {
        Some((low, high)) => low + (high - low) * at.fract(),
        None => f64::NAN,
    }
}

/// The middle of the samples.
pub fn median(samples: &[f64]) -> f64 {
    quantile(samples, 0.5)
}

/// The interval of a figure that is computed from the medians of two sides: the bootstrap's, by percentiles.
/// The same samples always give the same interval.
pub fn interval(ours: &[f64], theirs: &[f64], figure: impl Fn(f64, f64) -> f64) -> Interval {
    let rounds = ours.len().min(theirs.len());
    let mut chance = Rng::with_seed(rounds as u64);
    let figures: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn: Vec<usize> = (0..rounds).map(|_| chance.usize(..rounds)).collect();
            let of = |side: &[f64]| median(&drawn.iter().map(|at| side[*at]).collect::<Vec<_>>());
            figure(of(ours), of(theirs))
        })
        .collect();
    [quantile(&figures, 0.025), quantile(&figures, 0.975)]
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
    fn the_interval_holds_the_figure_and_shrinks_with_more_rounds() {
        let noisy = |rounds: usize| {
            let mut chance = Rng::with_seed(7);
            let mut side = |middle: f64| -> Vec<f64> {
                (0..rounds)
                    .map(|_| middle + chance.u32(..100) as f64)
                    .collect()
            };
            let (ours, theirs) = (side(450.0), side(950.0));
            interval(&ours, &theirs, |ours, theirs| ours / theirs)
        };
        let (few, many) = (noisy(10), noisy(400));
        for [low, high] in [few, many] {
            assert!(low < 0.5 && 0.5 < high, "{low} - {high}");
        }
        assert!(
            many[1] - many[0] < (few[1] - few[0]) / 2.0,
            "{few:?} {many:?}"
        );
    }

    #[test]
    fn the_interval_of_equal_samples_is_a_point() {
        let ratio = |ours, theirs| ours / theirs;
        assert_eq!(interval(&[3.0; 30], &[6.0; 30], ratio), [0.5, 0.5]);
        assert_eq!(interval(&[3.0], &[6.0], ratio), [0.5, 0.5]);
    }

    #[test]
    fn what_slows_a_whole_round_down_widens_nothing() {
        let ours: Vec<f64> = (1..=60).map(f64::from).collect();
        let theirs: Vec<f64> = ours.iter().map(|ours| 2.0 * ours).collect();
        assert_eq!(
            interval(&ours, &theirs, |ours, theirs| ours / theirs),
            [0.5, 0.5]
        );
    }

    #[test]
    fn the_same_samples_give_the_same_interval() {
        let (ours, theirs) = ([1.0, 2.0, 4.0, 8.0], [3.0, 5.0, 4.0, 4.0]);
        let once = || interval(&ours, &theirs, |ours, theirs| ours - theirs);
        assert_eq!(once(), once());
    }
}

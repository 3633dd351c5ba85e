//! The samples of a row's two sides, above each other on one axis.
//!
//! Every sample is a dot, the middle half of them a box, the median a thick stroke. rt0's are filled, the peer's
//! are outlines, so that they differ without colour. A few far samples would squeeze all others: they lie at the
//! edge.

use crate::bench::format::amount;
use crate::bench::row::{Row, Side};
use crate::bench::statistics::quantile;
use crate::svg::{at, dot, drawing, line, rect, text, ticks};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 190.0;
const RIGHT: f64 = 700.0;
const STRIP: f64 = 40.0;

/// The drawing.
pub fn distribution(row: &Row) -> String {
    let sides: Vec<&Side> = [Some(&row.ours), row.theirs.as_ref()]
        .into_iter()
        .flatten()
        .collect();
    let most = sides
        .iter()
        .map(|side| quantile(&side.samples, 0.9).max(side.median))
        .fold(0.0, f64::max)
        * 1.25;
    let most = if most > 0.0 { most } else { 1.0 };
    let x = |value: f64| LEFT + (value / most).clamp(0.0, 1.0) * (RIGHT - LEFT);
    let bottom = sides.len() as f64 * STRIP;
    let mut inside = String::new();
    for tick in ticks(most) {
        inside += &line((x(tick), 0.0), (x(tick), bottom), "grid");
        inside += &text(
            x(tick),
            bottom + 14.0,
            "tick middle",
            &amount(tick, &row.unit),
        );
    }
    for (n, side) in sides.iter().enumerate() {
        let class = if n == 0 { "ours" } else { "theirs" };
        inside += &strip(side, row, class, n as f64 * STRIP, x);
    }
    drawing(WIDTH, bottom + 20.0, row.name(), &inside)
}

fn strip(side: &Side, row: &Row, class: &str, top: f64, x: impl Fn(f64) -> f64) -> String {
    let middle = top + STRIP / 2.0;
    let mut inside = text(0.0, middle - 2.0, "side", &side.name);
    inside += &text(0.0, middle + 12.0, "value", &amount(side.median, &row.unit));
    if side.samples.len() == 1 {
        let width = x(side.median) - LEFT;
        return inside + &rect(LEFT, middle - 7.0, width, 14.0, class);
    }
    for (n, sample) in side.samples.iter().enumerate() {
        // Spread over the height, the same way in every drawing.
        let offset = (n * 7 % 11) as f64 / 10.0 - 0.5;
        inside += &dot(x(*sample), middle + offset * 26.0, class);
    }
    let [low, high] = side.quartiles;
    inside += &rect(
        x(low),
        middle - 8.0,
        x(high) - x(low),
        16.0,
        &format!("box {class}"),
    );
    let median = at(x(side.median));
    inside += &format!(
        "<path d='M{median} {}v24' class='median'/>\n",
        at(middle - 12.0)
    );
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::row::Compare;
    use crate::bench::row::tests::example;

    #[test]
    fn every_sample_is_drawn() {
        let svg = distribution(&example("load.total.vs-go", "1 processor", 0.5, 40));
        assert_eq!(svg.matches("<circle").count(), 80);
        assert_eq!(svg.matches("class='median'").count(), 2);
        assert!(svg.contains("class='ours'") && svg.contains("class='theirs'"));
    }

    #[test]
    fn what_is_the_same_every_time_is_a_bar() {
        let ours = Side::exact("rt0", 25_000.0);
        let row = Row::new(
            ("size.core-only", "aarch64"),
            "bytes",
            Compare::Alone,
            &ours,
            None,
        );
        let svg = distribution(&row);
        assert_eq!(
            (svg.matches("<circle").count(), svg.matches("<rect").count()),
            (0, 1)
        );
        let nothing = Row::new(
            ("copies.50", "threads"),
            "threads",
            Compare::Alone,
            &Side::exact("rt0", 0.0),
            None,
        );
        assert!(!distribution(&nothing).contains("NaN"));
    }
}

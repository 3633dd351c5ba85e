//! All rows with a target at a glance: how far the figure is from it.

use crate::bench::format::{figure, target};
use crate::bench::report::Report;
use crate::bench::row::{Row, Verdict};
use crate::svg::{at, drawing, line, rect, text};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 320.0;
const RIGHT: f64 = 570.0;
const STEP: f64 = 22.0;
const TOP: f64 = 24.0;
/// What lies further above its target is drawn at the edge.
const MOST: f64 = 2.0;

/// The drawing: each figure and its interval, as parts of the target.
pub fn overview(report: &Report) -> String {
    let rows: Vec<(&Row, f64)> = report
        .rows
        .iter()
        .filter_map(|row| Some((row, row.target?)))
        .collect();
    let bottom = TOP + rows.len() as f64 * STEP;
    let x = |part: f64| LEFT + part.clamp(0.0, MOST) / MOST * (RIGHT - LEFT);
    let mut inside = String::new();
    for (part, said) in [
        (0.0, "0"),
        (0.5, "half"),
        (1.0, "target"),
        (1.5, "1.5 ×"),
        (2.0, "2 × or more"),
    ] {
        let class = if part == 1.0 { "limit" } else { "grid" };
        inside += &line((x(part), TOP - 6.0), (x(part), bottom), class);
        inside += &text(x(part), TOP - 11.0, "tick middle", said);
    }
    for (n, (row, target)) in rows.iter().enumerate() {
        inside += &one(row, *target, TOP + (n as f64 + 0.5) * STEP, x);
    }
    drawing(
        WIDTH,
        bottom + 4.0,
        "All figures as parts of their targets",
        &inside,
    )
}

fn one(row: &Row, most: f64, y: f64, x: impl Fn(f64) -> f64) -> String {
    let [low, high] = row.interval.map(|end| x(end / most));
    let missed = row.verdict() == Verdict::Missed;
    // A missed target differs by its form too: a hollow square instead of a full dot.
    let (class, mark) = match missed {
        true => (
            "missed",
            rect(x(row.figure / most) - 4.5, y - 4.5, 9.0, 9.0, "missed"),
        ),
        false => (
            "met",
            format!(
                "<circle cx='{}' cy='{}' r='4' class='met'/>\n",
                at(x(row.figure / most)),
                at(y)
            ),
        ),
    };
    let said = format!("{} of {}", figure(row, row.figure), target(row));
    text(0.0, y + 4.0, "side", &row.name())
        + &line((low, y), (high.max(low + 1.0), y), class)
        + &mark
        + &text(WIDTH, y + 4.0, "value end", &said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report::tests::example;

    #[test]
    fn what_is_missed_has_another_form() {
        let svg = overview(&example());
        assert_eq!(
            (svg.matches("<circle").count(), svg.matches("<rect").count()),
            (1, 1)
        );
        assert!(svg.contains("2.50 of ≤ 2.00"), "{svg}");
        assert!(!svg.contains("call.plain"), "it has no target");
    }
}

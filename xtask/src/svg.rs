//! The parts of a drawing.

use std::fmt::Display;

/// Text as it may stand in XML and HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A position with one decimal: smaller steps can't be seen.
pub fn at(position: f64) -> String {
    format!("{position:.1}")
}

/// A text; `class` says how it is set.
pub fn text(x: f64, y: f64, class: &str, said: &str) -> String {
    format!(
        "<text x='{}' y='{}' class='{class}'>{}</text>\n",
        at(x),
        at(y),
        escaped(said)
    )
}

/// A straight line.
pub fn line(from: (f64, f64), to: (f64, f64), class: &str) -> String {
    let ((x1, y1), (x2, y2)) = (from, to);
    format!(
        "<line x1='{}' y1='{}' x2='{}' y2='{}' class='{class}'/>\n",
        at(x1),
        at(y1),
        at(x2),
        at(y2)
    )
}

/// A rectangle.
pub fn rect(x: f64, y: f64, width: f64, height: f64, class: &str) -> String {
    let width = width.max(0.5);
    format!(
        "<rect x='{}' y='{}' width='{}' height='{}' class='{class}'/>\n",
        at(x),
        at(y),
        at(width),
        at(height)
    )
}

/// A dot.
pub fn dot(x: f64, y: f64, class: &str) -> String {
    format!(
        "<circle cx='{}' cy='{}' r='2' class='{class}'/>\n",
        at(x),
        at(y)
    )
}

/// The drawing; `label` says what it shows to readers who can't see it.
pub fn drawing(width: f64, height: f64, label: impl Display, inside: &str) -> String {
    let label = escaped(&label.to_string());
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' role='img' aria-label='{label}'>\n\
         {inside}</svg>\n"
    )
}

/// Round values from 0 on, at most six, that reach up to `most`.
pub fn ticks(most: f64) -> Vec<f64> {
    let step = step(most / 5.0);
    (0..=6)
        .map(|n| f64::from(n) * step)
        .take_while(|tick| *tick <= most * 1.0001)
        .collect()
}

/// The next larger number of the form 1, 2 or 5 times a power of ten.
fn step(least: f64) -> f64 {
    let power = 10_f64.powf(least.max(1e-12).log10().floor());
    let all = [1.0, 2.0, 5.0].map(|digit| digit * power);
    all.into_iter()
        .find(|step| *step >= least * 0.9999)
        .unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(1000.0), [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]);
        assert_eq!(ticks(73.0), [0.0, 20.0, 40.0, 60.0]);
        assert_eq!(ticks(2.4), [0.0, 0.5, 1.0, 1.5, 2.0]);
    }

    #[test]
    fn texts_can_not_break_the_drawing() {
        assert_eq!(
            text(1.0, 2.25, "a", "x < \"y\" & z"),
            "<text x='1.0' y='2.2' class='a'>x &lt; &quot;y&quot; &amp; z</text>\n"
        );
    }
}

//! What has changed since an earlier run.

use super::report::Report;
use super::row::Row;

/// How a figure has changed. Lower is better for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// The earlier run had no such row.
    New,
    /// The intervals overlap: it may be chance.
    Same,
    /// Lower, and not by chance.
    Better,
    /// Higher, and not by chance.
    Worse,
}

impl Trend {
    /// The change of this row, and the earlier figure.
    pub fn of(row: &Row, before: &Report) -> (Trend, Option<f64>) {
        let Some(old) = before.row(&row.id, &row.case) else {
            return (Trend::New, None);
        };
        let trend = if row.interval[1] < old.interval[0] {
            Trend::Better
        } else if row.interval[0] > old.interval[1] {
            Trend::Worse
        } else {
            Trend::Same
        };
        (trend, Some(old.figure))
    }

    /// The change in a word, with a sign that is also readable without colour.
    pub fn word(self) -> &'static str {
        match self {
            Trend::New => "new",
            Trend::Same => "= same",
            Trend::Better => "▼ better",
            Trend::Worse => "▲ worse",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report::tests::example;

    #[test]
    fn only_intervals_that_do_not_overlap_are_a_change() {
        let (now, mut before) = (example(), example());
        let trend = |before: &Report| Trend::of(&now.rows[0], before);
        assert_eq!(trend(&before), (Trend::Same, Some(now.rows[0].figure)));
        before.rows[0].interval = [0.3, 0.4];
        assert_eq!(trend(&before).0, Trend::Better);
        before.rows[0].interval = [0.1, 0.15];
        assert_eq!(trend(&before).0, Trend::Worse);
        before.rows.clear();
        assert_eq!(trend(&before), (Trend::New, None));
    }
}

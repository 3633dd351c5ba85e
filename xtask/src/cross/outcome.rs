//! The results of the tests.

use serde::Serialize;

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It passed.
    Pass,
    /// It failed.
    Fail,
    /// It did not run.
    Skipped,
}

/// One test on one target.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    target: &'static str,
    test: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not pass.
    why: String,
}

impl Row {
    /// The row of this test on this target.
    pub fn new(
        target: &'static str,
        test: impl Into<String>,
        outcome: Outcome,
        why: String,
    ) -> Row {
        Row {
            target,
            test: test.into(),
            outcome,
            why,
        }
    }
}

/// One line for each row.
pub fn lines(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let outcome = match row.outcome {
            Outcome::Pass => "pass",
            Outcome::Fail => "FAIL",
            Outcome::Skipped => "skipped",
        };
        let why = row.why.lines().next().unwrap_or_default();
        let line = format!("{}: {}: {outcome} {why}", row.target, row.test);
        line.trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// One line for each test, one column for each target, and below them why tests did not pass.
pub fn table(rows: &[Row]) -> String {
    let mut tests: Vec<&str> = Vec::new();
    for row in rows {
        if !tests.contains(&row.test.as_str()) {
            tests.push(&row.test);
        }
    }
    let mut targets: Vec<&str> = rows.iter().map(|row| row.target).collect();
    targets.dedup();
    // The processor, and the system or C library if it is not the usual one.
    let short = |target: &&str| {
        let processor = target.split('-').next().unwrap_or(target);
        let mut others = ["-musl", "-windows"].into_iter();
        let other = others.find(|other| target.contains(other));
        format!("{processor}{}", other.unwrap_or_default())
    };
    let head: Vec<String> = targets.iter().map(short).collect();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let width = tests.iter().map(|test| test.len()).max().unwrap_or(0);
    let line = |name: &str, cells: &[&str]| {
        let cells = cells.iter().zip(&head);
        let cells: String = cells
            .map(|(cell, head)| format!("  {cell:w$}", w = head.len().max(7)))
            .collect();
        format!("{name:width$}{cells}").trim_end().to_owned() + "\n"
    };
    let mut out = line("", &head);
    for test in &tests {
        let cell = |target: &&str| {
            let mut found = rows
                .iter()
                .filter(|row| row.test == *test && row.target == *target);
            found.next().map_or("", |row| match row.outcome {
                Outcome::Pass => "pass",
                Outcome::Fail => "FAIL",
                Outcome::Skipped => "skipped",
            })
        };
        let cells: Vec<&str> = targets.iter().map(cell).collect();
        out += &line(test, &cells);
    }
    for row in rows.iter().filter(|row| row.outcome != Outcome::Pass) {
        let why = row.why.lines().next().unwrap_or_default();
        out += &format!("{}: {}: {why}\n", row.target, row.test);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Row, table};

    #[test]
    fn a_table_has_a_column_for_each_target_and_says_why() {
        let rows = [
            Row::new(
                "s390x-unknown-linux-gnu",
                "a-test",
                Outcome::Pass,
                String::new(),
            ),
            Row::new(
                "s390x-unknown-linux-gnu",
                "b",
                Outcome::Fail,
                "one\ntwo".to_owned(),
            ),
            Row::new(
                "powerpc64le-unknown-linux-gnu",
                "a-test",
                Outcome::Skipped,
                "no".to_owned(),
            ),
            Row::new(
                "powerpc64le-unknown-linux-gnu",
                "b",
                Outcome::Pass,
                String::new(),
            ),
        ];
        let wanted = "        s390x    powerpc64le\n\
                      a-test  pass     skipped\n\
                      b       FAIL     pass\n\
                      s390x-unknown-linux-gnu: b: one\n\
                      powerpc64le-unknown-linux-gnu: a-test: no\n";
        assert_eq!(table(&rows), wanted);
    }
}

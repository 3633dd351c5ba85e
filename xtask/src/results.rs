//! Reads the output of a test run.

/// Each test's name and its result: `ok` or `FAILED`, as cargo prints it.
pub fn each(said: &str) -> impl Iterator<Item = (&str, &str)> {
    said.lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "))
}

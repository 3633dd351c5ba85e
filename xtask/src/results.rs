//! What a run of tests says.

/// Each test's name, and what came of it: `ok` or `FAILED`, as cargo prints it.
pub fn each(said: &str) -> impl Iterator<Item = (&str, &str)> {
    said.lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "))
}

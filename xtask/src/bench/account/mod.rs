//! Where the cost of a load and of a file lies: counts, which are nearly the same in every run.

mod faults;
mod memory;
mod sections;
mod threads;

use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::build::Built;
use super::sample::Host;

/// A table of counts: each column is a library, and its numbers add up to all that it costs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// What is counted.
    pub title: String,
    /// The unit of the counts.
    pub unit: String,
    /// The libraries.
    pub columns: Vec<String>,
    /// Where it lies, and how much of it for each library.
    pub lines: Vec<(String, Vec<f64>)>,
}

/// A library, and the function to call first.
#[derive(Clone, Copy)]
struct Loaded<'a> {
    name: &'static str,
    library: &'a Path,
    add: &'static str,
}

/// All accounts that the tools here can give, and why others are missing.
///
/// # Errors
/// A tool fails.
pub fn all(built: &Built, host: &Host) -> Result<(Vec<Account>, Vec<String>)> {
    let [rt0, constructor, limit] = [
        ("with rt0", &built.rt0, "bench_add"),
        (
            "constructor, same link",
            &built.constructor.same_link,
            "hand_add",
        ),
        ("limit in C", &built.limit, "limit_add"),
    ]
    .map(|(name, library, add)| Loaded { name, library, add });
    let (mut accounts, mut skipped) = (Vec::new(), Vec::new());
    let loads = [rt0, constructor, limit];
    for (what, found) in [
        (
            "page faults by place",
            faults::account(built, host, &loads)?,
        ),
        (
            "instructions by thread",
            threads::account(built, host, &loads)?,
        ),
        (
            "memory by region",
            Ok(memory::account(built, host, &loads)?),
        ),
        (
            "bytes by section",
            Ok(sections::account(&[rt0, constructor])?),
        ),
    ] {
        match found {
            Ok(account) => accounts.push(account),
            Err(why) => skipped.push(format!("{what}: {why}")),
        }
    }
    Ok((accounts, skipped))
}

impl Account {
    /// An account with these libraries; `of` says how much lies in each of these places.
    fn new<const N: usize>(
        (title, unit): (&str, &str),
        places: [&str; N],
        libraries: &[Loaded],
        of: impl Fn(&Loaded) -> Result<[f64; N]>,
    ) -> Result<Account> {
        let counts = libraries.iter().map(of).collect::<Result<Vec<_>>>()?;
        let line = |(n, place): (usize, &&str)| {
            let numbers = counts.iter().map(|count| count[n]).collect();
            (place.to_string(), numbers)
        };
        Ok(Account {
            title: title.to_owned(),
            unit: unit.to_owned(),
            columns: libraries
                .iter()
                .map(|library| library.name.to_owned())
                .collect(),
            lines: places.iter().enumerate().map(line).collect(),
        })
    }

    /// A count, short: the title says what is counted.
    pub fn count(&self, number: f64) -> String {
        match self.unit.as_str() {
            "faults" => format!("{number:.0}"),
            "instr." => format!("{:.0} k", number / 1e3),
            "KB" => format!("{number:.0} KB"),
            _ => format!("{:.1} KB", number / 1e3),
        }
    }

    /// What each library costs in all.
    pub fn totals(&self) -> Vec<f64> {
        (0..self.columns.len())
            .map(|n| self.lines.iter().map(|(_, numbers)| numbers[n]).sum())
            .collect()
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// An account for tests.
    pub fn example() -> Account {
        let library = |name| Loaded {
            name,
            library: Path::new(name),
            add: "",
        };
        let of = |loaded: &Loaded| Ok([loaded.name.len() as f64, 10.0]);
        Account::new(
            ("Things", "bytes"),
            ["here", "there"],
            &[library("a"), library("bcd")],
            of,
        )
        .unwrap()
    }

    #[test]
    fn each_library_has_a_column() {
        let account = example();
        assert_eq!(account.columns, ["a", "bcd"]);
        assert_eq!(account.lines[0], ("here".to_owned(), vec![1.0, 3.0]));
        assert_eq!(account.totals(), [11.0, 13.0]);
        let count = |unit: &str, number| {
            let unit = unit.to_owned();
            Account { unit, ..example() }.count(number)
        };
        assert_eq!(count("instr.", 168_533.0), "169 k");
        assert_eq!(count("faults", 4.2), "4");
        assert_eq!(count("bytes", 25_864.0), "25.9 KB");
    }
}

//! A run: its rows, and the machine it was made on. Stored as JSON, so that everything that is drawn from it
//! can be drawn again.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::account::Account;
use super::machine::Machine;
use super::row::{Row, Verdict};
use super::{date, targets};

/// A run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// When it was made, in seconds since 1970.
    pub at: u64,
    /// The commit that was measured; with `+` if files had changed since.
    pub commit: String,
    /// Where it was made.
    pub machine: Machine,
    /// Whether it took few samples.
    pub quick: bool,
    /// Whether it was made although the machine was busy.
    pub busy: bool,
    /// Whether only some rows were asked for.
    pub partial: bool,
    /// The most that other programs used meanwhile, in processors.
    pub others: f64,
    /// The rows.
    pub rows: Vec<Row>,
    /// Where the costs lie.
    pub accounts: Vec<Account>,
    /// What could not be measured, and why.
    pub skipped: Vec<String>,
}

impl Report {
    /// The row with this name and case.
    pub fn row(&self, id: &str, case: &str) -> Option<&Row> {
        self.rows
            .iter()
            .find(|row| row.id == id && row.case == case)
    }

    /// The rows whose promise is not kept.
    pub fn missed(&self) -> Vec<&Row> {
        let missed = |row: &&Row| row.verdict() == Verdict::Missed;
        self.rows.iter().filter(missed).collect()
    }

    /// The promises that nothing was measured for, if all rows were asked for.
    pub fn not_measured(&self) -> Vec<String> {
        if self.partial {
            return Vec::new();
        }
        let absent = targets::TARGETS
            .iter()
            .filter(|target| self.row(target.id, target.case).is_none());
        absent
            .map(|target| format!("{}, {}", target.id, target.case))
            .collect()
    }

    /// Where, when and how, in one line.
    pub fn about(&self) -> String {
        let machine = &self.machine;
        let about = format!(
            "{}, commit {}, {} processors ({}), Linux {}, {}, rustc {}",
            date::text(self.at),
            self.commit,
            machine.processors,
            machine.processor,
            machine.kernel,
            machine.libc,
            machine.rustc,
        );
        match self.marks().as_str() {
            "" => about,
            marks => format!("{about}; {marks}"),
        }
    }

    /// What the reader must know before any figure; nothing for a run that counts.
    pub fn marks(&self) -> String {
        let mut marks = Vec::new();
        if self.quick {
            marks.push("quick: few samples".to_owned());
        }
        if self.busy {
            let others = self.others;
            marks.push(format!(
                "BUSY: other programs used up to {others:.1} processors"
            ));
        }
        marks.join("; ")
    }

    /// Reads a stored run.
    ///
    /// # Errors
    /// There is none in this file.
    pub fn load(path: &Path) -> Result<Report> {
        let text =
            fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no stored run", path.display()))
    }

    /// Writes the run to a file.
    ///
    /// # Errors
    /// It can't be written.
    pub fn store(&self, path: &Path) -> Result<()> {
        write(path, &(serde_json::to_string_pretty(self)? + "\n"))
    }
}

/// Writes a file, and makes its folder.
///
/// # Errors
/// It can't be written.
pub fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("can't write {}", path.display()))
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::bench::account::tests::example as account;
    use crate::bench::row::tests::example as row;

    /// A run for tests.
    pub fn example() -> Report {
        Report {
            at: 1_795_907_100,
            commit: "0123456789ab".to_owned(),
            machine: Machine {
                processor: "A & B <processor>".to_owned(),
                processors: 2,
                kernel: "6.1".to_owned(),
                libc: "glibc 2.36".to_owned(),
                rustc: "1.95.0".to_owned(),
            },
            quick: false,
            busy: false,
            partial: false,
            others: 0.0,
            rows: vec![
                row("load.total.vs-go", "2 processors", 0.25, 30),
                row("load.total.vs-limit", "2 processors", 2.5, 30),
                row("call.plain", "2 threads", 1.0, 30),
            ],
            accounts: vec![account()],
            skipped: vec!["a thing: no tool".to_owned()],
        }
    }

    #[test]
    fn a_run_is_stored_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/run.json");
        example().store(&path).unwrap();
        let read = Report::load(&path).unwrap();
        assert_eq!(format!("{read:?}"), format!("{:?}", example()));
        fs::write(&path, "{}").unwrap();
        let error = Report::load(&path).unwrap_err().to_string();
        assert!(error.contains("is no stored run"), "{error}");
    }

    #[test]
    fn a_run_says_what_it_missed() {
        let report = example();
        let missed: Vec<_> = report.missed().iter().map(|row| row.name()).collect();
        assert_eq!(missed, ["load.total.vs-limit, 2 processors"]);
        let absent = report.not_measured();
        assert!(absent.contains(&"load.total.vs-go, 1 processor".to_owned()));
        assert_eq!(absent.len(), targets::TARGETS.len() - 2);
        let partial = Report {
            partial: true,
            ..report
        };
        assert!(partial.not_measured().is_empty());
    }

    #[test]
    fn a_run_that_does_not_count_says_so() {
        let mut report = example();
        assert_eq!(report.marks(), "");
        (report.quick, report.busy, report.others) = (true, true, 1.25);
        assert!(
            report
                .about()
                .ends_with("; quick: few samples; BUSY: other programs used up to 1.2 processors")
        );
    }
}

//! The tables in docs/performance.md: the figures, and where the costs lie, each between two marks.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::account::Account;
use super::format::{amount, figure, interval, target};
use super::report::{Report, write};
use super::row::Row;
use crate::run::root;

/// The marks around a part of the page.
struct Marks {
    begin: &'static str,
    end: &'static str,
}

const FIGURES: Marks = Marks {
    begin: "<!-- cargo xtask bench --docs writes the figures from here -->",
    end: "<!-- the figures end here -->",
};
const ACCOUNTS: Marks = Marks {
    begin: "<!-- cargo xtask bench --docs writes the accounts from here -->",
    end: "<!-- the accounts end here -->",
};
const HEAD: &str = "| row | case | rt0 | peer | figure | 95 % | target | result |\n|---|---|---|---|---|---|---|---|\n";

fn path() -> PathBuf {
    root().join("docs/performance.md")
}

/// Writes the tables anew.
///
/// # Errors
/// The page or its marks are missing.
pub fn renew(report: &Report) -> Result<()> {
    let path = path();
    let text =
        fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
    let accounts: String = report.accounts.iter().map(account).collect();
    let accounts = accounts + "\n";
    let text = FIGURES
        .replaced(&text, &block(report))
        .and_then(|text| ACCOUNTS.replaced(&text, &accounts))
        .context("docs/performance.md has lost its marks")?;
    write(&path, &text)
}

impl Marks {
    /// The text with something else between the marks.
    fn replaced(&self, text: &str, block: &str) -> Option<String> {
        let (before, rest) = text.split_once(self.begin)?;
        let (_, after) = rest.split_once(self.end)?;
        Some(format!(
            "{before}{}\n{block}{}{after}",
            self.begin, self.end
        ))
    }
}

/// The account as a table.
fn account(account: &Account) -> String {
    let row = |name: &str, numbers: &[f64]| {
        let cells = numbers
            .iter()
            .map(|number| format!(" {} |", account.count(*number)));
        format!("| {name} |{}\n", cells.collect::<String>())
    };
    let places = account.lines.iter();
    let lines: String = places.map(|(place, numbers)| row(place, numbers)).collect();
    format!(
        "\n| {} | {} |\n|---|{}\n{lines}{}",
        account.title,
        account.columns.join(" | "),
        "---:|".repeat(account.columns.len()),
        row("**in all**", &account.totals())
    )
}

fn block(report: &Report) -> String {
    let rows: String = report.rows.iter().map(line).collect();
    format!("{}.\n\n{HEAD}{rows}", report.about())
}

fn line(row: &Row) -> String {
    let theirs = row.theirs.as_ref();
    format!(
        "| `{}` | {} | {} | {} | {} | {} | {} | {} |\n",
        row.id,
        row.case,
        amount(row.ours.median, &row.unit),
        theirs.map_or_else(String::new, |side| format!(
            "{}: {}",
            side.name,
            amount(side.median, &row.unit)
        )),
        figure(row, row.figure),
        interval(row),
        target(row),
        row.verdict().word(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report::tests::example;
    use crate::bench::targets::TARGETS;

    #[test]
    fn only_what_stands_between_the_marks_is_written() {
        let Marks { begin, end } = FIGURES;
        let text = format!("before\n{begin}\nold\n{end}\nafter\n");
        let new = FIGURES.replaced(&text, "new\n").unwrap();
        assert_eq!(new, format!("before\n{begin}\nnew\n{end}\nafter\n"));
        assert_eq!(FIGURES.replaced("no marks", "new"), None);
    }

    #[test]
    fn an_account_ends_with_its_sums() {
        let mut things = example().accounts.remove(0);
        let rows =
            "\n| Things | a | bcd |\n|---|---:|---:|\n| here | 1 | 3 |\n| there | 10 | 10 |\n";
        things.unit = "faults".to_owned();
        assert_eq!(
            account(&things),
            format!("{rows}| **in all** | 11 | 13 |\n")
        );
    }

    #[test]
    fn the_table_has_a_line_for_each_row() {
        let block = block(&example());
        assert!(block.contains(HEAD), "{block}");
        let line = "| `load.total.vs-limit` | 2 processors | 2.51 µs | peer: 1.00 µs | 2.50 | 2.50 – 2.50 | ≤ 2.00 | missed |\n";
        assert!(block.ends_with("|\n") && block.contains(line), "{block}");
    }

    /// The figures may be of any run, but the table must be one that the command has written.
    #[test]
    fn the_page_has_the_table_in_its_form() {
        let text = fs::read_to_string(path()).unwrap();
        let between = |marks: Marks| {
            let count = |mark| text.matches(mark).count();
            assert_eq!(
                (count(marks.begin), count(marks.end)),
                (1, 1),
                "{}",
                marks.begin
            );
            text.split_once(marks.begin)
                .unwrap()
                .1
                .split_once(marks.end)
                .unwrap()
                .0
        };
        for line in between(ACCOUNTS).lines() {
            assert!(line.is_empty() || line.starts_with('|'), "{line}");
        }
        let block = between(FIGURES);
        let (about, rows) = block.split_once(HEAD).expect("the table's head");
        assert!(about.contains(" UTC, commit "), "{about}");
        for row in rows.lines() {
            assert_eq!(row.matches(" |").count(), 8, "{row}");
        }
        for target in TARGETS {
            assert!(
                text.contains(&format!("`{}`", target.id)),
                "{} is not in the page",
                target.id
            );
        }
    }
}

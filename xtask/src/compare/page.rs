//! docs/comparison.md.

use std::collections::BTreeMap;

use super::libraries::NOT_TRIED;
use super::measured::{Mark, Measured, Seen};

/// All that the page says.
pub struct Page {
    /// When, of which commit, on which machine.
    pub about: String,
    /// How many processors there are.
    pub processors: usize,
    /// How many checks ran at the same time.
    pub jobs: usize,
    /// A full run of examples/hello: its command, and what came of it.
    pub hello: (String, Measured),
    /// The libraries.
    pub entries: Vec<Entry>,
}

/// A library on the page.
pub struct Entry {
    /// The head of its column.
    pub title: &'static str,
    /// Its folder in `compare/`.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What came of it, or why there is nothing.
    pub result: Result<Run, String>,
}

/// A library that was checked.
pub struct Run {
    /// What it was built with.
    pub versions: String,
    /// The command.
    pub command: String,
    /// What came of it.
    pub measured: Measured,
}

const HEAD: &str = "\
# One small library in seven worlds, as the doctor finds it

<!-- `cargo xtask compare` writes this page: change xtask/src/compare, not the page. -->

Each library in [compare](../compare) has the same three C functions: `peer_add(a, b)`; `peer_sleep_and_add(a, b)`,
which waits a millisecond on its async runtime's clock; and `peer_tell(f)`, which has `f` called on a thread of its
runtime's. [`cargo rt0 doctor`](doctor.md) ran the same checks, with the same calls, against each.
";

/// Above each command that was run: `cargo xtask lint` asks of every command in a page whether a test runs it.
const NOT_RUN: &str =
    "<!-- not run: `cargo xtask compare` has run it, and has written this page -->";

const LEGEND: &str = "
Each check links to its page, which says what it does and how to fix what it finds. In the table:

- **FAIL**: the library did harm to its host. *warn*: the harm is small, or only some hosts meet it.
- skip: the library has no such call or no such part. It is no failure: an author may add a header, or a call that ends
  the library, and the doctor then checks these as well.
- `?`: the check could not run.

Every library was checked once, one after the other. A check of a race repeats by itself until it is unlikely to miss
its fault; it may still end otherwise in another run. The libraries are small on purpose: a large one has the same
runtime inside, and more. rt0 and these checks come from one list, [hazards.md](hazards.md): a hazard that nobody has
thought of is missing in both.
";

/// The text.
pub fn write(page: &Page) -> String {
    let mut out = format!(
        "{HEAD}\n{}\n{LEGEND}\n",
        wrapped(&format!("{}.", page.about), "")
    );
    out.push_str(&table(page));
    out.push_str("\n## Each library\n");
    page.entries
        .iter()
        .for_each(|entry| out.push_str(&library(entry)));
    out.push_str("\n## Not tried\n\n");
    for (name, why) in NOT_TRIED {
        out.push_str(&item(&format!("{name}: {why}")));
    }
    out.push_str(&time(page));
    out.push_str(&format!(
        "\n## Again\n\n```console\n$ cargo xtask compare --jobs {}     # all of it, and this page\n\
         $ cargo xtask compare go uniffi    # some libraries: only prints\n```\n",
        page.jobs
    ));
    out
}

fn runs(page: &Page) -> Vec<(&Entry, &Run)> {
    let runs = page.entries.iter();
    runs.filter_map(|entry| Some((entry, entry.result.as_ref().ok()?)))
        .collect()
}

fn table(page: &Page) -> String {
    let runs = runs(page);
    let cells = |cell: &dyn Fn(&Entry, &Run) -> String| -> String {
        runs.iter()
            .map(|(entry, run)| format!(" {} |", cell(entry, run)))
            .collect()
    };
    let mut out = format!(
        "| check |{}\n|---|{}\n",
        cells(&|entry, _| entry.title.to_owned()),
        "---|".repeat(runs.len())
    );
    // In the order of the doctor's list; a check that only some libraries have got is shown as well.
    let mut ids: Vec<&str> = Vec::new();
    for seen in runs.iter().flat_map(|(_, run)| &run.measured.checks) {
        if !ids.contains(&&*seen.id) {
            ids.push(&seen.id);
        }
    }
    for id in ids {
        let of = |run: &Run| {
            let seen = run.measured.checks.iter().find(|seen| seen.id == id);
            seen.map_or("", |seen| cell(seen.mark())).to_owned()
        };
        out.push_str(&format!(
            "| [{id}](doctor/{id}.md) |{}\n",
            cells(&|_, run| of(run))
        ));
    }
    for (mark, name) in [
        (Mark::Pass, "passed"),
        (Mark::Fail, "failed"),
        (Mark::Warn, "warned"),
        (Mark::Skip, "skipped"),
    ] {
        out.push_str(&format!(
            "| **{name}** |{}\n",
            cells(&|_, run| run.measured.count(mark).to_string())
        ));
    }
    out
}

fn cell(mark: Mark) -> &'static str {
    match mark {
        Mark::Pass => "pass",
        Mark::Fail => "**FAIL**",
        Mark::Warn => "*warn*",
        Mark::Skip => "skip",
        Mark::CouldNotRun => "`?`",
    }
}

fn library(entry: &Entry) -> String {
    let mut out = format!(
        "\n### {}\n\n{}\n",
        entry.title,
        wrapped(
            &format!(
                "[compare/{0}](../compare/{0}): {1}.",
                entry.name, entry.about
            ),
            ""
        )
    );
    let run = match &entry.result {
        Ok(run) => run,
        Err(why) => {
            out.push_str(&format!(
                "\n{}\n",
                wrapped(
                    &format!("**It could not be built on this machine**: {}", plain(why)),
                    ""
                )
            ));
            return out;
        }
    };
    let Run {
        versions,
        command,
        measured,
    } = run;
    out.push_str(&format!(
        "\n{}\n\n{NOT_RUN}\n```console\n$ {}\n```\n",
        wrapped(
            &format!(
                "Built with {versions}. {} checks in {:.0} s; {}.",
                measured.checks.len(),
                measured.seconds,
                load(measured)
            ),
            ""
        ),
        shown(command)
    ));
    for (mark, head) in [
        (Mark::Fail, "Failed:"),
        (Mark::Warn, "Warned:"),
        (Mark::CouldNotRun, "Could not run:"),
    ] {
        let found: Vec<&Seen> = measured
            .checks
            .iter()
            .filter(|seen| seen.mark() == mark)
            .collect();
        if found.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{head}\n\n"));
        for seen in found {
            out.push_str(&item(&format!("`{}`: {}", seen.id, plain(&seen.evidence))));
        }
    }
    out.push_str(&skipped(measured));
    out
}

/// The reasons, each with its checks.
fn skipped(measured: &Measured) -> String {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for seen in measured
        .checks
        .iter()
        .filter(|seen| seen.mark() == Mark::Skip)
    {
        reasons
            .entry(&seen.evidence)
            .or_default()
            .push(format!("`{}`", seen.id));
    }
    let items: String = reasons
        .iter()
        .map(|(why, ids)| item(&format!("{}: {}", ids.join(", "), plain(why))))
        .collect();
    match items.is_empty() {
        true => items,
        false => format!("\nSkipped:\n\n{items}"),
    }
}

fn time(page: &Page) -> String {
    let (command, measured) = &page.hello;
    let slowest = runs(page)
        .into_iter()
        .max_by(|(_, a), (_, b)| a.measured.seconds.total_cmp(&b.measured.seconds));
    let slowest = slowest.map_or_else(String::new, |(entry, run)| {
        format!(
            " The longest run of this page is that of {}, with {:.0} s: a call that hangs is waited for until its \
             deadline, 10 s, or longer while the machine is busy.",
            entry.title, run.measured.seconds
        )
    });
    let text = format!(
        "`{command}`, a full run, took {:.1} s for {} checks on {} processors; {}.{slowest}",
        measured.seconds,
        measured.checks.len(),
        page.processors,
        load(measured)
    );
    format!("\n## How long a run takes\n\n{}\n", wrapped(&text, ""))
}

fn load(measured: &Measured) -> String {
    format!("the machine's load when it began was {:.1}", measured.load)
}

/// What other programs have said, as Markdown shows it unchanged; what they have put in backticks is code here, too.
fn plain(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let has_pairs = text.matches('`').count().is_multiple_of(2);
    let mut is_code = false;
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '`' if has_pairs => is_code = !is_code,
            '<' | '*' | '[' | '`' | '\\' if !is_code => out.push('\\'),
            _ => {}
        }
        out.push(letter);
    }
    out
}

/// A command, in lines.
fn shown(command: &str) -> String {
    match command.len() > WIDTH - 2 {
        true => command.replacen(" --config", " \\\n    --config", 1),
        false => command.to_owned(),
    }
}

fn item(text: &str) -> String {
    format!("- {}\n", wrapped(text, "  "))
}

/// How long a line may be.
const WIDTH: usize = 118;

/// The text in lines; all but the first begin with this.
fn wrapped(text: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut length = indent.len();
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        if length > indent.len() && length + 1 + letters > WIDTH {
            out.push('\n');
            out.push_str(indent);
            length = indent.len();
        } else if length > indent.len() {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += letters;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::libraries::ALL;
    use crate::run::root;

    fn seen(id: &str, severity: &str, outcome: &str, evidence: &str) -> Seen {
        let text = str::to_owned;
        Seen {
            id: text(id),
            severity: text(severity),
            outcome: text(outcome),
            evidence: text(evidence),
        }
    }

    fn example() -> Page {
        let measured = |checks| Measured {
            seconds: 12.34,
            load: 0.5,
            checks,
        };
        let long_name = "a".repeat(80);
        let run = |checks| {
            Ok(Run {
                versions: "rustc 1.95.0".to_owned(),
                command: format!("cargo rt0 doctor {long_name}.so --config doctor.toml --jobs 2"),
                measured: measured(checks),
            })
        };
        let long = "it hung ".repeat(30) + "while calling <peer>";
        let good = vec![
            seen("fork-busy", "error", "pass", "100 forks"),
            seen("elf-soname", "warning", "pass", "it has one"),
            seen("shutdown-again", "error", "pass", "three times"),
        ];
        let bad = vec![
            seen("fork-busy", "error", "fail", &long),
            seen("elf-soname", "warning", "fail", "it has no soname"),
            seen("shutdown-again", "error", "skip", "it has no such call"),
        ];
        let entry = |title, name, result| Entry {
            title,
            name,
            about: "a library",
            result,
        };
        Page {
            about: "2026-11-28 23:05 UTC, commit abc".to_owned(),
            processors: 2,
            jobs: 2,
            hello: (
                "cargo rt0 doctor hello.so --jobs 2".to_owned(),
                measured(Vec::new()),
            ),
            entries: vec![
                entry("rt0", "rt0", run(good)),
                entry("other", "other", run(bad)),
                entry("gone", "gone", Err("there is no compiler".to_owned())),
            ],
        }
    }

    #[test]
    fn the_table_has_a_row_for_each_check_and_a_column_for_each_library_that_was_built() {
        let text = write(&example());
        for line in [
            "| check | rt0 | other |",
            "| [fork-busy](doctor/fork-busy.md) | pass | **FAIL** |",
            "| [elf-soname](doctor/elf-soname.md) | pass | *warn* |",
            "| [shutdown-again](doctor/shutdown-again.md) | pass | skip |",
            "| **failed** | 0 | 1 |",
            "| **skipped** | 0 | 1 |",
        ] {
            assert!(text.lines().any(|other| other == line), "{line}\n{text}");
        }
        assert!(!text.contains("| gone |"), "{text}");
    }

    #[test]
    fn each_library_says_what_was_found_and_how_to_find_it_again() {
        let text = write(&example());
        let (_, other) = text.split_once("### other\n").unwrap();
        let (other, gone) = other.split_once("### gone\n").unwrap();
        for part in [
            "Failed:\n\n- `fork-busy`: it hung ",
            r"while calling \<peer>",
            "Warned:\n\n- `elf-soname`: it has no soname\n",
            "Skipped:\n\n- `shutdown-again`: it has no such call\n",
            ".so \\\n    --config doctor.toml --jobs 2\n```\n",
            "Built with rustc 1.95.0. 3 checks in 12 s; the machine's load when it began was 0.5.",
        ] {
            assert!(other.contains(part), "{part}\n{other}");
        }
        assert!(
            gone.contains("could not be built on this machine**: there is no compiler"),
            "{gone}"
        );
        assert!(
            text.contains("took 12.3 s for 0 checks on 2 processors"),
            "{text}"
        );
    }

    #[test]
    fn what_others_have_said_stays_what_it_was() {
        assert_eq!(plain("a <T>  of\n`Vec<T>`"), r"a \<T> of `Vec<T>`");
        assert_eq!(plain("it's `x, *"), r"it's \`x, \*");
    }

    #[test]
    fn lines_are_no_longer_than_they_may_be() {
        for line in write(&example())
            .lines()
            .filter(|line| !line.starts_with('|'))
        {
            assert!(line.chars().count() <= 120, "{line}");
        }
    }

    /// The results may be of any run, but the page must be one that the command has written, of all libraries.
    #[test]
    fn the_page_is_one_that_the_command_has_written() {
        let text = std::fs::read_to_string(root().join("docs/comparison.md")).unwrap();
        assert!(text.starts_with(HEAD), "{HEAD}");
        assert!(text.contains(LEGEND));
        for library in ALL {
            let head = format!("\n### {}\n", library.title);
            assert!(text.contains(&head), "{head}");
        }
        let rows = text.lines().filter(|line| line.starts_with("| ["));
        let rows: Vec<_> = rows.collect();
        let columns = rows.first().map_or(0, |row| row.matches(" |").count());
        assert!(
            rows.len() >= 45 && columns > 1,
            "{} rows, {columns} columns",
            rows.len()
        );
        for row in rows {
            assert_eq!(row.matches(" |").count(), columns, "{row}");
        }
        for (name, _) in NOT_TRIED {
            assert!(text.contains(&format!("\n- {name}: ")), "{name}");
        }
    }
}

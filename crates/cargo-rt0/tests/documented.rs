//! Runs the commands in the documentation that are marked `<!-- run by crates/cargo-rt0/tests/documented.rs -->`, and
//! compares what they print with what the page shows. `cargo xtask lint` looks that each block has a mark.
//!
//! The blocks of a page are one session: in one folder, in order. A line `...` in a page stands for any lines.
//!
//! On Linux only: that is where the pages show their commands.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const MARK: &str = "<!-- run by crates/cargo-rt0/tests/documented.rs -->\n```console\n";

/// The pages that have such blocks, but for those of a folder.
const PAGES: [&str; 2] = ["doctor.md", "getting-started.md"];

/// The folder whose pages are all tested alike.
const BINDINGS: &str = "bindings";

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// What was typed, and what the page says that comes of it.
#[derive(Debug, Default, PartialEq)]
struct Step {
    command: String,
    output: String,
}

/// The commands of a page, in order.
fn steps(page: &str) -> Vec<Step> {
    let blocks = page.split(MARK).skip(1);
    let blocks = blocks.map(|rest| rest.split_once("```").expect("a block ends").0);
    let mut steps: Vec<Step> = Vec::new();
    for block in blocks {
        // The word that ends the text of a command, if it takes one.
        let mut until: Option<String> = None;
        for line in block.lines() {
            let typed = line.strip_prefix("$ ");
            let goes_on = steps.last().is_some_and(|s| s.command.ends_with("\\\n"));
            if typed.is_none() && (until.is_some() || goes_on) {
                let step = steps.last_mut().expect("it goes on");
                step.command += &format!("{line}\n");
                until = until.filter(|word| word != line);
            } else if let Some(command) = typed {
                until = command.split_once("<<").map(|(_, word)| {
                    let word = word.split_whitespace().next().unwrap_or_default();
                    word.trim_matches('\'').to_owned()
                });
                steps.push(Step {
                    command: format!("{command}\n"),
                    output: String::new(),
                });
            } else {
                let step = steps.last_mut().expect("a command comes first");
                step.output += &format!("{line}\n");
            }
        }
    }
    steps
}

/// Whether this is what the page shows.
fn is_shown(shown: &str, printed: &str) -> bool {
    let mut rest = printed;
    let mut free = false;
    for line in shown.lines() {
        let line = format!("{line}\n");
        if line == "...\n" {
            free = true;
            continue;
        }
        let at = match free {
            true => rest.find(&line),
            false => rest.starts_with(&line).then_some(0),
        };
        let Some(at) = at else {
            return false;
        };
        rest = &rest[at + line.len()..];
        free = false;
    }
    free || rest.is_empty()
}

/// A program that the commands name, and that is not here.
fn missing(steps: &[Step]) -> Option<&str> {
    let words = steps
        .iter()
        .flat_map(|step| step.command.split_whitespace());
    let tools = [
        "python3", "c++", "node", "npm", "go", "javac", "java", "mvn",
    ];
    let named = words.filter_map(|word| tools.iter().find(|tool| **tool == word));
    let is_here = |tool: &str| {
        let found = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&found).any(|folder| folder.join(tool).exists())
    };
    named.copied().find(|tool| !is_here(tool))
}

/// Runs the commands of a page in one shell, in an empty folder.
fn follow(name: &str) {
    let text = fs::read_to_string(docs().join(name)).expect("it is committed");
    let steps = steps(&text);
    assert!(!steps.is_empty(), "docs/{name} has no commands of ours");
    if let Some(tool) = missing(&steps) {
        common::skipped(&format!("docs/{name} needs {tool}"));
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut script = String::from("set -e\n");
    for (number, step) in steps.iter().enumerate() {
        // The last command of a page may have ended the line that reads on; each has an output of its own.
        script += &format!("exec >\"$OUTPUTS/{number}\"\n{}", step.command);
    }
    let outputs = dir.path().join("outputs");
    let work = dir.path().join("work");
    for folder in [&outputs, &work] {
        fs::create_dir(folder).unwrap();
    }
    let tool = Path::new(env!("CARGO_BIN_EXE_cargo-rt0"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path =
        std::iter::once(tool.parent().unwrap().to_owned()).chain(std::env::split_paths(&path));
    let mut shell = Command::new("bash");
    shell.args(["-c", &script]).current_dir(&work);
    shell.env("PATH", std::env::join_paths(path).unwrap());
    shell.env("OUTPUTS", &outputs).env("LC_ALL", "C.UTF-8");
    // As for a person at a terminal. What is compiled between is shared, so that tokio is compiled once.
    shell
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("LD_LIBRARY_PATH");
    let between = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documented");
    shell.env("CARGO_BUILD_BUILD_DIR", between);
    let output = shell.output().unwrap();
    let printed = |number: usize| {
        let file = outputs.join(number.to_string());
        fs::read_to_string(file).unwrap_or_default()
    };
    assert!(
        output.status.success(),
        "docs/{name}: {}\n{}\n{}",
        output.status,
        (0..steps.len()).map(printed).collect::<String>(),
        String::from_utf8_lossy(&output.stderr)
    );
    for (number, step) in steps.iter().enumerate() {
        // A page that shows nothing promises nothing.
        if !step.output.is_empty() {
            let printed = printed(number);
            assert!(
                is_shown(&step.output, &printed),
                "docs/{name} says of\n{}that it prints\n{}but it prints\n{printed}",
                step.command,
                step.output,
            );
        }
    }
}

#[test]
fn the_first_five_minutes_are_as_the_page_says() {
    follow("getting-started.md");
}

#[test]
fn the_doctor_says_what_its_page_shows() {
    follow("doctor.md");
}

#[test]
fn the_first_calls_of_all_languages_are_as_their_pages_say() {
    for entry in docs().join(BINDINGS).read_dir().unwrap() {
        let path = entry.unwrap().path();
        if fs::read_to_string(&path).unwrap().contains(MARK) {
            follow(&format!(
                "{BINDINGS}/{}",
                path.file_name().unwrap().display()
            ));
        }
    }
}

/// A mark in another page would promise a test that nobody runs.
#[test]
fn every_page_with_the_mark_is_run() {
    let root = docs().join("..");
    let mut git = Command::new("git");
    git.current_dir(&root)
        .args(["grep", "--untracked", "-l", "-F"]);
    let mark = MARK.lines().next().unwrap();
    let files = common::good(&git.args([mark, "--", "*.md"]).output().unwrap());
    for file in files.lines() {
        let name = file.strip_prefix("docs/").unwrap_or(file);
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert_eq!(
            text.matches(mark).count(),
            text.matches(MARK).count(),
            "{file}"
        );
        assert!(
            PAGES.contains(&name) || Path::new(name).parent() == Some(Path::new(BINDINGS)),
            "{file} has commands with this test's mark: run them in it"
        );
    }
}

#[test]
fn what_a_page_shows_is_read_as_a_person_reads_it() {
    let page =
        format!("{MARK}$ ls \\\n  -l\na\nb\n$ cat >x <<END\nhello\nEND\n```\n\n{MARK}$ pwd\n```\n");
    let step = |command: &str, output: &str| Step {
        command: command.to_owned(),
        output: output.to_owned(),
    };
    let expected = [
        step("ls \\\n  -l\n", "a\nb\n"),
        step("cat >x <<END\nhello\nEND\n", ""),
        step("pwd\n", ""),
    ];
    assert_eq!(steps(&page), expected);
    for (shown, printed, good) in [
        ("a\n", "a\n", true),
        ("a\n", "a\nb\n", false),
        ("a\n...\n", "a\nb\n", true),
        ("...\nb\n", "a\nb\n", true),
        ("...\nc\n", "a\nb\n", false),
        ("a\n", "b\n", false),
    ] {
        assert_eq!(is_shown(shown, printed), good, "{shown:?} {printed:?}");
    }
}

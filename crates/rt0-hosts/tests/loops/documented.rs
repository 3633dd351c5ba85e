//! The code in `docs/async.md` is the code that is tested.

use std::fs;

use rt0_hosts::{source, workspace};

/// The parts of a host's source that the document shows: the lines between `docs: NAME` and `docs: end`, without the
/// indentation that they have in common.
fn parts(text: &str) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    let mut open: Option<(String, Vec<&str>)> = None;
    for line in text.lines() {
        let word = line
            .split_once("docs: ")
            .map(|(_, rest)| rest.split_whitespace().next());
        match (word.flatten(), &mut open) {
            (Some("end"), _) => {
                let (name, lines) = open.take().expect("a part that has begun");
                parts.push((name, unindented(&lines)));
            }
            (Some(name), _) => open = Some((name.to_owned(), Vec::new())),
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a part that does not end");
    parts
}

fn unindented(lines: &[&str]) -> String {
    let indentation = |line: &&str| line.len() - line.trim_start().len();
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    let least = filled.map(indentation).min().unwrap_or(0);
    let cut = |line: &&str| line.get(least..).unwrap_or("").to_owned();
    let text: Vec<String> = lines.iter().map(cut).collect();
    text.join("\n").trim_matches('\n').to_owned() + "\n"
}

#[test]
fn the_document_shows_the_loops_that_are_tested() {
    let document = fs::read_to_string(workspace().join("docs/async.md")).expect("it is committed");
    let mut shown = 0;
    for host in [
        "orders.h",
        "epoll.c",
        "poll.c",
        "asyncio_loop.py",
        "node_loop.cjs",
        "go/main.go",
        "Take.java",
    ] {
        let file = source("loops").join(host);
        let text = fs::read_to_string(&file).expect("it is committed");
        assert!(
            document.contains(&format!("loops/{host}")),
            "the document does not name {host}"
        );
        for (name, part) in parts(&text) {
            shown += 1;
            assert!(
                document.contains(&format!("\n{part}```\n")),
                "docs/async.md does not show the part `{name}` of {}:\n{part}",
                file.display()
            );
        }
    }
    assert_eq!(shown, 7);
}

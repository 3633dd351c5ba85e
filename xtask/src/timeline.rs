//! `cargo xtask timeline`: traces examples/hello, and writes what it shows into the documentation.
//!
//! | file | what |
//! |---|---|
//! | docs/timeline.svg | the load and the start, for the README |
//! | docs/trace.svg | the whole life, with what the dynamic loader says |
//! | docs/trace.md | the same as text, below a comment |
//!
//! Each says of which sources it is. `cargo xtask lint` fails when these have changed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::inputs;
use crate::run::{cargo, root, said, step, target};

/// What the drawings show, and what draws them.
const INPUTS: [&str; 3] = [
    "examples/hello/Cargo.toml",
    "examples/hello/src",
    "crates/rt0-trace/src",
];

/// Where the library is traced: the drawing has the path, which should not be one of this machine.
const FOLDER: &str = "/tmp/hello";

/// Of so many traces the quickest is shown: in the others something else had the processor.
const TRACES: usize = 25;

const START: &str = "docs/timeline.svg";
const LIFE: &str = "docs/trace.svg";
const PAGE: &str = "docs/trace.md";

/// The heading of the part that the README leaves out.
const END: &str = ">Shutdown and exit</text>";

/// Traces the library and writes the files.
///
/// # Errors
/// It can't be built or traced, or a file can't be written.
pub fn run() -> Result<()> {
    let built = target().join("timeline");
    let mut build = cargo("rt0 build --release -p hello --out");
    step("build examples/hello", build.arg(&built))?;
    let folder = Folder::new()?;
    let library = folder.0.join("libhello.so");
    fs::copy(built.join("libhello.so"), &library).context("copying the library")?;

    let start = quickest(&folder.0, "--no-loader --shutdown")?;
    let life = quickest(&folder.0, "--shutdown")?;
    let number = inputs::number(&INPUTS)?;
    write(START, &marked(&load_alone(&start.drawing)?, &number))?;
    write(LIFE, &marked(&life.drawing, &number))?;
    let page = fs::read_to_string(root().join(PAGE)).context(PAGE)?;
    let page = replaced(&page, &life.text, &number)
        .with_context(|| format!("{PAGE} has lost the comment above the time line"))?;
    write(PAGE, &page)
}

/// Looks that the files are of the sources as they are.
///
/// # Errors
/// One is older, or is missing.
pub fn check() -> Result<()> {
    let number = inputs::number(&INPUTS)?;
    for name in [START, LIFE, PAGE] {
        let text = fs::read_to_string(root().join(name)).context(name)?;
        ensure!(
            text.contains(&mark(&number)),
            "{name} is older than what it shows ({}): `cargo xtask timeline` on an idle machine writes it again",
            INPUTS.join(", ")
        );
    }
    Ok(())
}

/// What says of which sources a file is.
fn mark(number: &str) -> String {
    format!("of the sources {number}")
}

struct Trace {
    /// When the first call was answered, in nanoseconds.
    first: f64,
    text: String,
    drawing: String,
}

/// Traces it some times: of the traces, the one with the earliest first answer.
fn quickest(folder: &Path, options: &str) -> Result<Trace> {
    let mut traces = Vec::new();
    println!("==> {TRACES} traces, {options}");
    for _ in 0..TRACES {
        let drawing = folder.join("trace.svg");
        let mut trace = cargo("rt0 trace");
        trace
            .arg(folder.join("libhello.so"))
            .args(options.split(" "));
        trace.arg("--svg").arg(&drawing);
        let text = said(trace.env("COLUMNS", "80").env("LC_ALL", "C.UTF-8"))?;
        traces.push(Trace {
            first: first(&text).with_context(|| format!("no first result in:\n{text}"))?,
            drawing: fs::read_to_string(&drawing).context("the drawing")?,
            text,
        });
    }
    traces.sort_by(|one, other| one.first.total_cmp(&other.first));
    Ok(traces.swap_remove(0))
}

/// When the first call was answered, in nanoseconds, from the time line as text.
fn first(text: &str) -> Option<f64> {
    let mut lines = text.lines().map(str::trim_start);
    let line = lines.find_map(|line| line.strip_prefix("first result "))?;
    let mut words = line.split_whitespace();
    let number: f64 = words.next()?.parse().ok()?;
    let unit = match words.next()? {
        "ns" => 1.0,
        "µs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        _ => return None,
    };
    Some(number * unit)
}

/// The drawing without its second part.
fn load_alone(drawing: &str) -> Result<String> {
    let Some((before, _)) = drawing.split_once(END) else {
        bail!("the drawing has no part {END:?}");
    };
    let (before, element) = before.rsplit_once('\n').context("a line of its own")?;
    let y = element
        .split_once(" y='")
        .and_then(|(_, rest)| rest.split_once('\''));
    let y: u32 = y
        .and_then(|(y, _)| y.parse().ok())
        .context("the place of the second part")?;
    let (head, rest) = before
        .split_once(" height='")
        .context("the drawing's height")?;
    let (_, rest) = rest.split_once('\'').context("the drawing's height")?;
    // A heading stands 16 below the end of the part before it.
    Ok(format!("{head} height='{}'{rest}\n</svg>\n", y - 16))
}

fn marked(drawing: &str, number: &str) -> String {
    format!(
        "{drawing}<!-- By `cargo xtask timeline`, {}. -->\n",
        mark(number)
    )
}

/// The page with another time line below the comment.
fn replaced(page: &str, text: &str, number: &str) -> Option<String> {
    const COMMENT: &str = "<!-- not run: `cargo xtask timeline` has run it, and writes this block";
    let (before, rest) = page.split_once(COMMENT)?;
    let (_, rest) = rest.split_once("```console\n")?;
    let (_, after) = rest.split_once("```\n")?;
    let mark = mark(number);
    Some(format!(
        "{before}{COMMENT}; {mark} -->\n```console\n$ cargo rt0 trace libhello.so --shutdown\n{text}```\n{after}"
    ))
}

fn write(name: &str, text: &str) -> Result<()> {
    println!("    {name}");
    fs::write(root().join(name), text).with_context(|| format!("can't write {name}"))
}

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder> {
        fs::create_dir(FOLDER).with_context(|| {
            format!("can't make {FOLDER}, where the library is traced; if it is there, remove it")
        })?;
        Ok(Folder(FOLDER.into()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_result_is_found() {
        let text =
            "Host\n  hello_greet → 0   403 µs   849 µs  ██\n  first result      1.25 ms       ◆\n";
        assert_eq!(first(text), Some(1.25e6));
        assert_eq!(first("Host\n"), None);
    }

    #[test]
    fn the_load_alone_is_as_high_as_it_must_be() {
        let drawing = "<svg width='100%' height='900'>\n<text x='1' y='92' class='part'>Load</text>\n\
            <text x='1.5%' y='516' class='part'>Shutdown and exit</text>\n<rect/>\n</svg>\n";
        assert_eq!(
            load_alone(drawing).unwrap(),
            "<svg width='100%' height='500'>\n<text x='1' y='92' class='part'>Load</text>\n</svg>\n"
        );
        assert!(load_alone("<svg/>").is_err());
    }

    #[test]
    fn only_the_block_below_the_comment_is_written() {
        let page = "a\n<!-- not run: `cargo xtask timeline` has run it, and writes this block; of old -->\n\
            ```console\nold\n```\nb\n```console\nc\n```\n";
        let new = replaced(page, "new\n", "12").unwrap();
        assert!(
            new.contains("block; of the sources 12 -->\n```console\n$ cargo rt0 trace"),
            "{new}"
        );
        assert!(
            new.ends_with("\nnew\n```\nb\n```console\nc\n```\n") && !new.contains("old"),
            "{new}"
        );
        assert_eq!(replaced("a\n", "new", "12"), None);
    }
}

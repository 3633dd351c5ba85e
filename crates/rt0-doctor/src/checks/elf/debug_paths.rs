//! The build machine's folders in the file: they name its users, and make two builds differ.

use std::collections::BTreeMap;

use memchr::memmem;

use crate::check::{Check, How, Needs, Severity, Stop, Verdict};
use crate::file::{File, count};
use crate::pages::page;

/// The check.
pub const CHECK: Check = Check {
    id: "elf-debug-paths",
    severity: Severity::Warning,
    hazard: "G17",
    title: "the file names no folder of the machine that built it",
    page: page!("elf-debug-paths"),
    needs: Needs::Nothing,
    runs: 1,
    how: How::Static(run),
};

fn run(file: &File<'_>) -> Verdict {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for start in STARTS {
        for at in memmem::find_iter(file.bytes, start) {
            if let Some(path) = path(file.bytes, at) {
                *found.entry(path).or_default() += 1;
            }
        }
    }
    let Some(first) = found.keys().next() else {
        return Ok("none".to_owned());
    };
    let shown: Vec<_> = found.keys().take(20).map(String::as_str).collect();
    let what = count(found.len(), "path", "paths");
    Err(Stop::fail(format!(
        "{what} of the machine that built it, such as {first}"
    ))
    .with(shown.join("\n")))
}

/// How folders begin that belong to a person or to a build.
const STARTS: [&[u8]; 9] = [
    b"/home/",
    b"/root/",
    b"/Users/",
    b"/tmp/",
    b"/builds/",
    b"/__w/",
    b"/github/workspace/",
    b"/var/lib/jenkins/",
    b":\\Users\\",
];

/// What source files end with: only they are compiled in by a compiler, and not by the author's will.
const ENDS: [&str; 14] = [
    ".rs", ".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".inc", ".go", ".s", ".S", ".zig",
    ".m",
];

/// The path of a source file that begins here.
fn path(bytes: &[u8], at: usize) -> Option<String> {
    // In the middle of another path: /usr/src/home/x.c.
    if at > 0
        && (bytes[at - 1].is_ascii_alphanumeric() && bytes[at] == b'/' || bytes[at - 1] == b'.')
    {
        return None;
    }
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@~\\:".contains(byte);
    let len = bytes[at..]
        .iter()
        .take(512)
        .take_while(|byte| is_part(byte))
        .count();
    let text = std::str::from_utf8(&bytes[at..at + len]).ok()?;
    // Rust's texts are not separated: the next one may follow at once.
    let end = ENDS
        .iter()
        .filter_map(|end| Some(text.find(end)? + end.len()))
        .max()?;
    let (path, rest) = text.split_at(end);
    let is_whole = !rest.starts_with(['/', '_']);
    is_whole.then(|| path.to_owned())
}

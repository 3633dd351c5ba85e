//! What the fuzz targets do with their input, and what must hold for every input.
//!
//! | target | input | what must hold |
//! |---|---|---|
//! | `description` | the bytes of a `.note.rt0` | an error, or a description; for its header see the next row |
//! | `doctor` | a file | an error, or verdicts of all checks that only read, without anything that a terminal would obey |
//! | `header` | a library of any shape, with any names and texts | the header contains what the library declares and nothing else, and compiles |
//! | `inspect` | a file | an error, or a report without anything that a terminal would obey |
//! | `linker` | a command line, a script, names | the script lists the names that it listed before and that are declared, and no others |

pub mod c;
pub mod compile;
pub mod made;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use cargo_rt0::image::Image;
use cargo_rt0::linker::{args, coff, script};
use cargo_rt0::{description, header as headers, inspect as reports, progress};
use rt0_abi::decode::{Description, is_hidden};
use rt0_doctor::check::{Finding, How};
use rt0_doctor::checks;
use rt0_doctor::file::File;
use rt0_doctor::plan::Plan;
use rt0_doctor::report::Report;

/// Reads the bytes as a description, in both byte orders.
pub fn description(data: &[u8]) {
    for big in [false, true] {
        if let Ok(read) = Description::decode(data, big) {
            write_header(&read);
        }
    }
}

/// Reads the bytes as a library that is to be checked, and runs the checks that only read.
pub fn doctor(data: &[u8]) {
    let plan = Plan {
        library: "libfuzzed.so".into(),
        ..Plan::default()
    };
    let Ok(file) = File::read(&plan, data) else {
        return;
    };
    for check in checks::all() {
        if let How::Static(run) = check.how {
            let verdict = run(&file);
            let report = Report::new(&plan, vec![Finding::of(check, verdict)], 0.0);
            shown(&report.to_text());
        }
    }
}

/// Writes a library's notes, reads them back, and checks the header.
pub fn header(library: &made::Library) {
    let notes = library.notes();
    let read = Description::decode(&notes, false);
    if let Ok(read) = read {
        write_header(&read);
    }
}

fn write_header(read: &Description) {
    if description::check(read).is_err() {
        return;
    }
    match headers::generate(read, "some-lib.2") {
        Ok(text) => {
            c::judge(&text, read);
            compile::sometimes(&text);
        }
        Err(error) => shown(&error.chain()),
    }
}

/// Reads the bytes as a file.
pub fn inspect(data: &[u8]) {
    let image = Image::from_bytes(Path::new("libfuzzed.so"), data.to_vec());
    match description::read(&image) {
        Ok(read) => write_header(&read),
        Err(error) => shown(&error.chain()),
    }
    match reports::inspect(&image) {
        Ok(report) => {
            shown(&report.to_text());
            let plain = serde_json::to_string_pretty(&report).expect("a report is JSON");
            let written = progress::json(&plain);
            shown(&written);
            let (one, two): (serde_json::Value, serde_json::Value) = (
                serde_json::from_str(&plain).expect("it is JSON"),
                serde_json::from_str(&written).expect("it is JSON still"),
            );
            assert_eq!(one, two, "escapes change nothing");
        }
        Err(error) => shown(&error.chain()),
    }
}

/// Checks that the text has nothing that a terminal would obey.
fn shown(text: &str) {
    let bad = text.chars().find(|c| is_hidden(*c) && !matches!(c, '\n'));
    assert_eq!(bad, None, "{text:?}");
}

/// The first line is a command line, the second has names, the rest is the script.
pub fn linker(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == b'\n');
    let mut part = || parts.next().unwrap_or_default();
    let (line, names, text) = (part(), part(), part());

    let words = args::split(line);
    let again = args::split(&quoted(&words));
    assert_eq!(words, again, "a response file says what was put into it");
    let _ = args::is_shared(&words);
    let _ = args::inputs(&words).count();
    for found in [args::version_script(&words), args::definition_file(&words)] {
        let Some(found) = found else { continue };
        let found = found.into_os_string().into_vec();
        let is_in = |word: &OsString| {
            let word = word.clone().into_vec();
            found.is_empty() || word.windows(found.len()).any(|part| part == found)
        };
        assert!(
            words.iter().any(is_in),
            "a path that is not in the command line"
        );
    }

    let names = String::from_utf8_lossy(names);
    let declared: BTreeSet<String> = names
        .split(',')
        .filter_map(|name| rt0_abi::decode::Symbol::new(name).ok())
        .map(|name| name.to_string())
        .collect();
    let text = String::from_utf8_lossy(text);
    let kept = script::restrict(&text, &declared);
    let names: BTreeSet<&str> = kept
        .strip_prefix("{\n  global:\n")
        .and_then(|rest| rest.strip_suffix("  local:\n    *;\n};\n"))
        .unwrap_or_default()
        .lines()
        .map(|line| {
            line.strip_prefix("    ")
                .and_then(|line| line.strip_suffix(';'))
        })
        .map(|name| name.expect("a line holds a name and nothing else"))
        .map(|name| {
            name.strip_prefix('"')
                .and_then(|name| name.strip_suffix('"'))
                .unwrap_or(name)
        })
        .collect();
    assert!(
        names
            .iter()
            .all(|name| declared.contains(*name) && text.contains(*name)),
        "{kept}"
    );
    if names.is_empty() {
        assert_eq!(kept, "{\n  local:\n    *;\n};\n");
    }
    assert_eq!(script::restrict(&kept, &declared), kept, "once is enough");

    let kept = coff::restrict(&text, &declared);
    let exports = kept
        .lines()
        .skip_while(|line| line.split_whitespace().next() != Some("EXPORTS"));
    for line in exports.skip(1) {
        let name = line.split_whitespace().next().unwrap_or_default();
        assert!(declared.contains(name.trim_matches('"')), "{kept}");
    }
    assert_eq!(coff::restrict(&kept, &declared), kept, "once is enough");
}

fn quoted(words: &[OsString]) -> Vec<u8> {
    let mut out = Vec::new();
    for word in words {
        out.push(b'"');
        for byte in word.clone().into_vec() {
            if matches!(byte, b'"' | b'\\') {
                out.push(b'\\');
            }
            out.push(byte);
        }
        out.extend_from_slice(b"\" ");
    }
    out
}

//! `RT0_TRACE=FILE`: the library appends its report to this file, a line when a boot is over, one after a shutdown, and
//! one when the process exits.
//!
//! A library that the variable does not name a file to writes nothing. The file must be there: none is made, and what
//! is no plain file is left alone. As with all settings, a process with more rights than its caller ignores it.

use std::fs::{self, OpenOptions};
use std::io::Write;

use rt0_core::library::settings;
use rt0_core::{Library, sabotage};

use super::json;
use crate::runtime::panic;

/// What a line is about.
#[derive(Clone, Copy)]
pub(crate) enum When {
    /// A boot is over, whether it has failed or not.
    Booted,
    /// A shutdown is over.
    ShutDown,
    /// The process exits, and the library has done what it does then.
    Exit,
}

/// Writes such a line, if the host's environment asks for it. `failure` is why the boot has failed that is just over:
/// an end that has begun meanwhile takes the generation away, which knows it.
#[cold]
#[inline(never)]
pub(crate) fn write(library: &Library, when: When, failure: Option<&str>) {
    let path = settings::variable(library, b"RT0_TRACE");
    if let Some(path) = path.and_then(|path| std::str::from_utf8(path).ok()) {
        let _ = panic::caught(|| append(library, path, when, failure));
    }
}

fn append(library: &Library, path: &str, when: When, failure: Option<&str>) {
    // Opening a pipe that nobody reads from would block.
    if !fs::metadata(path).is_ok_and(|file| file.is_file()) && !sabotage::NO_PLAIN_FILE {
        return;
    }
    let mut line = String::from(match when {
        When::Booted => "{\"when\":\"booted\",\"report\":",
        When::ShutDown => "{\"when\":\"shut-down\",\"report\":",
        When::Exit => "{\"when\":\"exit\",\"report\":",
    });
    line.push_str(&json(library, failure));
    line.push_str("}\n");
    if let Ok(mut file) = OpenOptions::new().append(true).open(path) {
        // In one piece: other libraries and processes may write into it, too.
        let _ = file.write(line.as_bytes());
    }
}

//! Lines for the person at the terminal. Where the error output is closed there is nobody to tell.

use std::io::{self, Write};

/// A line of progress in cargo's style.
pub fn say(verb: &str, what: &str) {
    line(&format!("{verb:>12} {what}"));
}

/// A line as it is.
pub fn line(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

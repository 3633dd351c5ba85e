//! Output for the person or the program that called.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

use cargo_rt0::{Error, Result, progress};
use serde::Serialize;

/// Writes to standard output, without characters that a terminal would obey, whatever file they are from. It
/// is no error if the reader has gone away (`| head`).
pub fn print(text: &str) -> Result<()> {
    print_styled(&progress::printable(text))
}

/// The same for a text that has colours, and nothing else that a terminal would obey.
pub fn print_styled(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Error::failed("cannot write the output").because(e))
        }
        _ => Ok(()),
    }
}

/// Writes to a file, if one is named.
pub fn file(path: Option<&Path>, text: &str) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    std::fs::write(path, text)
        .map_err(|e| Error::failed(format!("cannot write {}", path.display())).because(e))
}

/// Writes a value as JSON.
pub fn json(value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| Error::failed("cannot write the output as JSON").because(e))?;
    print(&format!("{}\n", progress::json(&text)))
}

/// Writes an error and its causes.
pub fn error(error: &Error) {
    progress::line(&format!("error: {}", error.chain()));
}

//! Output for the person or the program that called.

use std::io::{self, ErrorKind, Write};

use cargo_rt0::{Error, Result, progress};
use serde::Serialize;

/// Writes to standard output, without characters that a terminal would obey, whatever file they are from. It
/// is no error if the reader has gone away (`| head`).
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out
        .write_all(progress::printable(text).as_bytes())
        .and_then(|()| out.flush())
    {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Error::failed("cannot write the output").because(e))
        }
        _ => Ok(()),
    }
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

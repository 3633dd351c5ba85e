//! Output for the person or the program that called.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

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

/// Where the same goes in several forms: to files, and one of them to standard output, if its file is called `-`.
pub struct Outputs<const N: usize>([Option<PathBuf>; N]);

impl<const N: usize> Outputs<N> {
    /// The files that somebody has named. Looked at before the work is done whose results they are for.
    ///
    /// # Errors
    /// Two are standard output, or a file's folder is not there.
    pub fn of(paths: [&Option<PathBuf>; N]) -> Result<Outputs<N>> {
        let named = || paths.iter().filter_map(|path| path.as_deref());
        if named().filter(|path| is_stdout(path)).count() > 1 {
            return Err(Error::input("only one of the outputs can be `-`"));
        }
        for path in named() {
            let folder = path.parent().unwrap_or(Path::new(""));
            if !folder.as_os_str().is_empty() && !folder.is_dir() {
                let text = format!("cannot write {}: there is no such folder", path.display());
                return Err(Error::input(text));
            }
        }
        Ok(Outputs(paths.map(Clone::clone)))
    }

    /// Writes them. `shown` is for a person, and comes first: whatever happens to a file, it has been seen.
    ///
    /// # Errors
    /// Something can't be written.
    pub fn write(&self, shown: &str, texts: [String; N]) -> Result<()> {
        let pairs = || self.0.iter().zip(&texts);
        let mut to_stdout = pairs().filter(|(path, _)| path.as_deref().is_some_and(is_stdout));
        match to_stdout.next() {
            Some((_, text)) => print(text)?,
            None => print_styled(shown)?,
        }
        for (path, text) in pairs() {
            let Some(path) = path.as_deref().filter(|path| !is_stdout(path)) else {
                continue;
            };
            std::fs::write(path, text)
                .map_err(|e| Error::input(format!("cannot write {}", path.display())).because(e))?;
        }
        Ok(())
    }
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
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

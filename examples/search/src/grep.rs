//! Finds lines in the files that a query finds, and can be told to end half-way.
//!
//! Thousands of these may be open at once, and no thread waits for any of them. They take turns: a turn reads a few
//! files on the runtime's pool for blocking work, and as many turns run at once as there are processors.

use std::ops::Deref;
use std::panic::resume_unwind;
use std::path::{Component, Path};
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::engine::Engine;
use crate::error::Error;
use crate::files;

/// How many files are read in one turn.
const TURN: usize = 16;

/// Who may read now.
pub(crate) struct Turns(Semaphore);

impl Turns {
    /// As many at once as there are processors.
    pub fn new() -> Turns {
        Turns(Semaphore::new(
            available_parallelism().map_or(1, |n| n.get()),
        ))
    }

    /// Does this on the pool, when its turn comes.
    async fn take<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let _turn = self.0.acquire().await.map_err(|_| Error::Closed)?;
        match spawn_blocking(work).await {
            Ok(value) => Ok(value),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The runtime has ended.
                Err(_) => Err(Error::Closed),
            },
        }
    }
}

/// What to look for.
pub struct Wanted {
    /// Which files to read.
    pub query: String,
    /// What a line must contain, to the letter.
    pub text: String,
    /// How many lines are enough.
    pub most: usize,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file, relative to the directory that was indexed.
    pub path: String,
    /// Its number in the file, from 1.
    pub number: usize,
    /// The line itself.
    pub text: String,
}

/// The lines that were found, and how far the search has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The lines.
    pub lines: Vec<Line>,
    /// How many files were read.
    pub read: usize,
    /// How many files the query finds.
    pub files: usize,
}

/// Finds lines. Looks between two turns whether the search is `cancelled`: then it ends, with what it has found.
pub async fn grep<E>(
    engine: E,
    wanted: Wanted,
    cancelled: impl Fn() -> bool,
) -> Result<Lines, Error>
where
    E: Deref<Target = Engine> + Clone + Send + 'static,
{
    let Wanted { query, text, most } = wanted;
    let here = engine.clone();
    let paths = engine.turns().take(move || here.paths(&query)).await??;
    let mut found = Lines {
        files: paths.len(),
        ..Lines::default()
    };
    for some in paths.chunks(TURN) {
        if cancelled() || found.lines.len() >= most {
            break;
        }
        let (here, some, text) = (engine.clone(), some.to_vec(), text.clone());
        let count = some.len();
        let lines = engine.turns().take(move || {
            let directory = Path::new(here.directory());
            let lines = some
                .iter()
                .flat_map(|path| lines_of(directory, path, &text));
            lines.collect::<Vec<_>>()
        });
        found.lines.extend(lines.await?);
        found.read += count;
    }
    found.lines.truncate(most);
    Ok(found)
}

/// The lines of one file that contain the text. None, if the file is not there any more: a document that was added
/// has no file.
fn lines_of(directory: &Path, path: &str, text: &str) -> Vec<Line> {
    let below = |path: &Path| {
        path.components()
            .all(|part| matches!(part, Component::Normal(_)))
    };
    if !below(Path::new(path)) {
        return Vec::new();
    }
    let content = files::read(&directory.join(path)).unwrap_or_default();
    let numbered = content.lines().enumerate();
    let matching = numbered.filter(|(_, line)| line.contains(text));
    let line = |(at, line): (usize, &str)| Line {
        path: path.to_owned(),
        number: at + 1,
        text: line.to_owned(),
    };
    matching.map(line).collect()
}

#[cfg(test)]
mod tests;

//! A search engine that starts itself.
//!
//! A host loads the library and calls [`search`]. Meanwhile a tokio runtime, which the host did not have to
//! start, builds the index over the directory in `SEARCH_DIR`. The first call waits for it; later calls do
//! not.
//!
//! The engine in [`engine`] is plain Rust and knows nothing about hosts. This file, and the numbers of the errors in
//! [`error`], are all that turns it into a library for other languages.

mod blocking;
pub mod engine;
pub mod error;
pub mod files;
mod fill;
pub mod grep;
mod query;
mod schema;
pub mod settings;
mod writer;

use std::sync::mpsc;

use engine::{Engine, Found};
use error::Error;
use grep::{Wanted, grep};
use settings::Settings;

/// A search engine over the text files of a directory. It starts when the library is loaded, and
/// builds its index while the host goes on. The first call waits until the index is ready.
///
/// It reads two variables of the host's environment. SEARCH_DIR is the directory to index; default:
/// the current directory. SEARCH_INDEX is a directory for an index on disk; default: in memory.
///
/// Its own error codes: 2 for the directory, 3 for the place of the index, 4 if another process is
/// writing to the index, 5 for a query, 6 for a text that is not one word, 7 for a result that does not
/// exist, 8 for an empty path, 9 after the engine was closed, 10 for the index itself.
// A large directory may take a while, so calls wait longer than the default of 30 seconds.
#[rt0::init(wait = "5min", async_exports)]
async fn init(args: rt0::Args) -> Result<Engine, Error> {
    let settings = Settings::from_vars(args.var("SEARCH_DIR"), args.var("SEARCH_INDEX"));
    Engine::open(settings).await
}

/// Runs at a shutdown.
#[rt0::exit]
fn exit(engine: rt0::SharedState<Engine>) {
    engine.close();
}

/// The results of a query.
#[rt0::handle]
pub struct Results(Found);

/// Numbers about the engine.
#[derive(Clone, Copy, Debug, rt0::CType)]
#[repr(C)]
pub struct Stats {
    /// Documents in the index.
    pub documents: u64,
    /// Bytes of text in them.
    pub bytes: u64,
    /// Bytes that the index takes.
    pub index_bytes: u64,
    /// Files left out because they are not text.
    pub skipped_binary: u64,
    /// Files left out because they are larger than 1 MiB.
    pub skipped_too_large: u64,
    /// Files and directories that could not be read.
    pub skipped_unreadable: u64,
    /// How long it took to build or to open the index, in nanoseconds.
    pub opening_ns: u64,
}

/// Finds the documents that match a query, and keeps the best `limit` of them.
///
/// A query has words, "phrases", AND, OR, NOT and parentheses; name:word looks in the path only.
/// Free the results with `search_Results_free`.
#[rt0::export]
pub fn search(
    engine: rt0::State<'_, Engine>,
    query: &str,
    limit: u32,
) -> Result<Box<Results>, Error> {
    let found = engine.search(query, limit as usize)?;
    Ok(Box::new(Results(found)))
}

/// How many documents match the query, kept or not. 0 for a wrong handle.
#[rt0::export(or = 0)]
pub fn results_total(results: &Results) -> u64 {
    results.0.total
}

/// How many documents the results hold: at most the limit. 0 for a wrong handle.
#[rt0::export(or = 0)]
pub fn results_len(results: &Results) -> u32 {
    results.0.hits.len() as u32
}

/// The path of a document in the results, relative to the directory that was indexed. The best match is at
/// index 0.
#[rt0::export]
pub fn results_path(results: &Results, index: u32) -> Result<String, Error> {
    let hit = results.0.hit(index as usize)?;
    Ok(hit.path.clone())
}

/// How well a document in the results matches the query (BM25). Scores of one query can be compared.
#[rt0::export]
pub fn results_score(results: &Results, index: u32) -> Result<f32, Error> {
    Ok(results.0.hit(index as usize)?.score)
}

/// Like `search_search`, with the results as JSON:
/// {"total": 2, "hits": [{"path": "a.txt", "score": 1.5}, ...]}
#[rt0::export]
pub fn search_json(
    engine: rt0::State<'_, Engine>,
    query: &str,
    limit: u32,
) -> Result<String, Error> {
    Ok(engine.search(query, limit as usize)?.to_json())
}

/// The lines that a `search_lines` found.
#[rt0::handle]
pub struct Lines(grep::Lines);

/// How far a `search_lines` has come.
#[derive(Clone, Copy, Debug, rt0::CType)]
#[repr(C)]
pub struct Progress {
    /// The lines found.
    pub lines: u32,
    /// The files read.
    pub files_read: u32,
    /// The files that the query finds.
    pub files: u32,
}

/// Finds up to `most` lines that contain the text, to the letter, in the files that a query finds. It reads
/// the files, so it takes longer than a search.
///
/// Cancelled, it ends half-way and gives what it has found so far: see `search_lines_progress`. Free the
/// lines with `search_Lines_free`.
#[rt0::export]
pub async fn lines(
    engine: rt0::SharedState<Engine>,
    query: &str,
    text: &str,
    most: u32,
    cancel: rt0::Cancel,
) -> Result<Box<Lines>, Error> {
    let wanted = Wanted {
        query: query.to_owned(),
        text: text.to_owned(),
        most: most as usize,
    };
    let found = grep(engine, wanted, || cancel.is_cancelled()).await?;
    Ok(Box::new(Lines(found)))
}

/// How far the search for lines has come: all files were read, or enough lines were found, or it was
/// cancelled.
#[rt0::export]
pub fn lines_progress(lines: &Lines) -> Result<Progress, Error> {
    Ok(Progress {
        lines: lines.0.lines.len() as u32,
        files_read: lines.0.read as u32,
        files: lines.0.files as u32,
    })
}

/// One of the lines, with its file and number before it: `src/lib.rs:12: the line`.
#[rt0::export]
pub fn lines_text(lines: &Lines, index: u32) -> Result<String, Error> {
    let lines = &lines.0.lines;
    let missing = || Error::NoSuchHit(index as usize, lines.len());
    let line = lines.get(index as usize).ok_or_else(missing)?;
    Ok(format!("{}:{}: {}", line.path, line.number, line.text))
}

/// The number of documents whose text has the word. Case does not matter.
#[rt0::export]
pub fn count(engine: rt0::State<'_, Engine>, word: &str) -> Result<u64, Error> {
    engine.count(word)
}

/// Adds a document, or replaces the one with the same path. The next search sees it.
#[rt0::export]
pub fn add_document(engine: rt0::SharedState<Engine>, path: &str, text: &str) -> Result<(), Error> {
    // Adding makes threads, which inherit the signal mask of the thread that makes them. So add on a thread
    // of the runtime, where signals are blocked, not on the host's thread that made this call.
    let (path, text) = (path.to_owned(), text.to_owned());
    let (answer, answered) = mpsc::channel();
    rt0::handle().spawn_blocking(move || answer.send(engine.add_document(&path, &text)));
    answered.recv().unwrap_or(Err(Error::Closed))
}

/// Numbers about the engine.
#[rt0::export]
pub fn stats(engine: rt0::State<'_, Engine>) -> Result<Stats, Error> {
    let summary = engine.summary()?;
    Ok(Stats {
        documents: summary.documents,
        bytes: summary.bytes,
        index_bytes: summary.index_bytes,
        skipped_binary: summary.skipped.binary,
        skipped_too_large: summary.skipped.too_large,
        skipped_unreadable: summary.skipped.unreadable,
        opening_ns: summary.opening.as_nanos() as u64,
    })
}

//! The engine's errors, with texts for the host's programmer.

use std::fmt;
use std::io;
use std::path::PathBuf;

use tantivy::TantivyError;
use tantivy::directory::error::LockError;
use tantivy::query::QueryParserError;

/// Why the engine could not do what it was asked to do.
#[derive(Debug)]
pub enum Error {
    /// The directory to index is missing or can't be read.
    Directory(PathBuf, io::Error),
    /// The path to index is not a directory.
    NotADirectory(PathBuf),
    /// The place for the index on disk can't be made or opened.
    Store(PathBuf, io::Error),
    /// The index on disk belongs to something else.
    Foreign(PathBuf, String),
    /// Another process is writing to the index on disk.
    Busy,
    /// The query is not valid: its text, and why.
    Query(String, String),
    /// `count` was asked for something that is not exactly one word.
    NotOneWord(String),
    /// The results have no hit with this index: the index, and the number of hits.
    NoSuchHit(usize, usize),
    /// A document needs a path.
    NoPath,
    /// The engine was closed.
    Closed,
    /// The index itself failed.
    Index(TantivyError),
}

impl Error {
    /// The code that a C host gets. Codes never change their meaning.
    pub fn code(&self) -> i32 {
        match self {
            Error::Directory(..) | Error::NotADirectory(_) => 2,
            Error::Store(..) | Error::Foreign(..) => 3,
            Error::Busy => 4,
            Error::Query(..) => 5,
            Error::NotOneWord(_) => 6,
            Error::NoSuchHit(..) => 7,
            Error::NoPath => 8,
            Error::Closed => 9,
            Error::Index(_) => 10,
        }
    }

    pub(crate) fn query(query: &str, why: QueryParserError) -> Error {
        Error::Query(shortened(query), why.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Directory(path, why) => {
                write!(f, "can't index the directory {}: {why}", path.display())
            }
            Error::NotADirectory(path) => {
                write!(f, "can't index {}: it is not a directory", path.display())
            }
            Error::Store(path, why) => {
                write!(f, "can't keep the index in {}: {why}", path.display())
            }
            Error::Foreign(path, why) => {
                write!(f, "can't use the index in {}: {why}", path.display())
            }
            Error::Busy => f.write_str("another process is writing to this index; try again later"),
            Error::Query(query, why) => write!(f, "can't understand the query `{query}`: {why}"),
            Error::NotOneWord(text) => write!(f, "`{text}` is not one word of letters and digits"),
            Error::NoSuchHit(index, hits) => {
                write!(
                    f,
                    "there is no hit {index}: the results have {hits}, counted from 0"
                )
            }
            Error::NoPath => f.write_str("a document needs a path that is not empty"),
            Error::Closed => f.write_str("the search engine is closed"),
            Error::Index(why) => write!(f, "the index failed: {why}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<TantivyError> for Error {
    fn from(error: TantivyError) -> Error {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Error::Busy,
            other => Error::Index(other),
        }
    }
}

/// The text, cut if it is too long for a message.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

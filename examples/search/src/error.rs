//! The engine's errors, with texts for the host's programmer.

use std::fmt;
use std::io;
use std::path::PathBuf;

use tantivy::TantivyError;
use tantivy::directory::error::LockError;
use tantivy::query::QueryParserError;

/// Why the engine could not do what it was asked to do. The numbers are for hosts, and never change their meaning.
#[derive(Debug, rt0::ErrorCode)]
pub enum Error {
    /// The directory to index is missing or can't be read.
    #[code(2)]
    Directory(PathBuf, io::Error),
    /// The path to index is not a directory.
    #[code(2)]
    NotADirectory(PathBuf),
    /// The place for the index on disk can't be made or opened.
    #[code(3)]
    Store(PathBuf, io::Error),
    /// The index on disk belongs to something else.
    #[code(3)]
    Foreign(PathBuf, String),
    /// Another process is writing to the index on disk.
    #[code(4)]
    Busy,
    /// The query is not valid: its text, and why.
    #[code(5)]
    Query(String, String),
    /// `count` was asked for something that is not exactly one word.
    #[code(6)]
    NotOneWord(String),
    /// The results have no hit with this index: the index, and the number of hits.
    #[code(7)]
    NoSuchHit(usize, usize),
    /// A document needs a path.
    #[code(8)]
    NoPath,
    /// The engine was closed.
    #[code(9)]
    Closed,
    /// The index itself failed.
    #[code(10)]
    Index(TantivyError),
}

impl Error {
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

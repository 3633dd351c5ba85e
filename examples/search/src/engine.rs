//! The engine: an open index, and the operations on it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::directory::MmapDirectory;
use tantivy::query::{Query, QueryParser, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{
    Index, IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyDocument, TantivyError, Term,
};

use crate::blocking::blocking;
use crate::error::{Error, shortened};
use crate::files::Skipped;
use crate::fill::fill;
use crate::grep::Turns;
use crate::query::check;
use crate::schema::Fields;
use crate::settings::{Settings, Store};
use crate::writer::{Made, Writer};

/// One document that a query found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// The file, relative to the directory that was indexed.
    pub path: String,
    /// How well it matches (BM25). Scores of one query can be compared.
    pub score: f32,
}

/// What a query found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// The number of documents that match.
    pub total: u64,
    /// The best of them, in order of their scores.
    pub hits: Vec<Hit>,
}

impl Found {
    /// One of the hits.
    pub fn hit(&self, index: usize) -> Result<&Hit, Error> {
        let missing = || Error::NoSuchHit(index, self.hits.len());
        self.hits.get(index).ok_or_else(missing)
    }

    /// The results as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers can be written")
    }
}

/// Numbers about an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Documents in the index.
    pub documents: u64,
    /// Bytes of text in them.
    pub bytes: u64,
    /// Bytes that the index takes.
    pub index_bytes: u64,
    /// Files that were left out when the index was built.
    pub skipped: Skipped,
    /// How long it took to build or to open the index.
    pub opening: Duration,
}

/// A search engine over the text files of a directory. Every method may be called from many threads at once.
pub struct Engine {
    index: Index,
    fields: Fields,
    reader: IndexReader,
    queries: QueryParser,
    made: Made,
    opening: Duration,
    turns: Turns,
    /// Locked while something is written. True once nothing more may be written.
    closed: Mutex<bool>,
}

impl Engine {
    /// Opens the index, and builds it first if there is none yet. An index on disk is used as it is: later
    /// changes to the files are not noticed.
    ///
    /// Must run inside a tokio runtime. Leaves nothing running.
    pub async fn open(settings: Settings) -> Result<Engine, Error> {
        let begun = Instant::now();
        let (root, index, avoid, fields) = blocking(move || {
            let root = directory(&settings.directory)?;
            let (schema, fields) = Fields::schema();
            let builder = Index::builder().schema(schema).settings(IndexSettings {
                docstore_compress_dedicated_thread: false,
                ..IndexSettings::default()
            });
            match settings.store {
                Store::Memory => Ok((root, builder.create_in_ram()?, None, fields)),
                Store::Disk(path) => {
                    let path = place(&path)?;
                    let place = MmapDirectory::open(&path).map_err(TantivyError::from)?;
                    let index = builder
                        .open_or_create(place)
                        .map_err(|e| foreign(&path, e))?;
                    Ok::<_, Error>((root, index, Some(path), fields))
                }
            }
        })
        .await?;

        let made = match (made(&index)?, avoid) {
            (Some(made), Some(place)) if made.directory != root.display().to_string() => {
                let (then, now) = (made.directory, root.display());
                let why = format!("it was built from {then}, not {now}");
                return Err(Error::Foreign(place, why));
            }
            (Some(made), _) => made,
            (None, avoid) => fill(index.clone(), fields, root, avoid).await?,
        };
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let mut queries = QueryParser::for_index(&index, vec![fields.name, fields.body]);
        queries.set_field_boost(fields.name, 2.0);
        Ok(Engine {
            reader: reader.try_into()?,
            index,
            fields,
            queries,
            made,
            opening: begun.elapsed(),
            turns: Turns::new(),
            closed: Mutex::new(false),
        })
    }

    /// Finds the documents that match a query, and returns the best `limit` of them. A query has words,
    /// `"a phrase"`, `AND`, `OR`, `NOT`, parentheses, and `name:word` for words in the path.
    pub fn search(&self, query: &str, limit: usize) -> Result<Found, Error> {
        let parsed = self.parsed(query)?;
        let searcher = self.reader.searcher();
        // tantivy allocates room for as many hits as we ask for, so never ask for more than there can be.
        let limit = limit.min(searcher.num_docs() as usize);
        if limit == 0 {
            let total = searcher.search(&*parsed, &Count)? as u64;
            return Ok(Found {
                total,
                hits: Vec::new(),
            });
        }
        let best = TopDocs::with_limit(limit).order_by_score();
        let (total, best) = searcher.search(&*parsed, &(Count, best))?;
        let hits = best.into_iter().map(|(score, address)| {
            let document: TantivyDocument = searcher.doc(address)?;
            Ok(Hit {
                path: self.fields.path_of(&document),
                score,
            })
        });
        Ok(Found {
            total: total as u64,
            hits: hits.collect::<Result<_, Error>>()?,
        })
    }

    /// The paths of all documents that match a query, in order.
    pub fn paths(&self, query: &str) -> Result<Vec<String>, Error> {
        let parsed = self.parsed(query)?;
        let searcher = self.reader.searcher();
        let found = searcher.search(&*parsed, &DocSetCollector)?.into_iter();
        let paths = found.map(|address| {
            let document: TantivyDocument = searcher.doc(address)?;
            Ok(self.fields.path_of(&document))
        });
        let mut paths: Vec<_> = paths.collect::<Result<_, Error>>()?;
        paths.sort_unstable();
        Ok(paths)
    }

    fn parsed(&self, query: &str) -> Result<Box<dyn Query>, Error> {
        check(query)?;
        let parsed = self.queries.parse_query(query);
        parsed.map_err(|e| Error::query(query, e))
    }

    /// The number of documents whose text has the word. Case does not matter.
    pub fn count(&self, word: &str) -> Result<u64, Error> {
        let not_one_word = || Error::NotOneWord(shortened(word));
        let mut analyzer = self.index.tokenizer_for_field(self.fields.body)?;
        let mut tokens = analyzer.token_stream(word);
        let first = tokens.next().ok_or_else(not_one_word)?.text.clone();
        if tokens.next().is_some() {
            return Err(not_one_word());
        }
        let term = Term::from_field_text(self.fields.body, &first);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Ok(self.reader.searcher().search(&query, &Count)? as u64)
    }

    /// Adds a document, or replaces the one with the same path. The next search sees it.
    ///
    /// tantivy makes threads for this, and ends them again. So call it where threads may be made; in a
    /// library, on a thread of the runtime.
    pub fn add_document(&self, path: &str, text: &str) -> Result<(), Error> {
        if path.is_empty() {
            return Err(Error::NoPath);
        }
        let closed = self.writing();
        if *closed {
            return Err(Error::Closed);
        }
        let writer = Writer::open(&self.index, self.fields, 1)?;
        writer.put(path, text)?;
        writer.commit(&self.made)?;
        self.reader.reload()?;
        Ok(())
    }

    /// Numbers about the engine.
    pub fn summary(&self) -> Result<Summary, Error> {
        let searcher = self.reader.searcher();
        Ok(Summary {
            documents: searcher.num_docs(),
            bytes: bytes(&searcher)?,
            index_bytes: searcher
                .space_usage()
                .map_err(TantivyError::from)?
                .total()
                .get_bytes(),
            skipped: self.made.skipped,
            opening: self.opening,
        })
    }

    /// Waits for a document that is being added. After this, none can be added. Every document is committed
    /// when it is added, so nothing is lost without this call.
    pub fn close(&self) {
        *self.writing() = true;
    }

    /// The directory that was indexed.
    pub(crate) fn directory(&self) -> &str {
        &self.made.directory
    }

    /// Whose turn it is to read files.
    pub(crate) fn turns(&self) -> &Turns {
        &self.turns
    }

    fn writing(&self) -> MutexGuard<'_, bool> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The full path of the directory to index.
fn directory(path: &Path) -> Result<PathBuf, Error> {
    let full = path
        .canonicalize()
        .map_err(|e| Error::Directory(path.to_owned(), e))?;
    if !full.is_dir() {
        return Err(Error::NotADirectory(path.to_owned()));
    }
    // An empty index would hide that nothing could be read.
    fs::read_dir(&full).map_err(|e| Error::Directory(path.to_owned(), e))?;
    Ok(full)
}

/// The full path of the directory for the index, which is made if it does not exist. A directory with other
/// files in it is refused.
fn place(path: &Path) -> Result<PathBuf, Error> {
    let store = |e: io::Error| Error::Store(path.to_owned(), e);
    fs::create_dir_all(path).map_err(store)?;
    let full = path.canonicalize().map_err(store)?;
    let empty = fs::read_dir(&full).map_err(store)?.next().is_none();
    if !empty && !full.join("meta.json").is_file() {
        let why = "the directory has other files in it";
        return Err(Error::Foreign(path.to_owned(), why.to_owned()));
    }
    Ok(full)
}

fn foreign(path: &Path, error: TantivyError) -> Error {
    match error {
        TantivyError::SchemaError(_) => {
            let why = "it was made by another program or another version of this one";
            Error::Foreign(path.to_owned(), why.to_owned())
        }
        other => other.into(),
    }
}

/// What was written beside the documents of a complete index. `None` if the index is not complete.
fn made(index: &Index) -> Result<Option<Made>, Error> {
    let payload = index.load_metas()?.payload;
    Ok(payload.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The sum of the documents' sizes.
fn bytes(searcher: &Searcher) -> Result<u64, Error> {
    let mut sum = 0;
    for segment in searcher.segment_readers() {
        let sizes = segment.fast_fields().u64("size")?;
        let alive = segment.doc_ids_alive();
        sum += alive
            .filter_map(|document| sizes.first(document))
            .sum::<u64>();
    }
    Ok(sum)
}

#[cfg(test)]
mod tests;

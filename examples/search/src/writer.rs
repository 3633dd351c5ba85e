//! Writes to the index: adds documents, commits once, and ends its threads.
//!
//! tantivy writes with its own threads. Between two writes they would sit idle in the host, and hold the lock
//! of an index on disk. So a [`Writer`] lives only for one piece of work: it takes the lock and makes the
//! threads, and [`Writer::commit`] ends both. A new thread inherits the signal mask of the thread that makes
//! it, so open a writer on a thread of the runtime, where signals are blocked, never on one of the host's.

use serde::{Deserialize, Serialize};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{Index, IndexWriter};

use crate::error::Error;
use crate::files::Skipped;
use crate::schema::Fields;

/// Memory for one writing thread: the minimum that tantivy accepts. What does not fit becomes another
/// segment.
const MEMORY: usize = 15_000_000;
/// When tantivy decides which segments to merge, segments with fewer documents than this count as equally
/// small. The default is 10,000; with it, eight added documents would cause a whole small index to be
/// rewritten.
const SMALL: u32 = 64;

/// Written beside the documents of a complete index. An index without it was left half built.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Made {
    /// The directory that was indexed.
    pub directory: String,
    /// The files that were left out.
    pub skipped: Skipped,
}

/// The only writer of an index. If it is dropped without a commit, the index stays as it was.
pub(crate) struct Writer {
    inner: IndexWriter,
    fields: Fields,
}

impl Writer {
    /// Takes the index's lock and makes the threads.
    pub fn open(index: &Index, fields: Fields, threads: usize) -> Result<Writer, Error> {
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(MEMORY)
            .num_worker_threads(threads)
            .num_merge_threads(1)
            .build();
        let inner: IndexWriter = index.writer_with_options(options)?;
        let mut merges = LogMergePolicy::default();
        merges.set_min_layer_size(SMALL);
        inner.set_merge_policy(Box::new(merges));
        Ok(Writer { inner, fields })
    }

    /// Deletes every document.
    pub fn clear(&self) -> Result<(), Error> {
        self.inner.delete_all_documents()?;
        Ok(())
    }

    /// Adds a document whose path is not in the index yet.
    pub fn add(&self, path: &str, text: &str) -> Result<(), Error> {
        self.inner.add_document(self.fields.document(path, text))?;
        Ok(())
    }

    /// Adds a document, or replaces the one with the same path.
    pub fn put(&self, path: &str, text: &str) -> Result<(), Error> {
        self.inner.delete_term(self.fields.path_term(path));
        self.add(path, text)
    }

    /// Commits everything, and ends the threads.
    pub fn commit(mut self, made: &Made) -> Result<(), Error> {
        let mut commit = self.inner.prepare_commit()?;
        commit.set_payload(&serde_json::to_string(made).expect("it has no map with other keys"));
        commit.commit()?;
        self.inner.wait_merging_threads()?;
        Ok(())
    }
}

//! Writing to the index: documents in, one commit, and the threads gone again.
//!
//! tantivy writes with threads of its own. They would sit idle in the host between two writes, and
//! hold the lock of an index on disk. So a [`Writer`] lives only as long as one piece of work: it
//! takes the lock and makes the threads, and [`Writer::commit`] ends both. A new thread has the
//! signal mask of the one that made it, so a writer belongs on a thread of the runtime, where
//! signals are blocked, never on one of the host's.

use serde::{Deserialize, Serialize};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{Index, IndexWriter};

use crate::error::Error;
use crate::files::Skipped;
use crate::schema::Fields;

/// Memory for one writing thread: the least that tantivy takes. What does not fit becomes another
/// segment.
const MEMORY: usize = 15_000_000;
/// Segments with fewer documents count as equally small when it is decided which to merge. Without it
/// that is 10,000, and eight added documents would have a whole small index written anew.
const SMALL: u32 = 64;

/// What is written beside the documents of a complete index. An index without it was left half
/// built.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Made {
    /// The directory that was indexed.
    pub directory: String,
    /// The files that were left out.
    pub skipped: Skipped,
}

/// The one writer of an index. Dropped without a commit, it leaves the index as it was.
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

    /// Forgets every document.
    pub fn clear(&self) -> Result<(), Error> {
        self.inner.delete_all_documents()?;
        Ok(())
    }

    /// Adds a document that is new.
    pub fn add(&self, path: &str, text: &str) -> Result<(), Error> {
        self.inner.add_document(self.fields.document(path, text))?;
        Ok(())
    }

    /// Adds a document, or puts it in the place of the one with the same path.
    pub fn put(&self, path: &str, text: &str) -> Result<(), Error> {
        self.inner.delete_term(self.fields.path_term(path));
        self.add(path, text)
    }

    /// Makes it all lasting, and ends the threads.
    pub fn commit(mut self, made: &Made) -> Result<(), Error> {
        let mut commit = self.inner.prepare_commit()?;
        commit.set_payload(&serde_json::to_string(made).expect("it has no map with other keys"));
        commit.commit()?;
        self.inner.wait_merging_threads()?;
        Ok(())
    }
}

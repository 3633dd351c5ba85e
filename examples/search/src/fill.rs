//! Builds the index. One task walks the directory, several read files and write documents, all on the
//! runtime's pool for blocking work.
//!
//! ```text
//! walker ──paths──> reader 1 ─┐
//!        (bounded)  reader 2 ─┼──documents──> writer ──> commit
//!                   reader n ─┘
//! ```

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;

use tantivy::Index;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::blocking::{blocking, panicked};
use crate::error::Error;
use crate::files::{self, Skip, Skipped};
use crate::schema::Fields;
use crate::writer::{Made, Writer};

/// The largest number of readers, and of writing threads.
const MOST_READERS: usize = 4;
/// How many paths may wait for a reader.
const QUEUE: usize = 256;

type Paths = mpsc::Receiver<Result<PathBuf, Skip>>;

/// Adds the text files under `root` to the index, and commits. Does not enter `avoid`.
pub(crate) async fn fill(
    index: Index,
    fields: Fields,
    root: PathBuf,
    avoid: Option<PathBuf>,
) -> Result<Made, Error> {
    let readers = available_parallelism().map_or(1, |n| n.get().min(MOST_READERS));
    let writer = blocking(move || {
        let writer = Writer::open(&index, fields, readers)?;
        writer.clear()?;
        Ok::<_, Error>(Arc::new(writer))
    });
    let writer = writer.await?;

    let root: Arc<Path> = root.into();
    let stop = StopOnDrop::default();
    let (sender, paths) = mpsc::channel(QUEUE);
    let paths = Arc::new(Mutex::new(paths));
    let mut work = JoinSet::new();
    {
        let (root, stopped) = (root.clone(), stop.0.clone());
        work.spawn_blocking(move || {
            walk(&root, avoid, &sender, &stopped);
            Ok(Skipped::default())
        });
    }
    for _ in 0..readers {
        let (root, paths, writer) = (root.clone(), paths.clone(), writer.clone());
        let stopped = stop.0.clone();
        work.spawn_blocking(move || read_all(&root, &paths, &writer, &stopped));
    }
    drop(paths);

    let mut skipped = Skipped::default();
    while let Some(part) = work.join_next().await {
        skipped += part.unwrap_or_else(panicked)?;
    }
    let made = Made {
        directory: root.display().to_string(),
        skipped,
    };
    blocking(move || {
        let writer = Arc::into_inner(writer).expect("the readers have ended");
        writer.commit(&made)?;
        Ok(made)
    })
    .await
}

/// Blocking tasks go on even if nobody waits for them. This tells them to end if the build ends early,
/// because of an error or a shutdown.
#[derive(Default)]
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        // Relaxed: the flag publishes no other data.
        self.0.store(true, Ordering::Relaxed);
    }
}

fn walk(
    root: &Path,
    avoid: Option<PathBuf>,
    sender: &mpsc::Sender<Result<PathBuf, Skip>>,
    stopped: &AtomicBool,
) {
    for path in files::walk(root, avoid) {
        if stopped.load(Ordering::Relaxed) || sender.blocking_send(path).is_err() {
            return;
        }
    }
}

fn read_all(
    root: &Path,
    paths: &Mutex<Paths>,
    writer: &Writer,
    stopped: &AtomicBool,
) -> Result<Skipped, Error> {
    let mut skipped = Skipped::default();
    while !stopped.load(Ordering::Relaxed) {
        let next = {
            let mut paths = paths.lock().unwrap_or_else(PoisonError::into_inner);
            paths.blocking_recv()
        };
        let Some(path) = next else { break };
        match path.and_then(|path| Ok((files::read(&path)?, path))) {
            Ok((text, path)) => {
                let path = path.strip_prefix(root).unwrap_or(&path);
                writer.add(&path.to_string_lossy(), &text)?;
            }
            Err(reason) => skipped.count(reason),
        }
    }
    Ok(skipped)
}

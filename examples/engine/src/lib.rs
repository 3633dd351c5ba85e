//! The small engine of the examples for binding generators: a store of texts that are forgotten after a while.
//!
//! It knows nothing of rt0 and of no generator. It has what makes such engines hard to ship in a shared library: a
//! task that runs all the time, calls that wait, and callbacks on the runtime's threads.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How often the store looks for texts that are too old.
const TICK: Duration = Duration::from_millis(5);

/// A store of texts. Dropping it ends its task.
pub struct Engine {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What happened to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was put into the store.
    Put,
    /// It became too old.
    Expired,
}

/// What is told of each event: the key, and what happened. It runs on one of the runtime's threads, and no other
/// event is told before it returns.
pub type Watcher = Box<dyn Fn(&str, Event) + Send + Sync>;

/// Why the store can't be opened or used.
#[derive(Debug)]
pub enum Error {
    /// The longest time for a text is no time.
    NoTime,
    /// The key is empty.
    NoKey,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::NoTime => "the time after which texts are forgotten must not be zero",
            Error::NoKey => "the key must not be empty",
        })
    }
}

impl std::error::Error for Error {}

struct Shared {
    longest: Duration,
    texts: Mutex<HashMap<String, Text>>,
    watchers: Mutex<Vec<Arc<Watcher>>>,
    events: Mutex<Vec<(String, Event)>>,
    put: Notify,
    told: Notify,
}

struct Text {
    text: String,
    end: Instant,
}

impl Engine {
    /// Opens a store that forgets a text after `longest`. Call it in the context of a tokio runtime.
    ///
    /// # Errors
    /// `longest` is zero.
    pub async fn open(longest: Duration) -> Result<Engine, Error> {
        if longest.is_zero() {
            return Err(Error::NoTime);
        }
        let shared = Arc::new(Shared {
            longest,
            texts: Mutex::default(),
            watchers: Mutex::default(),
            events: Mutex::default(),
            put: Notify::new(),
            told: Notify::new(),
        });
        // As a real engine waits for its files or its peers.
        tokio::time::sleep(Duration::from_millis(1)).await;
        let task = tokio::spawn(tell(Arc::clone(&shared)));
        Ok(Engine { shared, task })
    }

    /// Puts a text into the store, in the place of the one with this key, and says how many there are.
    ///
    /// # Errors
    /// The key is empty.
    pub fn put(&self, key: &str, text: &str) -> Result<usize, Error> {
        if key.is_empty() {
            return Err(Error::NoKey);
        }
        let text = Text {
            text: text.to_owned(),
            end: Instant::now() + self.shared.longest,
        };
        let mut texts = lock(&self.shared.texts);
        texts.insert(key.to_owned(), text);
        let count = texts.len();
        drop(texts);
        lock(&self.shared.events).push((key.to_owned(), Event::Put));
        self.shared.put.notify_waiters();
        self.shared.told.notify_one();
        Ok(count)
    }

    /// The text with this key.
    pub fn get(&self, key: &str) -> Option<String> {
        let texts = lock(&self.shared.texts);
        texts.get(key).map(|text| text.text.clone())
    }

    /// Waits until there is a text with this key.
    pub async fn wait_for(&self, key: &str) -> String {
        loop {
            let put = self.shared.put.notified();
            if let Some(text) = self.get(key) {
                return text;
            }
            put.await;
        }
    }

    /// Has `watcher` told of every event from now on.
    pub fn watch(&self, watcher: Watcher) {
        lock(&self.shared.watchers).push(Arc::new(watcher));
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Tells the watchers what happens, and forgets what is too old.
async fn tell(shared: Arc<Shared>) {
    loop {
        let _ = tokio::time::timeout(TICK, shared.told.notified()).await;
        let mut events = std::mem::take(&mut *lock(&shared.events));
        let now = Instant::now();
        lock(&shared.texts).retain(|key, text| {
            let keep = text.end > now;
            if !keep {
                events.push((key.clone(), Event::Expired));
            }
            keep
        });
        // Without the lock: a watcher may call the engine.
        let watchers = lock(&shared.watchers).clone();
        for (key, event) in &events {
            for watcher in &watchers {
                watcher(key, *event);
            }
        }
    }
}

/// Nothing panics while one of the locks is held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn a_text_is_there_until_it_is_replaced() {
        let engine = Engine::open(LONG).await.unwrap();
        assert_eq!(engine.get("a"), None);
        assert_eq!(engine.put("a", "one").unwrap(), 1);
        assert_eq!(engine.put("a", "two").unwrap(), 1);
        assert_eq!(engine.put("b", "three").unwrap(), 2);
        assert_eq!(engine.get("a").as_deref(), Some("two"));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn who_waits_gets_the_text_and_watchers_are_told() {
        let engine = Arc::new(Engine::open(Duration::from_millis(20)).await.unwrap());
        let (told, events) = mpsc::channel();
        engine.watch(Box::new(move |key, event| {
            let _ = told.send((key.to_owned(), event));
        }));
        let waiting = tokio::spawn({
            let engine = Arc::clone(&engine);
            async move { engine.wait_for("a").await }
        });
        // The text may be too old before the waiting task has run, so it is put again until that has an answer.
        while !waiting.is_finished() {
            engine.put("a", "one").unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(waiting.await.unwrap(), "one");
        let first_two = tokio::task::spawn_blocking(move || {
            let put = events.recv().unwrap();
            (
                put,
                events
                    .into_iter()
                    .find(|(_, event)| *event == Event::Expired)
                    .unwrap(),
            )
        });
        let (put, expired) = first_two.await.unwrap();
        assert_eq!(put, ("a".to_owned(), Event::Put));
        assert_eq!(expired.0, "a");
    }

    #[tokio::test]
    async fn no_time_and_no_key_are_errors() {
        assert!(Engine::open(Duration::ZERO).await.is_err());
        let engine = Engine::open(LONG).await.unwrap();
        assert!(engine.put("", "x").is_err());
        assert_eq!(engine.get(""), None);
    }
}

//! A store of texts for Python, Kotlin and whatever else UniFFI speaks, on rt0: it opens when it is loaded.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::Engine;

uniffi::setup_scaffolding!();
rt0_uniffi::setup!();

/// What the library keeps while it runs.
struct Store {
    engine: Arc<Engine>,
}

/// Runs when the library is loaded, on a thread of its own, inside its tokio runtime.
#[rt0::init]
async fn init(args: rt0::Args) -> Result<Store, String> {
    let longest = args.var("ENGINE_LONGEST_MS").and_then(|text| text.to_str());
    let longest = match longest.unwrap_or("60000") {
        "panic" => panic!("ENGINE_LONGEST_MS says so"),
        text => text
            .parse()
            .map_err(|e| format!("ENGINE_LONGEST_MS: {e}"))?,
    };
    log("opening");
    let engine = Engine::open(Duration::from_millis(longest)).await;
    let engine = engine.map_err(|error| error.to_string())?;
    Ok(Store {
        engine: Arc::new(engine),
    })
}

/// The engine, in a function that has passed the gate.
fn engine() -> Result<Arc<Engine>, rt0::Error> {
    let here = rt0::ready(None)?;
    Ok(Arc::clone(&here.state::<Store>().engine))
}

/// Why the store has not done what it was asked for.
#[derive(Debug, thiserror::Error, uniffi::Error)]
#[uniffi(flat_error)]
pub enum Fault {
    /// The store did not take it.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// The text did not come in time.
    #[error("no text in time")]
    TooLate,
    /// There is no store.
    #[error(transparent)]
    Library(#[from] rt0::Error),
}

/// Puts a text into the store, and says how many there are.
#[uniffi::export]
#[rt0::gated]
pub fn put(key: &str, text: &str) -> Result<u64, Fault> {
    Ok(engine()?.put(key, text)? as u64)
}

/// The text with this key.
#[rt0::gated]
#[uniffi::export]
pub fn get(key: &str) -> Result<Option<String>, rt0_uniffi::Error> {
    Ok(engine()?.get(key))
}

/// Waits for the text with this key, but not for longer than this.
#[uniffi::export(default(longest_ms = None))]
#[rt0::gated]
pub async fn wait_for(key: String, longest_ms: Option<u64>) -> Result<String, Fault> {
    let engine = engine()?;
    let Some(longest) = longest_ms.map(Duration::from_millis) else {
        return Ok(engine.wait_for(&key).await);
    };
    // tokio's timer needs the runtime.
    let text = || tokio::time::timeout(longest, engine.wait_for(&key));
    let text = rt0_uniffi::on_runtime(text).await;
    text.map_err(|_| Fault::TooLate)
}

/// The same, for threads.
#[uniffi::export]
#[rt0::gated]
pub fn wait_for_blocking(key: &str) -> Result<String, rt0_uniffi::Error> {
    let engine = engine()?;
    Ok(rt0::block_on(engine.wait_for(key)))
}

/// What happened to a text.
#[derive(Clone, Copy, Debug, uniffi::Enum)]
pub enum Event {
    /// It was put into the store.
    Put,
    /// It became too old.
    Expired,
}

/// Who is told what happens in the store.
#[uniffi::export(callback_interface)]
pub trait Watcher: Send + Sync {
    /// Runs on one of the library's threads.
    fn on_event(&self, key: String, event: Event);
}

/// Has the watcher told of every event from now on.
#[uniffi::export]
#[rt0::gated]
pub fn watch(watcher: Box<dyn Watcher>) -> Result<(), rt0_uniffi::Error> {
    engine()?.watch(Box::new(move |key, event| {
        let event = match event {
            engine::Event::Put => Event::Put,
            engine::Event::Expired => Event::Expired,
        };
        watcher.on_event(key.to_owned(), event);
    }));
    Ok(())
}

/// A part of the store, with keys of its own.
#[derive(uniffi::Object)]
pub struct Shelf {
    name: String,
}

#[uniffi::export]
impl Shelf {
    /// The part with this name.
    #[uniffi::constructor]
    pub fn new(name: String) -> Shelf {
        Shelf { name }
    }

    /// As the function `put`.
    #[rt0::gated]
    pub fn put(&self, key: &str, text: &str) -> Result<u64, Fault> {
        put(&self.key(key), text)
    }

    /// As the function `wait_for`.
    #[rt0::gated]
    pub async fn wait_for(&self, key: &str) -> Result<String, Fault> {
        wait_for(self.key(key), None).await
    }
}

impl Shelf {
    fn key(&self, key: &str) -> String {
        format!("{}/{key}", self.name)
    }
}

/// Who is told how the start goes.
#[uniffi::export(callback_interface)]
pub trait Log: Send + Sync {
    /// Runs on one of the library's threads.
    fn line(&self, text: String);
}

static LOG: Mutex<Option<Arc<dyn Log>>> = Mutex::new(None);

/// Has the next starts told to this log. It waits for nothing: with `RT0_START=lazy` the first call starts the store.
#[uniffi::export]
pub fn log_to(log: Box<dyn Log>) {
    *LOG.lock().unwrap_or_else(PoisonError::into_inner) = Some(log.into());
}

fn log(text: &str) {
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(log) = log {
        log.line(text.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::{Shelf, get, put};

    /// The library boots in its own tests, too.
    #[test]
    fn a_text_that_was_put_is_there() {
        let shelf = Shelf::new("tests".to_owned());
        assert!(shelf.put("a", "one").unwrap() >= 1);
        assert_eq!(get("tests/a").unwrap().as_deref(), Some("one"));
        let refused = put("", "one").unwrap_err().to_string();
        assert_eq!(refused, "the key must not be empty");
    }
}

//! The engine of `examples/engine` as a package for Node.js.
//!
//! The engine boots when node loads the package. Nothing here starts or ends a runtime.

use std::time::Duration;

use engine::{Engine, Event};
use napi::Status;
use napi::bindgen_prelude::FnArgs;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use rt0_napi::Result;

/// What the library keeps while it runs.
struct Store {
    engine: Engine,
}

/// Opens the engine. `ENGINE_LONGEST_MS` says how long texts are kept, `ENGINE_OPEN_MS` how long opening takes at
/// least.
//
// `during_shutdown`: where only `worker_threads` load the package, one may begin while the last one ends.
#[rt0::init(during_shutdown = "wait")]
async fn init(args: rt0::Args) -> std::result::Result<Store, String> {
    let setting = |name| args.var(name).and_then(|value| value.to_str());
    let ms = |name, default| match setting(name) {
        Some("panic") => panic!("{name} says so"),
        Some(text) => text
            .parse()
            .map(Duration::from_millis)
            .map_err(|error| format!("{name}={text}: {error}")),
        None => Ok(Duration::from_millis(default)),
    };
    let longest = ms("ENGINE_LONGEST_MS", 60_000)?;
    std::thread::sleep(ms("ENGINE_OPEN_MS", 0)?);
    let engine = Engine::open(longest).await;
    let engine = engine.map_err(|error| error.to_string())?;
    Ok(Store { engine })
}

/// Puts a text into the store, in the place of the one with this key: how many there are.
#[napi]
#[rt0::gated]
pub fn put(key: String, text: String) -> Result<u32> {
    let here = rt0::ready(None)?;
    let count = here.state::<Store>().engine.put(&key, &text)?;
    Ok(count.try_into()?)
}

/// The text with this key.
#[napi]
#[rt0::gated]
pub fn get(key: String) -> Result<Option<String>> {
    let here = rt0::ready(None)?;
    Ok(here.state::<Store>().engine.get(&key))
}

/// Waits until there is a text with this key. Node goes on meanwhile, also while the engine is being opened.
#[napi]
#[rt0::gated]
pub async fn wait_for(key: String) -> Result<String> {
    let here = rt0::ready_async().await?;
    Ok(here.state::<Store>().engine.wait_for(&key).await)
}

/// A function of JavaScript that the engine's threads may have called. It does not keep node from ending.
type Watcher =
    ThreadsafeFunction<FnArgs<(String, String)>, (), FnArgs<(String, String)>, Status, false, true>;

/// Has `watcher(key, event)` called for every event from now on: `"put"` or `"expired"`.
#[napi(ts_args_type = "watcher: (key: string, event: 'put' | 'expired') => void")]
#[rt0::gated]
pub fn watch(watcher: Watcher) -> Result<()> {
    let here = rt0::ready(None)?;
    let tell = move |key: &str, event| {
        let event = match event {
            Event::Put => "put",
            Event::Expired => "expired",
        };
        let arguments = (key.to_owned(), event.to_owned()).into();
        // It fails when its environment has ended, which is nobody's fault.
        let _ = watcher.call(arguments, ThreadsafeFunctionCallMode::NonBlocking);
    };
    here.state::<Store>().engine.watch(Box::new(tell));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loaded into this program as into node, the library boots by itself.
    #[test]
    fn a_text_is_there_when_it_has_been_put() {
        assert_eq!(get("a".to_owned()).unwrap(), None);
        assert!(put("a".to_owned(), "one".to_owned()).unwrap() >= 1);
        assert_eq!(get("a".to_owned()).unwrap().as_deref(), Some("one"));
        let waited = rt0::block_on(wait_for("a".to_owned()));
        assert_eq!(waited.unwrap(), "one");
    }
}

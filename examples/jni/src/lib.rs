//! The small engine as a Java class: `engine.Engine`.

use std::sync::Arc;
use std::time::Duration;

use engine::{Engine, Event};
use jni::objects::{JClass, JObject, JString, JValue};
use jni::sys::{jint, jlong};
use jni::{EnvUnowned, jni_mangle, jni_sig, jni_str};
use rt0_jni::{Error, call};

/// What the library keeps while it runs.
struct Shop {
    /// Shared with the tasks that wait.
    engine: Arc<Engine>,
}

/// Runs when Java loads the library, on a thread of its own.
#[rt0::init]
async fn init(args: rt0::Args) -> Result<Shop, Error> {
    let text = |name| args.var(name).and_then(|value| value.to_str());
    if text("ENGINE_VM") == Some("1") {
        ask_java()?;
    }
    let longest = match text("ENGINE_LONGEST_MS") {
        Some("panic") => panic!("told to panic"),
        Some(text) => text.parse()?,
        None => 60_000,
    };
    let engine = Engine::open(Duration::from_millis(longest)).await?;
    Ok(Shop {
        engine: Arc::new(engine),
    })
}

/// As an init that reads its settings from Java.
fn ask_java() -> Result<(), Error> {
    rt0_jni::with_env(|env| {
        let name = env.new_string("java.version")?;
        env.call_static_method(
            jni_str!("java/lang/System"),
            jni_str!("getProperty"),
            jni_sig!("(Ljava/lang/String;)Ljava/lang/String;"),
            &[JValue::Object(&name)],
        )?;
        Ok(())
    })
}

/// Puts a text into the store, and says how many there are.
#[jni_mangle("engine.Engine")]
pub fn put<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    key: JString<'local>,
    text: JString<'local>,
) -> jint {
    call(&mut env, |env, here| {
        let (key, text) = (key.try_to_string(env)?, text.try_to_string(env)?);
        let count = here.state::<Shop>().engine.put(&key, &text);
        let count =
            count.map_err(|error| Error::new("java.lang.IllegalArgumentException", error))?;
        Ok(count.try_into()?)
    })
}

/// The text with this key, or null.
#[jni_mangle("engine.Engine")]
pub fn get<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    key: JString<'local>,
) -> JString<'local> {
    call(&mut env, |env, here| {
        let key = key.try_to_string(env)?;
        match here.state::<Shop>().engine.get(&key) {
            Some(text) => Ok(env.new_string(text)?),
            None => Ok(JString::null()),
        }
    })
}

/// A `CompletableFuture` for the text with this key.
#[jni_mangle("engine.Engine")]
pub fn wait_for<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    key: JString<'local>,
) -> JObject<'local> {
    call(&mut env, |env, here| {
        let key = key.try_to_string(env)?;
        let engine = here.state::<Shop>().engine.clone();
        let work = async move { Ok(engine.wait_for(&key).await) };
        rt0_jni::future(env, work, |env, text| Ok(env.new_string(text)?.into()))
    })
}

/// Waits for the text with this key, at most this long.
#[jni_mangle("engine.Engine")]
pub fn wait_for_at_most<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    key: JString<'local>,
    millis: jlong,
) -> JString<'local> {
    call(&mut env, |env, here| {
        let key = key.try_to_string(env)?;
        let longest = Duration::from_millis(millis.max(0).unsigned_abs());
        let engine = here.state::<Shop>().engine.clone();
        let text = rt0::block_on_for(longest, engine.wait_for(&key))?;
        Ok(env.new_string(text)?)
    })
}

/// Has a `Watcher` told of every event, on the library's threads.
#[jni_mangle("engine.Engine")]
pub fn watch<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    watcher: JObject<'local>,
) {
    call(&mut env, |env, here| {
        if watcher.is_null() {
            return Err(Error::new("java.lang.NullPointerException", "watcher"));
        }
        let watcher = env.new_global_ref(watcher)?;
        here.state::<Shop>()
            .engine
            .watch(Box::new(move |key, event| {
                let told = rt0_jni::with_env(|env| {
                    let key = env.new_string(key)?;
                    let happened = env.new_string(match event {
                        Event::Put => "put",
                        Event::Expired => "expired",
                    })?;
                    env.call_method(
                        &watcher,
                        jni_str!("event"),
                        jni_sig!("(Ljava/lang/String;Ljava/lang/String;)V"),
                        &[JValue::Object(&key), JValue::Object(&happened)],
                    )?;
                    Ok(())
                });
                // A watcher that throws does not disturb the others.
                drop(told);
            }));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without a Java virtual machine: `cargo test` loads none.
    #[test]
    fn the_engine_boots_in_a_test() {
        rt0::start().unwrap();
        let here = rt0::ready(None).unwrap();
        assert_eq!(here.state::<Shop>().engine.put("a", "one").unwrap(), 1);
        let engine = here.state::<Shop>().engine.clone();
        assert_eq!(
            rt0::block_on(async move { engine.wait_for("a").await }),
            "one"
        );
    }
}

//! A `CompletableFuture` for async work on the library's runtime.

use std::future::Future;
use std::thread;

use jni::objects::{JObject, JValue};
use jni::refs::Global;
use jni::{Env, jni_sig, jni_str};

use crate::error::Error;
use crate::sabotage;
use crate::thread::with_env;

/// Does async work on the library's runtime, and gives Java a `CompletableFuture` for its result.
///
/// `give` makes the Java object from the result, on the runtime's thread that completes the future. What goes wrong
/// completes it exceptionally. So does a shutdown, which ends the work wherever it waits; the work must therefore
/// hold no guard, but what it needs of the state: an `Arc` of it, for example. If Java cancels the future, the work
/// goes on.
///
/// Steps that Java adds with `thenApply` run on the runtime's thread: those that take their time belong into
/// `thenApplyAsync`.
///
/// ```no_run
/// # use jni::{EnvUnowned, jni_mangle, objects::{JClass, JObject}};
/// #[jni_mangle("shop.Greeter")]
/// pub fn greet_later<'local>(mut env: EnvUnowned<'local>, _class: JClass<'local>) -> JObject<'local> {
///     rt0_jni::call(&mut env, |env, _here| {
///         let work = async { Ok("Hello".to_owned()) };
///         rt0_jni::future(env, work, |env, text| Ok(env.new_string(text)?.into()))
///     })
/// }
/// ```
///
/// # Errors
/// Java can't make the future.
pub fn future<'local, T, W, G>(
    env: &mut Env<'local>,
    work: W,
    give: G,
) -> Result<JObject<'local>, Error>
where
    T: Send + 'static,
    W: Future<Output = Result<T, Error>> + Send + 'static,
    G: for<'a> FnOnce(&mut Env<'a>, T) -> Result<JObject<'a>, Error> + Send + 'static,
{
    let class = jni_str!("java/util/concurrent/CompletableFuture");
    let future = env.new_object(class, jni_sig!("()V"), &[])?;
    let promise = Promise(Some(env.new_global_ref(&future)?));
    rt0::spawn(async move {
        let result = work.await;
        promise.keep(|env| give(env, result?));
    });
    Ok(future)
}

/// A `CompletableFuture` that must be completed.
struct Promise(Option<Global<JObject<'static>>>);

impl Promise {
    fn keep(mut self, make: impl for<'a> FnOnce(&mut Env<'a>) -> Result<JObject<'a>, Error>) {
        self.complete(make);
    }

    fn complete(&mut self, make: impl for<'a> FnOnce(&mut Env<'a>) -> Result<JObject<'a>, Error>) {
        let Some(future) = self.0.take() else { return };
        // Without the virtual machine nobody waits for it.
        let _ = with_env(|env| {
            let (method, sig, value) = match make(env) {
                Ok(value) => (
                    jni_str!("complete"),
                    jni_sig!("(Ljava/lang/Object;)Z"),
                    value,
                ),
                Err(error) => (
                    jni_str!("completeExceptionally"),
                    jni_sig!("(Ljava/lang/Throwable;)Z"),
                    error.into_exception(env)?.into(),
                ),
            };
            env.call_method(&future, method, sig, &[JValue::Object(&value)])?;
            Ok(())
        });
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        if sabotage::NO_DROPPED_WORK {
            return;
        }
        let text = match thread::panicking() {
            true => "the work panicked",
            false => "the library was shut down before the work was done",
        };
        self.complete(|_| Err(Error::state(text)));
    }
}

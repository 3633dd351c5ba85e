//! The body of a native method.

use jni::{Env, EnvUnowned};

use crate::error::{Error, Throw};
use crate::{end, gate};

/// Runs the body of a native method: waits until the library is ready, keeps it ready meanwhile, and throws what
/// goes wrong.
///
/// The closure gets the environment, and the guard that lends the state. If it fails or panics, if the library's
/// init has failed, or if it is not ready in time, the method returns zero or null, and Java sees an exception:
///
/// | | |
/// |---|---|
/// | the library is not ready, with rt0's text | `IllegalStateException` |
/// | a panic | `RuntimeException` |
/// | an exception that Java code has thrown | the same |
/// | null where there must be an object | `NullPointerException` |
/// | [`Error::new`] | the class that it names |
/// | any other error | `RuntimeException` with its text |
///
/// The thread waits in native code, where it is in nobody's way: not in the collector's, nor in init's if that
/// calls Java.
pub fn call<'local, T: Default>(
    env: &mut EnvUnowned<'local>,
    body: impl FnOnce(&mut Env<'local>, &rt0::Ready) -> Result<T, Error>,
) -> T {
    let gated = |env: &mut Env<'local>| {
        end::prepare(env);
        end::check()?;
        let here = rt0::ready_with(gate::wait)?;
        body(env, &here)
    };
    env.with_env(gated).resolve::<Throw>()
}

/// Throws this error, and returns what the native method then returns: for methods with `#[rt0::gated]`, which
/// goes above or below `#[jni_mangle]`. A body that can panic needs `with_env` of the jni crate, with [`Throw`].
///
/// ```no_run
/// # use jni::{EnvUnowned, jni_mangle, objects::JClass, sys::jint};
/// #[rt0::gated(wait = rt0_jni::wait, or_else = |error| rt0_jni::throw(&mut env, error))]
/// #[jni_mangle("shop.Greeter")]
/// pub fn answer<'local>(mut env: EnvUnowned<'local>, _class: JClass<'local>) -> jint {
///     42
/// }
/// ```
pub fn throw<T: Default>(env: &mut EnvUnowned<'_>, error: impl Into<Error>) -> T {
    let error = error.into();
    env.with_env(|_| Err(error)).resolve::<Throw>()
}

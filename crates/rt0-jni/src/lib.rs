//! Libraries on [rt0] in the Java virtual machine, written with the [jni] crate 0.22.
//!
//! ```toml
//! # Cargo.toml
//! [lib]
//! crate-type = ["cdylib", "rlib"]
//!
//! [dependencies]
//! jni = "0.22"
//! rt0 = "0.1"
//! rt0-jni = "0.1"
//!
//! [build-dependencies]
//! rt0-build = "0.1"      # build.rs: fn main() { rt0_build::setup(); }
//! ```
//!
//! ```no_run
//! # mod example {
//! use jni::objects::{JClass, JString};
//! use jni::{EnvUnowned, jni_mangle};
//!
//! struct Greeter { greeting: String }
//!
//! #[rt0::init]
//! fn init() -> Greeter {
//!     Greeter { greeting: "Hello".to_owned() }
//! }
//!
//! /// `static native String greet(String name);` of the class `shop.Greeter`.
//! #[jni_mangle("shop.Greeter")]
//! pub fn greet<'local>(
//!     mut env: EnvUnowned<'local>,
//!     _class: JClass<'local>,
//!     name: JString<'local>,
//! ) -> JString<'local> {
//!     rt0_jni::call(&mut env, |env, here| {
//!         let greeting = &here.state::<Greeter>().greeting;
//!         let text = format!("{greeting}, {}!", name.try_to_string(env)?);
//!         Ok(env.new_string(text)?)
//!     })
//! }
//! # }
//! # fn main() {}
//! ```
//!
//! - [`call`] is the body of a native method: it waits until the library is ready, and throws what goes wrong.
//! - [`with_env`] calls Java from a thread of the library: from a task, a callback, init.
//! - `future` gives Java a `CompletableFuture` for async work on the library's runtime.
//! - [`Error`] is what can be thrown. Every error becomes one with `?`.
//!
//! # The end of the virtual machine
//! A shutdown hook, which this crate registers by itself, ends the library while Java still works, as
//! `rt0::end` does, within the `exit_timeout` of `#[rt0::init]`. From then on [`call`] throws an
//! `IllegalStateException`, and [`with_env`] attaches no thread any more: a thread that entered Java now would be
//! parked by the virtual machine, and the exit of the process would wait for it.
//!
//! Hooks run at the same time, in no order. A hook of the application that needs the library may come too late.
//!
//! [rt0]: https://docs.rs/rt0
//! [jni]: https://docs.rs/jni

#![deny(unsafe_code)]
// The examples show whole files.
#![allow(clippy::needless_doctest_main)]

mod call;
mod end;
mod error;
#[cfg(feature = "tokio")]
mod future;
mod gate;
mod sabotage;
mod thread;
mod vm;

pub use call::{call, throw};
pub use error::{Error, Throw};
#[cfg(feature = "tokio")]
pub use future::future;
pub use gate::wait;
pub use thread::with_env;
pub use vm::loaded;

//! The end of the virtual machine: a shutdown hook ends the library while Java still works.
//!
//! The hook is a `Thread` with a `Runnable` whose `run` is a function of this file. The class of that is defined
//! from bytes, so authors need no Java code for it.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use jni::errors::Error as JniError;
use jni::objects::{JClassLoader, JObject, JValue};
use jni::strings::JNIString;
use jni::{Env, EnvUnowned, NativeMethod, jni_sig, jni_str};

use crate::error::Error;
use crate::{sabotage, vm};

static PREPARED: Once = Once::new();

/// The hook is ending the library.
static ENDS: AtomicBool = AtomicBool::new(false);

/// The hook has ended the library.
static ENDED: AtomicBool = AtomicBool::new(false);

/// Notes the virtual machine, and registers the hook: once.
pub(crate) fn prepare(env: &mut Env<'_>) {
    PREPARED.call_once(|| {
        vm::tell();
        if sabotage::NO_HOOK {
            return;
        }
        if env.with_local_frame(16, register).is_err() {
            // A virtual machine that ends already, or that defines no classes, as Android's. There the exit of the
            // process ends the library.
            env.exception_clear();
        }
    });
}

/// Whether the virtual machine still lives.
pub(crate) fn check() -> Result<(), Error> {
    // Acquire pairs with the Release in `run`: whoever sees it sees that the library was ended.
    match ENDED.load(Ordering::Acquire) {
        false => Ok(()),
        true => Err(Error::state(
            "the Java virtual machine ends, and has ended the library",
        )),
    }
}

/// Whether the virtual machine has begun to end.
pub(crate) fn has_begun() -> bool {
    // Relaxed: who is told of the end, or is refused after it, has that from rt0.
    ENDS.load(Ordering::Relaxed)
}

extern "system" fn run(_: EnvUnowned<'_>, _: JObject<'_>) {
    // Relaxed: see `has_begun`.
    ENDS.store(true, Ordering::Relaxed);
    let _ = rt0::end(None);
    // Release pairs with the Acquire in `check`.
    ENDED.store(true, Ordering::Release);
}

#[expect(unsafe_code, reason = "the jni crate can't check the function's type")]
fn register(env: &mut Env<'_>) -> Result<(), JniError> {
    // The class is one of this file alone: another file that has this crate inside has another address.
    let name = format!("rt0/AtTheEnd_{:x}", (&raw const ENDED).addr());
    let loader = JClassLoader::get_system_class_loader(env)?;
    let class = env.define_class(Some(JNIString::new(&name)), &loader, &runnable(&name))?;
    // SAFETY: `run` has the type of an instance's method without arguments and result. This file is never unmapped:
    // rt0 keeps a library with std inside where it is.
    unsafe {
        let run = NativeMethod::from_raw_parts(jni_str!("run"), jni_str!("()V"), run as *mut _);
        env.register_native_methods(&class, &[run])?;
    }
    let runnable = env.alloc_object(&class)?;
    let name = env.new_string("rt0-end")?;
    let thread = env.new_object(
        jni_str!("java/lang/Thread"),
        jni_sig!("(Ljava/lang/Runnable;Ljava/lang/String;)V"),
        &[JValue::Object(&runnable), JValue::Object(&name)],
    )?;
    let runtime = env.call_static_method(
        jni_str!("java/lang/Runtime"),
        jni_str!("getRuntime"),
        jni_sig!("()Ljava/lang/Runtime;"),
        &[],
    )?;
    env.call_method(
        runtime.l()?,
        jni_str!("addShutdownHook"),
        jni_sig!("(Ljava/lang/Thread;)V"),
        &[JValue::Object(&thread)],
    )?;
    Ok(())
}

/// The class file of `final class NAME implements Runnable { public native void run(); }`, for Java 8 and later.
fn runnable(name: &str) -> Vec<u8> {
    const CLASS: u8 = 7;
    const UTF8: u8 = 1;
    let mut file = vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52];
    file.extend([0, 9]);
    let constants = [
        (name, true),
        ("java/lang/Object", true),
        ("java/lang/Runnable", true),
        ("run", false),
        ("()V", false),
    ];
    let mut number = 0;
    for (text, is_class) in constants {
        if is_class {
            file.extend([CLASS, 0, number + 2]);
            number += 1;
        }
        file.push(UTF8);
        file.extend((text.len() as u16).to_be_bytes());
        file.extend(text.as_bytes());
        number += 1;
    }
    // Final, with the usual meaning of `super`; this, its superclass, one interface, no fields.
    file.extend([0, 0x30, 0, 1, 0, 3, 0, 1, 0, 5, 0, 0]);
    // One method, public and native: its name and type; no attributes, neither the method nor the class.
    file.extend([0, 1, 1, 1, 0, 7, 0, 8, 0, 0, 0, 0]);
    file
}

//! `#[rt0::gated]` on native methods, above and below the attribute that gives them their names.

#![expect(unsafe_code, reason = "a method with a name by hand")]
#![expect(dead_code, reason = "only the virtual machine calls them")]

use jni::objects::JClass;
use jni::sys::jint;
use jni::{Env, EnvUnowned, jni_mangle, native_method};
use rt0_jni::{Error, Throw, throw};

#[rt0::init]
fn init() {}

/// A native method.
#[rt0::gated(wait = rt0_jni::wait, or_else = |error| throw(&mut env, error))]
#[jni_mangle("shop.Shop")]
pub fn above<'local>(mut env: EnvUnowned<'local>, _class: JClass<'local>) -> jint {
    1
}

/// A native method.
#[jni_mangle("shop.Shop")]
#[rt0::gated(wait = rt0_jni::wait, or_else = |error| throw(&mut env, error))]
pub fn below<'local>(mut env: EnvUnowned<'local>, _class: JClass<'local>) -> jint {
    2
}

/// A native method.
// SAFETY: nobody else has this name.
#[unsafe(no_mangle)]
#[rt0::gated(wait = rt0_jni::wait, or_else = |error| throw(&mut env, error))]
pub extern "system" fn Java_shop_Shop_hand<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
) -> jint {
    3
}

/// What the jni crate's macros call returns a `Result`, and needs no `or_else`.
#[rt0::gated(wait = rt0_jni::wait)]
fn inner<'local>(_env: &mut Env<'local>, _class: JClass<'local>) -> Result<jint, Error> {
    Ok(4)
}

const INNER: jni::NativeMethod = native_method! {
    java_type = "shop.Shop",
    error_policy = Throw,
    static extern fn inner() -> jint,
};

/// They are gated, and the library that they are in boots in a program without a virtual machine.
#[test]
fn the_gate_opens_without_java() {
    rt0::start().unwrap();
    drop(rt0::ready_with(rt0_jni::wait).unwrap());
}

#[test]
fn without_java_no_thread_is_attached() {
    let error = rt0_jni::with_env(|_| Ok(())).unwrap_err();
    let error = error.to_string();
    let nobody = "no Java virtual machine has loaded the library";
    let (start, rest) = error.split_at(nobody.len());
    assert_eq!(start, nobody);
    // Whoever turns off this crate's own `JNI_OnLoad` is told what theirs must call.
    assert_eq!(
        rest.contains("does not call rt0_jni::loaded"),
        cfg!(not(feature = "on-load"))
    );
}

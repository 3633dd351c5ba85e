//! The library's threads in Java: attached as daemons when they first need it, detached at their ends.
#![expect(unsafe_code, reason = "the jni crate attaches no daemons")]

use std::cell::OnceCell;
use std::ffi::CString;
use std::ptr::null_mut;
use std::thread;

use jni::errors::{Error as JniError, jni_error_code_to_result};
use jni::vm::JavaVM;
use jni::{Env, JNIVersion, sys};

use crate::error::Error;
use crate::{end, gate, sabotage, vm};

/// Calls Java from this thread: from a task of the library's runtime, from a callback, from init, or from a thread
/// of the author's.
///
/// A thread that Java does not know is attached first, as a daemon, and stays attached to its end: the virtual
/// machine does not wait for daemons, so a program whose `main` has returned ends. What an exception leaves behind
/// is not pending when this returns: it is the error.
///
/// Before the virtual machine has loaded the library (init runs during the load), it waits for that.
///
/// On a thread of the library `env.find_class` finds only what the system's class loader knows. Objects that Java
/// has passed in know their classes.
///
/// # Errors
/// What the closure returns. An exception. An `IllegalStateException` if no virtual machine has loaded the library
/// within ten seconds, if the virtual machine ends and does not know this thread, or if this is an init that runs on
/// a thread of Java's (`RT0_START=quiet`).
pub fn with_env<T>(body: impl FnOnce(&mut Env<'_>) -> Result<T, Error>) -> Result<T, Error> {
    gate::check()?;
    let vm = vm::wait()?;
    if !vm.is_thread_attached()? {
        end::check()?;
        attach(&vm)?;
    }
    vm.attach_current_thread(body)
}

/// On a thread that `attach` has attached.
struct Attached;

thread_local! {
    static ATTACHED: OnceCell<Attached> = const { OnceCell::new() };
}

fn attach(vm: &JavaVM) -> Result<(), JniError> {
    let name = thread::current()
        .name()
        .and_then(|name| CString::new(name).ok());
    let mut args = sys::JavaVMAttachArgs {
        version: JNIVersion::V1_8.into(),
        name: name.as_deref().unwrap_or(c"rt0").as_ptr().cast_mut(),
        group: null_mut(),
    };
    let (vm, mut env) = (vm.get_raw(), null_mut());
    // SAFETY: JNI's invocation interface, whose table never changes. `args` and the name live until the call
    // returns, and the JVM does not write to them.
    let code = unsafe {
        let attach = match sabotage::NO_DAEMONS {
            false => (**vm).v1_4.AttachCurrentThreadAsDaemon,
            true => (**vm).v1_4.AttachCurrentThread,
        };
        attach(vm, &raw mut env, (&raw mut args).cast())
    };
    jni_error_code_to_result(code)?;
    ATTACHED.with(|attached| {
        let _ = attached.set(Attached);
    });
    Ok(())
}

impl Drop for Attached {
    fn drop(&mut self) {
        if let Ok(vm) = JavaVM::singleton() {
            let vm = vm.get_raw();
            // SAFETY: as above. The thread ends, so no Java method is on its stack.
            unsafe { ((**vm).v1_4.DetachCurrentThread)(vm) };
        }
    }
}

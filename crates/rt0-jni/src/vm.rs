//! Which virtual machine has loaded the library. The jni crate keeps it; here threads wait for it.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use jni::vm::JavaVM;

use crate::end;
use crate::error::Error;

/// For how long a thread waits for the virtual machine. It calls `JNI_OnLoad` right after the `dlopen` in which the
/// library's boot begins.
const LONGEST: Duration = Duration::from_secs(10);

const UNKNOWN: &str = match cfg!(feature = "on-load") {
    true => "no Java virtual machine has loaded the library",
    false => {
        "no Java virtual machine has loaded the library, or the library's own JNI_OnLoad does not call \
         rt0_jni::loaded: rt0-jni's feature `on-load` is off"
    }
};

static TOLD: Mutex<()> = Mutex::new(());
static KNOWN: Condvar = Condvar::new();

/// Tells this crate about the virtual machine that has loaded the library, for authors who define `JNI_OnLoad`
/// themselves and have turned off this crate's feature `on-load`. Call it there.
pub fn loaded(vm: &JavaVM) {
    let _ = vm.attach_current_thread(|env| {
        end::prepare(env);
        Ok::<_, jni::errors::Error>(())
    });
}

/// The jni crate knows the virtual machine now.
pub(crate) fn tell() {
    let _told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    KNOWN.notify_all();
}

/// The virtual machine. The library's boot may ask before it is known.
pub(crate) fn wait() -> Result<JavaVM, Error> {
    if let Ok(vm) = JavaVM::singleton() {
        return Ok(vm);
    }
    let told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let is_unknown = |_: &mut ()| JavaVM::singleton().is_err();
    drop(KNOWN.wait_timeout_while(told, LONGEST, is_unknown));
    JavaVM::singleton().map_err(|_| Error::state(UNKNOWN))
}

#[cfg(feature = "on-load")]
#[expect(unsafe_code, reason = "the virtual machine looks it up by its name")]
mod on_load {
    use std::ffi::c_void;

    use jni::JNIVersion;
    use jni::sys::{self, jint};
    use jni::vm::JavaVM;

    // SAFETY: the name belongs to this function: the JVM calls it in every library that it loads. An author who
    // has one too turns off the feature; with both, the library does not link.
    #[unsafe(no_mangle)]
    extern "system" fn JNI_OnLoad(vm: *mut sys::JavaVM, _: *mut c_void) -> jint {
        // SAFETY: the JVM passes itself.
        let vm = unsafe { JavaVM::from_raw(vm) };
        super::loaded(&vm);
        JNIVersion::V1_8.into()
    }
}

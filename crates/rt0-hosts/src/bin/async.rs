//! A host that lives inside a tokio runtime of its own: `rt0-hosts-async FLAVOR LIB`, the probe. It loads
//! the library and calls it from async code. Prints `NAME = RESULT`.

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::null_mut;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle};

/// The probe's functions that are called here.
struct Probe {
    ping: unsafe extern "C" fn() -> i32,
    stay_blocked: unsafe extern "C" fn(i32) -> i32,
    spawned: Text,
    blocking: Text,
    call_back_on_worker: unsafe extern "C" fn(Back, *mut i32, *mut *mut c_char) -> i32,
    shutdown: unsafe extern "C" fn(i32) -> i32,
    free: unsafe extern "C" fn(*mut c_void) -> i32,
}

type Text = unsafe extern "C" fn(*mut *mut c_char, *mut usize, *mut *mut c_char) -> i32;
type Back = unsafe extern "C" fn() -> i32;

static PROBE: OnceLock<Probe> = OnceLock::new();

fn probe() -> &'static Probe {
    PROBE.get().expect("it is loaded first")
}

fn load(path: &str) -> Probe {
    let path = CString::new(path).expect("a path");
    // SAFETY: dlopen(3) of a path that ends with a zero.
    let library = unsafe { libc::dlopen(path.as_ptr(), libc::RTLD_NOW) };
    assert!(!library.is_null(), "it can't be loaded");
    let symbol = |name: &CStr| {
        // SAFETY: the library was just opened and is never closed.
        let at = unsafe { libc::dlsym(library, name.as_ptr()) };
        assert!(!at.is_null(), "no symbol {name:?}");
        at
    };
    // SAFETY: the types are those of the probe's header.
    unsafe {
        use std::mem::transmute;
        Probe {
            ping: transmute::<*mut c_void, unsafe extern "C" fn() -> i32>(symbol(c"probe_ping")),
            stay_blocked: transmute::<*mut c_void, unsafe extern "C" fn(i32) -> i32>(symbol(
                c"probe_stay_blocked",
            )),
            spawned: transmute::<*mut c_void, Text>(symbol(c"probe_spawned")),
            blocking: transmute::<*mut c_void, Text>(symbol(c"probe_blocking")),
            call_back_on_worker: transmute::<
                *mut c_void,
                unsafe extern "C" fn(Back, *mut i32, *mut *mut c_char) -> i32,
            >(symbol(c"probe_call_back_on_worker")),
            shutdown: transmute::<*mut c_void, unsafe extern "C" fn(i32) -> i32>(symbol(
                c"probe_shutdown",
            )),
            free: transmute::<*mut c_void, unsafe extern "C" fn(*mut c_void) -> i32>(symbol(
                c"probe_free",
            )),
        }
    }
}

/// Calls a function that returns a text: the text, or the code and the error's text.
fn text(function: Text) -> String {
    let (mut out, mut err) = (null_mut(), null_mut());
    // SAFETY: places for what the function returns; a null pointer for the length, which it may omit.
    let code = unsafe { function(&mut out, null_mut(), &mut err) };
    let (given, prefix) = match code {
        0 => (out, String::new()),
        code => (err, format!("error {code} ")),
    };
    if given.is_null() {
        return format!("{prefix}(null)");
    }
    // SAFETY: a text from the library that ends with a zero; freed once.
    unsafe {
        let shown = CStr::from_ptr(given).to_string_lossy().into_owned();
        (probe().free)(given.cast());
        prefix + &shown
    }
}

/// Called on one of the library's own threads: makes a call that blocks on the library's runtime.
unsafe extern "C" fn nested() -> i32 {
    println!("nested = {}", text(probe().spawned));
    // SAFETY: takes nothing.
    unsafe { (probe().ping)() }
}

async fn calls(path: String) {
    // The call waits for start-up, inside a task.
    let probe = PROBE.get_or_init(|| load(&path));
    // SAFETY: takes nothing.
    println!("ping = {}", unsafe { (probe.ping)() });
    // SAFETY: as above.
    println!("stay_blocked = {}", unsafe { (probe.stay_blocked)(5) });
    println!("spawned = {}", text(probe.spawned));
    println!("blocking = {}", text(probe.blocking));
    let mut value = 0;
    // SAFETY: the callback has the expected type; a null pointer for the error's text, which it may omit.
    let code = unsafe { (probe.call_back_on_worker)(nested, &mut value, null_mut()) };
    println!("worker = {code} {value}");
    // The host's runtime is still the host's.
    let own = tokio::spawn(async { Handle::current().runtime_flavor() }).await;
    println!("own = {:?}", own.expect("a task of the host's"));
    let elsewhere = tokio::task::spawn_blocking(|| text(PROBE.get().expect("loaded").spawned));
    println!(
        "elsewhere = {}",
        elsewhere.await.expect("it does not panic")
    );
    // SAFETY: takes a number.
    println!("shutdown = {}", unsafe { (probe.shutdown)(20_000) });
    println!("again = {}", text(probe.spawned));
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let [_, flavor, path] = &words[..] else {
        panic!("rt0-hosts-async FLAVOR LIB");
    };
    let mut builder = match &**flavor {
        "current_thread" => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    let runtime = builder.worker_threads(2).build().expect("a runtime");
    let path = path.clone();
    runtime.block_on(async { tokio::spawn(calls(path)).await.expect("it does not panic") });
}

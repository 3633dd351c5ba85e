//@ call: begin(callback) -> i32 = 0
//@ shutdown: stop() -> i32 = 0
//! A thread that calls back without end.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

static STOP: AtomicBool = AtomicBool::new(false);
static THREAD: Mutex<Option<JoinHandle<()>>> = Mutex::new(None);

#[unsafe(no_mangle)]
pub extern "C" fn begin(callback: extern "C" fn()) -> i32 {
    let work = move || {
        while !STOP.load(Ordering::Relaxed) {
            callback();
            std::thread::sleep(Duration::from_micros(50));
        }
    };
    *THREAD.lock().unwrap() = Some(std::thread::spawn(work));
    0
}

#[unsafe(no_mangle)]
pub extern "C" fn stop() -> i32 {
    #[cfg(not(fault))]
    {
        STOP.store(true, Ordering::Relaxed);
        if let Some(thread) = THREAD.lock().unwrap().take() {
            let _ = thread.join();
        }
    }
    0
}

//! By hand: a constructor makes the runtime, on a thread of its own. Nothing handles forks.

use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

static RUNTIME: OnceLock<Runtime> = OnceLock::new();

fn start() -> Runtime {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime")
}

#[used]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = {
    extern "C" fn constructor() {
        std::thread::spawn(|| RUNTIME.get_or_init(start));
    }
    constructor
};

/// Waits until the constructor's thread has made it.
fn runtime() -> &'static Runtime {
    RUNTIME.wait()
}

/// The sum.
#[unsafe(no_mangle)]
pub extern "C" fn peer_add(a: i32, b: i32) -> i32 {
    a.wrapping_add(b)
}

/// The sum, after a millisecond on the runtime's clock.
#[unsafe(no_mangle)]
pub extern "C" fn peer_sleep_and_add(a: i32, b: i32) -> i32 {
    runtime().block_on(async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        a.wrapping_add(b)
    })
}

/// Calls this function on one of the runtime's threads: 0, or -1 if that is not possible.
#[unsafe(no_mangle)]
pub extern "C" fn peer_tell(back: extern "C" fn()) -> i32 {
    let task = runtime().spawn(async move { back() });
    runtime().block_on(task).map_or(-1, |()| 0)
}

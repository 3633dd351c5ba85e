//! A constructor makes the runtime, on a thread that std makes.

#[path = "../../by_hand/mod.rs"]
mod by_hand;

use by_hand::{STARTED, Started, start};

#[used]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = {
    extern "C" fn constructor() {
        std::thread::spawn(|| {
            STARTED.get_or_init(start);
        });
    }
    constructor
};

#[inline(always)]
fn started() -> &'static Started {
    match STARTED.get() {
        Some(started) => started,
        None => wait(),
    }
}

#[cold]
fn wait() -> &'static Started {
    STARTED.wait()
}

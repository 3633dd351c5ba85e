//! What an author without rt0 writes for async exports: a task for each, a channel to the host, and an eventfd that
//! wakes it. Nothing can be cancelled, nobody waits for the end, and one queue serves all.

#[path = "../../held.rs"]
mod held;

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{LazyLock, Mutex};

use held::{HELD, Held};
use tokio::runtime::{Builder, Runtime};

/// The runtime, and the way from its tasks to the host.
struct Started {
    runtime: Runtime,
    sender: Sender<(u64, i64)>,
    receiver: Mutex<Receiver<(u64, i64)>>,
    event: i32,
}

static STARTED: LazyLock<Started> = LazyLock::new(|| {
    let (sender, receiver) = channel();
    // SAFETY: eventfd(2) has no preconditions.
    let event = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC) };
    Started {
        runtime: Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("a runtime"),
        sender,
        receiver: Mutex::new(receiver),
        event,
    }
});

/// Begins a task. Its result comes with its tag.
fn begin(tag: u64, future: impl Future<Output = i64> + Send + 'static) -> i32 {
    let spawn = || {
        let sender = STARTED.sender.clone();
        STARTED.runtime.spawn(async move {
            let value = future.await;
            if sender.send((tag, value)).is_ok() {
                let one = 1u64;
                // SAFETY: the descriptor is ours and is never closed; the value is eight bytes.
                unsafe { libc::write(STARTED.event, (&raw const one).cast(), 8) };
            }
        });
    };
    catch_unwind(AssertUnwindSafe(spawn)).map_or(-3, |()| 0)
}

/// Is ready at once.
#[unsafe(no_mangle)]
pub extern "C" fn hand_sum_begin(a: i32, b: i32, tag: u64) -> i32 {
    begin(tag, async move { i64::from(a.wrapping_add(b)) })
}

/// Is never ready.
#[unsafe(no_mangle)]
pub extern "C" fn hand_hold_begin(number: u64, tag: u64) -> i32 {
    begin(tag, async move {
        let Ok(value) = Held::new(number).await;
        value as i64
    })
}

/// How many calls of [`hand_hold_begin`] have begun.
#[unsafe(no_mangle)]
pub extern "C" fn hand_held() -> u64 {
    HELD.load(Ordering::Relaxed)
}

/// The eventfd, which blocks.
#[unsafe(no_mangle)]
pub extern "C" fn hand_fd() -> i32 {
    STARTED.event
}

/// Takes one result, if there is one: 1, or 0.
///
/// # Safety
/// Both are places for the results.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hand_take(tag: *mut u64, value: *mut i64) -> i32 {
    let take = || STARTED.receiver.lock().ok()?.try_recv().ok();
    match catch_unwind(AssertUnwindSafe(take)) {
        Ok(Some((its, result))) => {
            // SAFETY: the caller's promise.
            unsafe { (*tag, *value) = (its, result) };
            1
        }
        Ok(None) => 0,
        Err(_) => -3,
    }
}

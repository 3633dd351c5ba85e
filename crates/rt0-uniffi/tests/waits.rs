//! A future that needs the runtime before the library is ready.
#![allow(missing_docs)]

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

static OPEN: Mutex<Option<mpsc::Receiver<()>>> = Mutex::new(None);

#[rt0::init(start = "lazy")]
fn init() {
    let open = OPEN.lock().unwrap().take();
    open.unwrap().recv().unwrap();
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// If the first poll blocked its thread, nobody would let init go on.
#[test]
fn it_waits_for_the_boot_and_blocks_no_thread() {
    let (open, is_open) = mpsc::channel();
    *OPEN.lock().unwrap() = Some(is_open);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let make = async || tokio::spawn(async { 7 }).await.unwrap();
    let mut future = pin!(rt0_uniffi::on_runtime(make));
    assert!(future.as_mut().poll(&mut context).is_pending());
    open.send(()).unwrap();
    let seven = loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(seven) => break seven,
            Poll::Pending => thread::park(),
        }
    };
    assert_eq!(seven, 7);
}

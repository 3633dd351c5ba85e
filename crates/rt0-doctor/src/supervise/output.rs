//! Reads what a subject prints, without end, and keeps the last of it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::limits::KEPT;

/// What was printed so far.
#[derive(Clone, Default)]
pub struct Output {
    count: Arc<AtomicU64>,
    last: Arc<Mutex<VecDeque<u8>>>,
    closed: Arc<(Mutex<bool>, Condvar)>,
}

impl Output {
    /// Reads this pipe on a thread of its own until nobody has its other end.
    pub fn read(&self, pipe: File) {
        self.read_by(pipe, |bytes| bytes.to_vec());
    }

    /// The same. Of what is read, `kept` gives back what counts as output.
    pub fn read_by(&self, mut pipe: File, kept: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) {
        let this = self.clone();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                // Relaxed: a count that nothing else depends on.
                this.count.fetch_add(count as u64, Ordering::Relaxed);
                let mut last = this.last.lock().expect("no thread panics with it");
                last.extend(kept(&buffer[..count]));
                let surplus = last.len().saturating_sub(KEPT);
                last.drain(..surplus);
            }
            *this.closed.0.lock().expect("no thread panics with it") = true;
            this.closed.1.notify_all();
        });
    }

    /// Waits until everything is read that was printed. The other end may be in the hands of a process that was sent
    /// elsewhere with it, so not for ever.
    pub fn settle(&self) {
        let closed = self.closed.0.lock().expect("no thread panics with it");
        let second = Duration::from_secs(1);
        drop(
            self.closed
                .1
                .wait_timeout_while(closed, second, |closed| !*closed),
        );
    }

    /// How many bytes there were.
    pub fn count(&self) -> u64 {
        // Relaxed: as above.
        self.count.load(Ordering::Relaxed)
    }

    /// The last of them as text.
    pub fn text(&self) -> String {
        let mut last = self.last.lock().expect("no thread panics with it");
        String::from_utf8_lossy(last.make_contiguous()).into_owned()
    }
}

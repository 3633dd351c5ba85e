//! Reads what a subject prints, without end, and keeps the last of it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::limits::KEPT;
use crate::subject::now;

/// What was printed so far.
#[derive(Clone, Default)]
pub struct Output {
    count: Arc<AtomicU64>,
    last: Arc<Mutex<VecDeque<u8>>>,
    /// How many pipes are still read.
    open: Arc<(Mutex<usize>, Condvar)>,
}

impl Output {
    /// Reads this pipe on a thread of its own until nobody has its other end.
    pub fn read(&self, mut pipe: File) {
        let all = move |buffer: &mut [u8]| match pipe.read(buffer) {
            Ok(count @ 1..) => Some((count, now())),
            _ => None,
        };
        self.read_by(all, |bytes, _| bytes.to_vec());
    }

    /// The same for what `next` reads, and when that was written. `kept` gives back what of it counts as output.
    pub fn read_by(
        &self,
        mut next: impl FnMut(&mut [u8]) -> Option<(usize, u64)> + Send + 'static,
        kept: impl Fn(&[u8], u64) -> Vec<u8> + Send + 'static,
    ) {
        let this = self.clone();
        *this.open.0.lock().expect("no thread panics with it") += 1;
        std::thread::spawn(move || {
            let mut buffer = vec![0; 256 << 10];
            while let Some((count, at)) = next(&mut buffer) {
                // Relaxed: a count that nothing else depends on.
                this.count.fetch_add(count as u64, Ordering::Relaxed);
                let mut last = this.last.lock().expect("no thread panics with it");
                last.extend(kept(&buffer[..count], at));
                let surplus = last.len().saturating_sub(KEPT);
                last.drain(..surplus);
            }
            *this.open.0.lock().expect("no thread panics with it") -= 1;
            this.open.1.notify_all();
        });
    }

    /// Waits until everything is read that was printed. The other end may be in the hands of a process that was sent
    /// elsewhere with it, so not for ever; on a busy machine the threads that read may wait for a processor.
    pub fn settle(&self) {
        let open = self.open.0.lock().expect("no thread panics with it");
        const LONGEST: Duration = Duration::from_secs(10);
        drop(
            self.open
                .1
                .wait_timeout_while(open, LONGEST, |open| *open > 0),
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

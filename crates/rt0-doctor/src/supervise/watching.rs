//! What a keeper notices of a process that is watched: its threads, and what the dynamic loader says.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::observed::{Thread, Word};
use crate::subject::now;

/// How often the threads are looked at, and how often when it has gone on for some time.
const OFTEN: Duration = Duration::from_millis(1);
const SELDOM: Duration = Duration::from_millis(20);

/// How many looks are often.
const LOOKS: u32 = 5000;

/// How many threads, and how many lines of the loader's, are kept.
const THREADS: usize = 512;
const LINES: usize = 20_000;

/// Looks at the threads of a process, on a thread of its own, until it is stopped.
pub struct Sampler {
    threads: Arc<Mutex<Vec<Thread>>>,
    stop: Arc<AtomicBool>,
}

impl Sampler {
    /// Begins to look.
    pub fn of(process: u32) -> Sampler {
        let sampler = Sampler {
            threads: Arc::default(),
            stop: Arc::default(),
        };
        let (threads, stop) = (sampler.threads.clone(), sampler.stop.clone());
        std::thread::spawn(move || {
            let mut looks = 0;
            // Relaxed: it only has to be seen some time.
            while !stop.load(Ordering::Relaxed) {
                look(process, &threads);
                looks += 1;
                std::thread::sleep(if looks < LOOKS { OFTEN } else { SELDOM });
            }
        });
        sampler
    }

    /// Stops, and gives what was seen.
    pub fn stop(&self) -> Vec<Thread> {
        self.stop.store(true, Ordering::Relaxed);
        let threads = self.threads.lock();
        threads.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn look(process: u32, threads: &Mutex<Vec<Thread>>) {
    let tasks = fs::read_dir(format!("/proc/{process}/task"));
    let mut threads = threads.lock().unwrap_or_else(PoisonError::into_inner);
    for task in tasks.into_iter().flatten().flatten() {
        let number = task.file_name().to_str().and_then(|name| name.parse().ok());
        let (Some(id), Ok(name)) = (number, fs::read_to_string(task.path().join("comm"))) else {
            continue;
        };
        let (name, now) = (name.trim_end().to_owned(), now());
        if let Some(thread) = threads.iter_mut().find(|thread| thread.id == id) {
            (thread.name, thread.last) = (name, now);
        } else if threads.len() < THREADS {
            threads.push(Thread {
                id,
                name,
                first: now,
                last: now,
            });
        }
    }
}

/// Takes the dynamic loader's lines out of what a process prints.
#[derive(Default)]
pub struct Loader {
    lines: Mutex<Vec<Word>>,
    /// The beginning of a line.
    rest: Mutex<Vec<u8>>,
}

impl Loader {
    /// Keeps the loader's lines of these bytes, with the time at which they were written, and gives all others back.
    pub fn take(&self, bytes: &[u8], at: u64) -> Vec<u8> {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        rest.extend_from_slice(bytes);
        let mut others = Vec::new();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            match said_by_loader(&line) {
                Some((_, text)) if text.trim().is_empty() => {}
                Some((process, text)) => {
                    let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
                    if lines.len() < LINES {
                        lines.push(Word { at, process, text });
                    }
                }
                None => others.extend(line),
            }
        }
        // What is no line of the loader's may never end.
        if rest
            .first()
            .is_some_and(|byte| !b" 0123456789".contains(byte))
            || rest.len() > 4096
        {
            others.append(&mut rest);
        }
        others
    }

    /// The lines, and what was left of the last.
    pub fn over(&self) -> Vec<Word> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.clone()
    }
}

/// `     12345:\tcalling init: ...`, the number apart.
fn said_by_loader(line: &[u8]) -> Option<(u32, String)> {
    let line = String::from_utf8_lossy(line);
    let (number, text) = line.split_once(":\t").or_else(|| {
        let number = line.trim_end().strip_suffix(':')?;
        Some((number, ""))
    })?;
    let number = number.trim_start().parse().ok()?;
    Some((number, text.trim_end().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::Loader;

    #[test]
    fn lines_of_the_loader_are_told_from_others_in_whatever_pieces_they_come() {
        let loader = Loader::default();
        let text = b"hello\n     12345:\tfile=libm.so.6 [0];  needed by x [0]\nno newline";
        let mut others = Vec::new();
        for byte in text {
            others.extend(loader.take(&[*byte], 5));
        }
        others.extend(loader.take(b" yet\n     12345:\t\n 12:00 is a time\n", 5));
        assert_eq!(
            String::from_utf8(others).unwrap(),
            "hello\nno newline yet\n 12:00 is a time\n"
        );
        let [line] = &loader.over()[..] else {
            panic!("not one line");
        };
        assert_eq!((line.at, line.process), (5, 12345));
        assert_eq!(line.text, "file=libm.so.6 [0];  needed by x [0]");
    }
}

//! Linked into a program, such as this test, the crate is an ordinary Rust library: nothing starts by itself,
//! and the program can open the engine.
#![cfg(target_os = "linux")]

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use search::engine::Engine;
use search::settings::{Settings, Store};

/// The names of the process's threads.
fn threads() -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let name = |task: std::io::Result<fs::DirEntry>| {
        fs::read_to_string(task.ok()?.path().join("comm")).ok()
    };
    tasks
        .filter_map(name)
        .map(|name| name.trim().to_owned())
        .collect()
}

#[test]
fn nothing_starts_by_itself() {
    // The threads of a boot would exist by now.
    sleep(Duration::from_millis(300));
    let threads = threads();
    // The test's own threads: the one that waits for this test, and this one.
    assert!(threads.len() <= 2, "{threads:?}");

    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.txt"), "the cat").unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let opening = Engine::open(Settings {
        directory: dir.path().to_owned(),
        store: Store::Memory,
    });
    let engine = runtime.block_on(opening).unwrap();
    assert_eq!(engine.count("cat").unwrap(), 1);
}

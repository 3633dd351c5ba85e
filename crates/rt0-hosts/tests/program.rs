//! A Rust program, such as this test, that depends on a library's crate.
//!
//! There is only one test: it looks at the threads of the whole process.
//!
//! On Linux only: it counts threads in `/proc`.
#![cfg(target_os = "linux")]

use std::panic::{catch_unwind, set_hook, take_hook};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

fn threads() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux has it");
    let name = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm"));
    tasks
        .filter_map(|task| name(task.ok()?).ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| name.starts_with("pair"))
        .collect()
}

/// Threads name themselves, and the kernel forgets an ended one only later: so this waits.
fn until(what: &str, is_so: impl Fn(&[String]) -> bool) {
    let start = std::time::Instant::now();
    while !is_so(&threads()) {
        let waited = start.elapsed();
        assert!(waited.as_secs() < 20, "not {what}: {:?}", threads());
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

unsafe extern "C" {
    safe fn pair_state() -> i32;
    safe fn pair_generation() -> u32;
    safe fn pair_shutdown(timeout_ms: i32) -> i32;
    safe fn pair_start() -> i32;
    safe fn pair_wait(timeout_ms: i32) -> i32;
}

#[test]
fn a_program_starts_it_when_it_calls() {
    // Makes the linker include the crate.
    let _: Option<pair::Pair> = None;
    assert_eq!(pair_state(), 0, "nothing begins without a call");
    assert!(threads().is_empty(), "{:?}", threads());

    // The first gated call boots it.
    assert_eq!(pair_generation(), 1);
    assert_eq!(pair_state(), 3);
    until("named", |names| names.iter().any(|name| name == "pair-0"));
    assert_eq!(pair_shutdown(20_000), 0);
    until("gone", <[String]>::is_empty);

    // So does `rt0::start`.
    rt0::start().expect("there is an init");
    assert_ne!(pair_state(), 0);
    assert_eq!(pair_wait(-1), 0);
    assert_eq!(pair_generation(), 2);
    assert_eq!(pair_shutdown(20_000), 0);
    assert_eq!(pair_start(), 0);
    assert_eq!(pair_wait(-1), 0);
    assert_eq!(pair_generation(), 3);

    // A plain call from Rust does not pass the gate, but taking a guard does.
    let ready = rt0::ready(None).expect("it is ready");
    assert_eq!(pair::generation(ready.state()), 3);
    drop(ready);

    keeps_the_programs_panic_hook();
}

/// A thread of the program changes the panic hook all the time, while the library boots over and over: each
/// hook that it sets stays until the program removes it.
fn keeps_the_programs_panic_hook() {
    static HEARD: AtomicU32 = AtomicU32::new(0);
    static OVER: AtomicBool = AtomicBool::new(false);
    let program = std::thread::spawn(|| {
        let (mut panics, former) = (0, take_hook());
        while !OVER.load(Ordering::Relaxed) {
            set_hook(Box::new(|_| {
                HEARD.fetch_add(1, Ordering::Relaxed);
            }));
            std::thread::yield_now();
            let _ = catch_unwind(|| panic!("the program's own"));
            panics += 1;
            drop(take_hook());
        }
        set_hook(former);
        panics
    });
    for _ in 0..20 {
        assert_eq!(pair_shutdown(20_000), 0);
        assert_eq!(pair_wait(-1), 0);
    }
    OVER.store(true, Ordering::Relaxed);
    let panics: u32 = program.join().expect("it ends well");
    assert_eq!(HEARD.load(Ordering::Relaxed), panics);
}

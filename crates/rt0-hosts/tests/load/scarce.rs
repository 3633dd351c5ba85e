//! Hosts that can't have as many threads, or as much memory, as the library would like: every call returns a
//! code and a text, or works; nothing hangs, and the host survives.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::fixture::{fixture, plain};
use rt0_hosts::require::{is_root, skipped};
use rt0_hosts::steps::{Said, load, opening};
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;

/// Short, to notice a host that hangs early.
const LIMIT: Duration = Duration::from_secs(30);

const NO_THREAD: &str = "-12";
const BOOT_FAILED: &str = "-2";
/// The call was made: it returned the author's own error.
const CALLED: &str = "1";

/// The code of the call, after a check of its text.
#[track_caller]
fn code(said: &Said) -> &str {
    checked(said.one("probe_fail"), said)
}

/// As [`code`], for one of several calls.
#[track_caller]
fn checked<'a>(result: &'a str, said: &Said) -> &'a str {
    let (code, text) = result.split_once(' ').expect("a code and a text");
    let wanted: &[_] = match code {
        NO_THREAD => &["probe: the operating system refused a thread or memory"],
        BOOT_FAILED => &[
            "probe: start-up failed: panicked at ",
            "probe: start-up failed: the async runtime could not start: ",
        ],
        CALLED => &["it did not work"],
        _ => panic!("{}", said.text()),
    };
    let as_wanted = wanted.iter().any(|wanted| text.starts_with(wanted));
    assert!(as_wanted, "{}", said.text());
    let is_for_threads = code == NO_THREAD || text.contains("async runtime");
    assert!(
        !is_for_threads || text.contains("RT0_START=quiet"),
        "{}",
        said.text()
    );
    code
}

/// A user without other processes, who runs hosts from an accessible directory.
struct AnotherUser {
    dir: Temporary,
    program: PathBuf,
    id: u32,
}

impl AnotherUser {
    fn new(name: &str) -> AnotherUser {
        // One user per test and process: the limit counts the threads of all hosts of a user together.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = std::process::id() * 8 + COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = Temporary::new(name);
        AnotherUser {
            program: dir.copy(opening()),
            dir,
            id: 10_000 + number % 50_000,
        }
    }

    /// Does the first steps, loads the library, and does the other steps.
    #[track_caller]
    fn run(&self, library: &'static str, first: &str, steps: &str) -> Said {
        let path = self.dir.copy(fixture(library).library());
        let steps = format!("{first} load {} {steps} exit 5", path.display());
        let host = Host::new(&self.program)
            .args(steps.split_whitespace())
            .env("RT0_WORKERS", "3")
            .env("RT0_RETRY", "on-call")
            .env("RT0_RETRY_PAUSE", "0")
            .limit(LIMIT)
            .user(self.id);
        Said::from(&host.run(), 5)
    }
}

/// The host may have this many threads, including its first one. It runs as another user, because the limit
/// does not apply to root.
#[test]
fn few_threads() {
    let name = "few_threads";
    if !is_root() {
        return skipped(name, "only root can become a user without other processes");
    }
    let user = AnotherUser::new("few-threads");
    let run = |library: &'static str, most: u32, steps: &str| {
        user.run(library, &format!("processes {most}"), steps)
    };
    for most in 0..=7 {
        // A boot thread, and three workers.
        let said = run(
            "probe",
            most,
            "fails probe_fail probe_free call probe_state",
        );
        let wanted = match most {
            0 | 1 => NO_THREAD,
            2..=4 => BOOT_FAILED,
            _ => CALLED,
        };
        assert_eq!(code(&said), wanted, "{most} thread(s)\n{}", said.text());
        // A boot thread, which drives the runtime.
        let said = run("calm", most, "call calm_open text calm_last_error");
        let (wanted, text) = match most {
            0 | 1 => ("-1", "calm: the operating system refused a thread"),
            _ => ("1", ""),
        };
        assert_eq!(said.one("calm_open"), wanted, "{}", said.text());
        assert!(
            said.one("calm_last_error").starts_with(text),
            "{}",
            said.text()
        );
        // No thread besides the caller's.
        let said = run("silent", most, "call1 silent_wait 20000 call silent_state");
        assert_eq!(said.one("silent_wait"), "0", "{}", said.text());
    }
}

/// When threads are available again, the next call works. A failed boot is tried again because the host has
/// asked for that; a boot that could not even begin is tried again in any case.
#[test]
fn threads_that_can_be_had_again() {
    let name = "threads_that_can_be_had_again";
    if !is_root() {
        return skipped(name, "only root can become a user without other processes");
    }
    let user = AnotherUser::new("threads-again");
    for (most, first) in [(0, NO_THREAD), (2, BOOT_FAILED), (4, BOOT_FAILED)] {
        let steps = "fails probe_fail probe_free fails probe_fail probe_free processes -1 \
                     fails probe_fail probe_free named 3 probe- call1 probe_shutdown 20000 alone";
        let said = user.run("probe", &format!("processes {most}"), steps);
        let codes: Vec<_> = said
            .all("probe_fail")
            .into_iter()
            .map(|text| checked(text, &said))
            .collect();
        assert_eq!(codes, [first, first, CALLED], "{}", said.text());
        assert_eq!(said.one("probe_shutdown"), "0");
        assert_eq!(said.one("alone"), "1");
    }
}

/// A sandbox that forbids new threads, from before the load or after it, with the errors of kernels and
/// containers: EAGAIN, or EPERM.
#[test]
fn threads_that_are_forbidden() {
    let (again, not_permitted) = (11, 1);
    for errno in [again, not_permitted] {
        let run = |library: &'static str, before: bool, steps: &str| {
            let path = fixture(library).library();
            let host = if before {
                let steps = format!("forbid {errno} load {path} {steps} exit 5");
                Host::new(opening()).args(steps.split_whitespace())
            } else {
                let host = load(&path, &format!("forbid {errno} {steps} exit 5"));
                host.env("RT0_START", "lazy")
            };
            Said::from(&host.limit(LIMIT).run(), 5)
        };
        for before in [true, false] {
            // A main needs a thread.
            let said = run("probe", before, "fails probe_fail probe_free threads");
            assert_eq!(code(&said), NO_THREAD, "{}", said.text());
            assert_eq!(said.one("threads"), "1");
            // The boot does not need a thread; the runtime's workers do.
            let steps = "call1 hello_wait -1 text hello_last_error call hello_state threads";
            let said = run("hello", before, steps);
            assert_eq!(said.one("hello_wait"), BOOT_FAILED);
            let text = said.one("hello_last_error");
            let start = "hello: start-up failed: the async runtime could not start: ";
            let is_helpful = text.starts_with(start) && text.contains("RT0_START=quiet");
            assert!(is_helpful, "{text}");
            assert_eq!(said.one("hello_state"), "4", "FAILED");
            assert_eq!(said.one("threads"), "1");
            // This library boots without a thread, on the caller's.
            let said = run(
                "silent",
                before,
                "call1 silent_wait 20000 call silent_state",
            );
            assert_eq!(said.one("silent_wait"), "0", "{}", said.text());
        }
        // This library never needs a thread.
        let said = run(
            "hush",
            true,
            "call hush_works call hush_booted_here threads",
        );
        assert_eq!(said.one("hush_works"), "7", "{}", said.text());
        assert_eq!(said.one("hush_booted_here"), "1");
        assert_eq!(said.one("threads"), "1");
    }
}

/// The host can make a library quiet even if its author did not.
#[test]
fn a_quiet_library_needs_no_thread() {
    let steps = format!(
        "forbid 11 load {} call1 hello_wait -1 threads exit 5",
        fixture("hello").library()
    );
    let host = Host::new(opening())
        .args(steps.split_whitespace())
        .env("RT0_START", "quiet")
        .limit(LIMIT);
    let said = Said::from(&host.run(), 5);
    assert_eq!(said.one("hello_wait"), "0", "{}", said.text());
    assert_eq!(said.one("threads"), "1");
}

/// The code of the first call. The second call, with enough memory again, succeeds.
#[track_caller]
fn now_and_again(said: &Said) -> String {
    let [first, second] = said.all("probe_fail")[..] else {
        panic!("{}", said.text());
    };
    assert_eq!(checked(second, said), CALLED, "{}", said.text());
    checked(first, said).to_owned()
}

/// The host may use this many KiB more than the load alone needs. The limit is set before the load, or between
/// it and the first call.
#[test]
fn little_memory() {
    let library = fixture("probe").library();
    let call = "fails probe_fail probe_free";
    let run = |start: &str, steps: &str| {
        let host = Host::new(opening())
            .args(steps.split_whitespace())
            .env("RT0_START", start)
            .env("RT0_WORKERS", "3")
            .env("RT0_RETRY", "on-call")
            .env("RT0_RETRY_PAUSE", "0")
            .limit(LIMIT);
        Said::from(&host.run(), 5)
    };
    let said = run("lazy", &format!("size load {library} size exit 5"));
    let sizes = said.all("size");
    let [bare, loaded] = [0, 1].map(|at| sizes[at].parse::<u32>().expect("a number"));
    let before = |kib: u32| {
        let kib = loaded - bare + kib;
        let steps = format!("memory {kib} load {library} {call} memory -1 {call} exit 5");
        now_and_again(&run("load", &steps))
    };
    let after = |kib: u32| {
        let steps = format!("load {library} memory {kib} {call} memory -1 {call} exit 5");
        now_and_again(&run("lazy", &steps))
    };
    // Not even the boot thread's stack fits.
    assert_eq!(after(4 << 10), NO_THREAD);
    // The steps are so small that some leave room for a thread's stack and nothing else.
    for kib in ((4 << 10)..(20 << 10)).step_by(100) {
        before(kib);
        after(kib);
    }
    assert_eq!(before(1 << 20), CALLED);
    assert_eq!(after(1 << 20), CALLED);
}

/// The C library ends a process that has no memory for a thread's first use of a thread-local. Slow paths check
/// for that first.
#[test]
fn no_memory_for_a_threads_first_call() {
    let run = |mode: &str, start: &str| {
        Host::new(cc::c("load/hungry.c", &[]))
            .arg(fixture("probe").library())
            .arg(mode)
            .env("RT0_START", start)
            .env("RT0_WORKERS", "2")
            .limit(LIMIT)
            .run()
    };
    let result = |mode: &str, start: &str| Said::of(&run(mode, start)).one(mode).to_owned();
    assert_eq!(result("null", "load"), "-8", "the code without a text");
    assert_eq!(result("wait", "lazy"), "-17", "NO_MEMORY");
    assert_eq!(result("shutdown", "load"), "-17");
    assert_eq!(result("last", "load"), "0");
    run("exit", "load").exits(7);
}

/// A sandbox that refuses a system call that can't fail by the manual, or that matters little, with EPERM or
/// ENOSYS, from before the load or after it.
#[test]
fn system_calls_that_are_refused() {
    let (not_permitted, unknown) = (1, 38);
    let refused = [
        ("gettid", not_permitted),
        ("getpid", not_permitted),
        ("clock_gettime", unknown),
        ("madvise", not_permitted),
        ("prctl", unknown),
        ("membarrier", not_permitted),
        ("rt_sigprocmask", not_permitted),
        ("sched_yield", unknown),
        ("wait", not_permitted),
    ];
    for (call, errno) in refused {
        let refuse = format!("refuse {call} {errno}");
        let load = format!("load {}", fixture("probe").library());
        for first in [format!("{refuse} {load}"), format!("{load} {refuse}")] {
            // Boot takes a little, so that the calls wait for it.
            let steps = format!(
                "{first} call1 probe_wait 20000 fails probe_fail probe_free many 4 probe_generation \
                 fork call1 probe_wait 20000 call probe_generation call probe_fork_child \
                 call1 probe_shutdown 20000 join call1 probe_shutdown 20000 call1 probe_wait 20000 exit 5"
            );
            let host = Host::new(opening())
                .args(steps.split_whitespace())
                .env("PROBE_BOOT", "sleep:30")
                .env("RT0_WORKERS", "2");
            let said = Said::from(&host.limit(LIMIT).run(), 5);
            assert_eq!(said.all("probe_wait"), ["0", "0"], "{}", said.text());
            assert_eq!(code(&said), CALLED);
            assert_eq!(said.all("many probe_generation"), ["1 x 4"]);
            assert_eq!(said.one("child probe_wait"), "0", "{}", said.text());
            assert_eq!(said.one("child probe_generation"), "2");
            assert_eq!(said.one("child probe_fork_child"), "1");
            assert_eq!(said.one("child probe_shutdown"), "0");
            assert_eq!(said.one("probe_shutdown"), "0", "{}", said.text());
        }
    }
}

/// The time is still measured: a call neither returns at once nor waits forever.
#[test]
fn a_wait_that_the_kernel_refuses_has_its_deadline() {
    let steps = format!(
        "refuse wait 1 load {} call1 probe_wait 200 text probe_last_error call1 probe_wait 20000",
        fixture("probe").library()
    );
    let host = Host::new(opening())
        .args(steps.split_whitespace())
        .env("PROBE_BOOT", "sleep:1500");
    let said = Said::of(&host.limit(LIMIT).run());
    assert_eq!(said.all("probe_wait"), ["-1", "0"], "{}", said.text());
}

/// There is no clock: neither the kernel's nor the C library's.
#[test]
fn without_a_clock_a_wait_ends_in_about_its_time() {
    let host = cc::c("load/no_clock.c", &["-rdynamic"]);
    let ran = Host::new(host)
        .arg(plain("bare", "").library())
        .env("BARE_BOOT", "never")
        .limit(LIMIT)
        .run();
    let said = Said::of(&ran);
    assert_eq!(said.one("bare_wait"), "-1");
    assert_eq!(said.one("at once"), "0");
}

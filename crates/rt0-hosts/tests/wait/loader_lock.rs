//! Calls while a thread of the host is inside `dlopen`, and so holds the loader's lock: from a constructor of
//! a library that depends on ours. Whatever our boot does, nothing hangs.
//!
//! Without the protections these hosts hang forever, so they have a shorter time limit than others.

use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;

/// What a boot can do without the loader's lock. (tokio is built in any case.)
const WITHOUT_LOADER: [&str; 6] = [
    "",
    "threads:4",
    "random",
    "getaddrinfo",
    "backtrace",
    "catch",
];

/// What needs the loader's lock.
const WITH_LOADER: [&str; 3] = ["dlopen", "dlsym", "iconv"];

const EVERYTHING: &str = "threads:4;dlopen;dlsym;iconv;getaddrinfo;backtrace;catch";

const LIMIT: Duration = Duration::from_secs(25);

/// How long a call waits that should get an answer, in milliseconds: less than the host's limit, so that the
/// test shows what the call got instead.
const WAIT: &str = "12000";

/// `NOT_READY`: the boot was not done in time.
const NOT_READY: &str = "-1";

/// `global.cpp`, linked with the probe.
fn global() -> String {
    cc::library_over(&fixture("probe"), cc::cpp, "wait/global.cpp")
}

fn everything() -> impl Iterator<Item = &'static str> {
    let single = WITHOUT_LOADER.into_iter().chain(WITH_LOADER);
    single.chain([EVERYTHING])
}

fn run(host: Host, start: &str, boot: &str) -> Said {
    let host = host
        .env("RT0_START", start)
        .env("RT0_WORKERS", "2")
        .env("PROBE_BOOT", boot)
        .limit(LIMIT);
    Said::of(&host.run())
}

/// One `dlopen` for both libraries: its thread can boot ours instead of the boot thread, and gets an answer.
#[test]
fn a_constructor_in_the_same_dlopen_is_answered_whatever_boot_does() {
    for start in ["load", "lazy"] {
        for boot in everything() {
            let steps = "call global_answer call global_boots";
            let said = run(load(&global(), steps), start, boot);
            assert_eq!(said.one("global_answer"), "1", "{start} {boot}");
            assert_eq!(said.one("global_boots"), "1", "{start} {boot}");
        }
    }
}

/// As in an old process, in which nothing needs the library that has `dlsym`.
#[test]
fn a_constructor_in_the_same_dlopen_is_answered_without_a_dlsym() {
    let deaf = cc::c("wait/deaf.c", &["-shared", "-fPIC"]);
    let host = load(&global(), "call global_answer")
        .env("LD_PRELOAD", deaf)
        .env("GLOBAL_WAIT", WAIT);
    assert_eq!(run(host, "load", "dlopen").one("global_answer"), "1");
}

/// For this it has a stack of the boot thread's size, and signals do not keep it from starting.
#[test]
fn such_a_boot_has_its_stack_and_begins_in_time() {
    let host = load(&global(), "call global_answer")
        .env("RT0_STACK_SIZE", "268435456")
        .env("GLOBAL_TICKS", "1")
        .env("GLOBAL_WAIT", WAIT);
    let said = run(host, "load", "deep:32768");
    assert_eq!(said.one("global_answer"), "1");
}

/// No thread is inside a `dlopen` when a program starts.
#[test]
fn a_constructor_at_the_start_of_a_program_is_answered_whatever_boot_does() {
    let (global, linked) = (global(), fixture("probe").linked());
    let args = ["-Wl,--no-as-needed", &global, &linked[1], &linked[2]];
    let host = cc::c("steps.c", &args);
    for start in ["load", "lazy"] {
        for boot in everything() {
            let steps = ["call", "global_answer", "call", "probe_boots"];
            let said = run(Host::new(&host).args(steps), start, boot);
            assert_eq!(said.one("global_answer"), "1", "{start} {boot}");
            assert_eq!(said.one("probe_boots"), "1", "{start} {boot}");
        }
    }
}

/// Loaded by one thread, and first called by a constructor in another thread's `dlopen`.
fn in_a_later_dlopen(start: &str, boot: &str, wait: &str) -> Said {
    let steps = format!(
        "beginload {} end call global_answer call1 probe_wait 20000 call global_boots",
        global()
    );
    let host = load(&fixture("probe").library(), &steps).env("GLOBAL_WAIT", wait);
    let said = run(host, start, boot);
    // Whatever that call got, it did not harm the boot.
    assert_eq!(
        said.one("probe_wait"),
        "0",
        "{start} {boot}\n{}",
        said.text()
    );
    assert_eq!(said.one("global_boots"), "1", "{start} {boot}");
    said
}

#[test]
fn a_constructor_in_another_dlopen_is_answered_by_a_boot_that_needs_no_loader() {
    for boot in WITHOUT_LOADER {
        let said = in_a_later_dlopen("lazy", boot, WAIT);
        assert_eq!(said.one("global_answer"), "1", "{boot}\n{}", said.text());
    }
}

/// The boot needs the lock that the waiting thread holds: one of the two must give way.
#[test]
fn a_constructor_in_another_dlopen_never_waits_longer_than_its_deadline() {
    for start in ["load", "lazy"] {
        for boot in WITH_LOADER.into_iter().chain([EVERYTHING]) {
            // Under `load` it has begun when that `dlopen` begins.
            let boot = format!("sleep:200;{boot}");
            let said = in_a_later_dlopen(start, &boot, "1000");
            let answer = said.one("global_answer");
            assert!(
                ["1", NOT_READY].contains(&answer),
                "{start} {boot} {answer}"
            );
        }
    }
}

/// It is left to chance whether the boot thread or the other `dlopen` comes first.
#[test]
fn a_constructor_in_another_dlopen_may_come_just_after_the_load() {
    for round in 0..20 {
        let boot = WITHOUT_LOADER[round % WITHOUT_LOADER.len()];
        let said = in_a_later_dlopen("load", boot, WAIT);
        assert_eq!(said.one("global_answer"), "1", "{boot}\n{}", said.text());
    }
}

/// The constructor waits for a thread that waits for us.
#[test]
fn a_thread_that_a_constructor_waits_for_is_answered_by_a_boot_that_needs_no_loader() {
    for start in ["load", "lazy"] {
        for boot in WITHOUT_LOADER {
            let host = load(&global(), "call global_answer call global_boots")
                .env("GLOBAL_THREAD", "1")
                .env("GLOBAL_WAIT", WAIT);
            let said = run(host, start, boot);
            assert_eq!(said.one("global_answer"), "1", "{start} {boot}");
            assert_eq!(said.one("global_boots"), "1", "{start} {boot}");
        }
    }
}

#[test]
fn a_thread_that_a_constructor_waits_for_never_waits_longer_than_its_deadline() {
    for start in ["load", "lazy"] {
        for boot in WITH_LOADER.into_iter().chain([EVERYTHING]) {
            let steps = "call global_answer call global_boots";
            let host = load(&global(), steps)
                .env("GLOBAL_THREAD", "1")
                .env("GLOBAL_WAIT", "1000");
            let said = run(host, start, boot);
            let answer = said.one("global_answer");
            assert!(
                ["1", NOT_READY].contains(&answer),
                "{start} {boot} {answer}"
            );
            assert_eq!(said.one("global_boots"), "1", "{start} {boot}");
        }
    }
}

/// The child lacks the thread that held the loader's lock. (glibc 2.36 unlocks it there; other C libraries
/// need not.)
fn forked_during_a_dlopen(boot: &str, wait: &str) -> Said {
    let steps = format!(
        "call probe_ping beginload {} named 1 in-global fork call1 probe_wait {wait} \
         call1 probe_wait 0 join end call global_answer",
        global()
    );
    let host = load(&fixture("probe").library(), &steps).env("GLOBAL_SLEEP", "1500");
    run(host, "load", boot)
}

#[test]
fn a_child_of_a_fork_during_a_dlopen_is_answered_by_a_boot_that_needs_no_loader() {
    for boot in WITHOUT_LOADER {
        let said = forked_during_a_dlopen(boot, WAIT);
        assert_eq!(
            said.all("child probe_wait"),
            ["0", "0"],
            "{boot}\n{}",
            said.text()
        );
        assert_eq!(said.one("global_answer"), "1", "{boot}");
    }
}

#[test]
fn a_child_of_a_fork_during_a_dlopen_never_waits_longer_than_its_deadline() {
    for boot in WITH_LOADER {
        let said = forked_during_a_dlopen(boot, "1000");
        for answer in said.all("child probe_wait") {
            assert!(
                ["0", NOT_READY].contains(&answer),
                "{boot}\n{}",
                said.text()
            );
        }
        assert_eq!(said.one("global_answer"), "1", "{boot}");
    }
}

/// A shutdown by the thread that loaded us, before any boot: there is nothing to end or wait for.
#[test]
fn a_shutdown_before_a_lazy_boot_is_over_at_once() {
    let steps = "call1 probe_shutdown 20000 call probe_state call probe_ping \
                 call1 probe_shutdown 20000 call probe_state call probe_ping";
    let said = run(load(&fixture("probe").library(), steps), "lazy", "");
    assert_eq!(said.all("probe_shutdown"), ["0", "0"]);
    assert_eq!(said.all("probe_state"), ["0", "0"]);
    assert_eq!(said.all("probe_ping"), ["1", "1"]);
}

/// A shutdown that a constructor in another thread's `dlopen` waits for: the threads that it must join wait
/// for that `dlopen`. After its timeout the library is still usable.
#[test]
fn a_shutdown_that_another_dlopen_holds_up_leaves_the_library_usable() {
    for thread in ["GLOBAL_THREAD", "NONE"] {
        let steps = format!(
            "beginload {} end call global_answer call global_down call probe_ping call global_boots \
             call1 probe_shutdown 20000",
            global()
        );
        let host = load(&fixture("probe").library(), &steps)
            .env(thread, "1")
            .env("GLOBAL_WAIT", WAIT)
            .env("GLOBAL_SHUTDOWN", "1500");
        let said = run(host, "lazy", "");
        assert_eq!(said.one("global_answer"), "1", "{}", said.text());
        assert_eq!(said.one("global_down"), "-15", "TIMED_OUT");
        assert_eq!(said.one("probe_ping"), "1");
        assert_eq!(said.one("global_boots"), "1");
        assert_eq!(said.one("probe_shutdown"), "0");
    }
}

/// The boot thread waits behind another thread's `dlopen`, for longer than any boot. The thread that loaded us
/// is not inside ours any more, so its shutdown waits, too.
#[test]
fn a_shutdown_waits_for_another_threads_slow_dlopen() {
    let slow = cc::c("manners/woken.c", &["-DSLOW", "-shared", "-fPIC"]);
    let dir = Temporary::new("slow");
    let host = Host::compiled(cc::linked("wait/behind.c", &fixture("probe")))
        .arg(&slow)
        .env("RT0_START", "lazy")
        .env("GO", dir.path().join("go"))
        .env("SLOW_MS", "2500")
        .limit(LIMIT);
    assert_eq!(host.run().ok(), "");
}

/// The same from a constructor, inside the `dlopen` that loads us. (`gate.rs` tests it under `load`, where
/// there is a boot to wait for.)
#[test]
fn a_shutdown_from_a_constructor_before_a_lazy_boot_is_over_at_once() {
    let ends = cc::library_over(&fixture("probe"), cc::c, "wait/ends.c");
    let said = run(load(&ends, "call ends_answer call probe_ping"), "lazy", "");
    assert_eq!(said.one("ends_answer"), "0");
    assert_eq!(said.one("probe_ping"), "1");
}

//! The end of the process while the library is loaded.

use std::path::Path;
use std::time::{Duration, Instant};

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::soak::runs;
use rt0_hosts::steps::{Said, linked_with, load, opening};
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;

/// Runs a host with C++ statics, which would crash only by chance, each time busy for a little longer.
#[track_caller]
fn check_statics(host: impl Fn(&str) -> Host) {
    for run in 0..runs(100, 600) {
        let micros = (run * 37 % 2000).to_string();
        // This is not about the time limit: a busy machine may need longer.
        let host = host(&micros).env("RT0_EXIT_TIMEOUT", "60000");
        let ran = host.env("RT0_WORKERS", "2").run();
        ran.exits(42);
    }
}

/// The thread that ends the library may wait for a processor, and threads that call in a loop have them all. They leave
/// theirs when the gate is closed.
#[test]
fn the_gate_is_closed_before_there_is_a_thread_for_the_end() {
    let host = cc::c("exit/closed_first.c", &["-rdynamic"]);
    let state = || {
        let ran = Host::new(&host).arg(fixture("probe").library()).run();
        ran.ok().trim().to_owned()
    };
    // On a busy machine the boot thread may be so late that another has booted: closing the gate would mean to wait.
    assert!((0..20).any(|_| state() == "state 5"), "never closed");
}

fn statics() -> std::path::PathBuf {
    cc::cpp("exit/statics.cpp", &["-rdynamic"])
}

#[test]
fn busy_workers_and_the_statics_of_a_host_that_opens_the_library() {
    let library = fixture("probe").library();
    check_statics(|micros| Host::new(statics()).args(["open", &library, micros]));
}

#[test]
fn busy_workers_and_the_statics_of_a_host_that_never_calls() {
    let library = fixture("probe").library();
    check_statics(|micros| {
        Host::new(statics())
            .args(["watch", &library, micros])
            .env("PROBE_BOOT", "busy:use_table")
    });
}

#[test]
fn busy_workers_and_the_statics_of_a_host_that_is_linked_with_the_library() {
    let linked = fixture("probe").linked();
    let args = linked.each_ref().map(String::as_str);
    let host = cc::cpp("exit/statics.cpp", &args);
    check_statics(|micros| Host::new(&host).args(["named", micros]));
}

#[test]
fn busy_workers_and_the_statics_of_a_host_that_has_it_preloaded() {
    let library = fixture("probe").library();
    check_statics(|micros| {
        Host::new(statics())
            .args(["named", micros])
            .env("LD_PRELOAD", &library)
    });
}

#[test]
fn busy_workers_and_the_statics_of_a_host_that_opens_it_in_another_namespace() {
    let library = fixture("probe").library();
    check_statics(|micros| Host::new(statics()).args(["space", &library, micros]));
}

/// A call by the library's own main does not count as the first call, at which a handler is registered.
#[test]
fn a_main_that_uses_its_own_library_before_the_statics_are_made() {
    let linked = fixture("probe").linked();
    let args = linked.each_ref().map(String::as_str);
    let host = cc::cpp("exit/statics.cpp", &args);
    for micros in ["0", "500", "1000"] {
        Host::new(&host)
            .args(["named", micros])
            .env("PROBE_BOOT", "main-guards")
            .env("STATICS_AFTER", "200")
            .env("RT0_EXIT_TIMEOUT", "60000")
            .run()
            .exits(42);
    }
}

/// Does the steps, and exits with 5; what the host said, and how long it took.
fn exits(script: &str, steps: &str, environment: &[(&str, &str)]) -> (Said, Duration) {
    let steps = format!("{steps} exit 5");
    let host = load(&fixture("probe").library(), &steps)
        .env("PROBE_BOOT", script)
        .envs(environment.iter().copied());
    let start = Instant::now();
    let ran = host.run();
    (Said::from(&ran, 5), start.elapsed())
}

/// A time that only an endless wait, or one for the 60 seconds of a script, can exceed.
const BOUND: Duration = Duration::from_secs(20);

#[test]
fn an_exit_runs_the_librarys_exit_and_keeps_the_hosts_code() {
    let dir = Temporary::new("exit");
    let file = dir.path().join("written");
    let script = format!("exit-writes:{}", file.display());
    exits(&script, "call probe_ping", &[]);
    assert_eq!(text_of(&file), "1");
}

fn text_of(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

#[test]
fn an_exit_in_another_namespace_runs_the_librarys_exit() {
    let dir = Temporary::new("space");
    let file = dir.path().join("written");
    Host::new(statics())
        .args(["space", &fixture("probe").library(), "0"])
        .env("PROBE_BOOT", format!("exit-writes:{}", file.display()))
        .run()
        .exits(42);
    assert_eq!(text_of(&file), "1");
}

#[test]
fn an_exit_waits_for_boot_and_a_main_but_not_for_ever() {
    for (script, steps) in [
        ("sleep:300", ""),
        ("sleep:60000", ""),
        ("sleep:60000", "call1 probe_wait 10"),
        ("main-sleeps:60000", "until probe_mains 1"),
        ("exit-hangs", "call probe_ping"),
        ("exit-blocks:60000", "call probe_ping"),
        ("busy-task:60000", "call probe_ping"),
        ("drop-panics", "call probe_ping"),
        ("error:no", "call probe_ping"),
        (
            "",
            "call probe_ping begin1 probe_stay 60000 until probe_inside 1",
        ),
    ] {
        let (said, time) = exits(script, steps, &[]);
        assert!(time < BOUND, "{script} {time:?}\n{}", said.text());
    }
}

#[test]
fn the_host_says_how_long_an_exit_may_take() {
    let stays = "main-sleeps:3000";
    let (_, time) = exits(
        stays,
        "until probe_mains 1",
        &[("RT0_EXIT_TIMEOUT", "60000")],
    );
    assert!(time > Duration::from_millis(2900), "{time:?}");
    let (_, time) = exits(
        stays,
        "until probe_mains 1",
        &[("RT0_EXIT_TIMEOUT_PROBE", "0")],
    );
    assert!(time < Duration::from_millis(2900), "{time:?}");
    let (said, _) = exits(
        "",
        "fails probe_fail probe_free",
        &[("RT0_EXIT_TIMEOUT", "soon")],
    );
    let text = said.one("probe_fail");
    assert!(text.contains("RT0_EXIT_TIMEOUT=soon"), "{text}");
}

#[test]
fn the_library_itself_ends_the_process() {
    for script in ["exit:5", "task-exits:5", "main-exits:5"] {
        let host = load(&fixture("probe").library(), "call probe_ping sleep 60000");
        let start = Instant::now();
        host.env("PROBE_BOOT", script).run().exits(5);
        assert!(start.elapsed() < BOUND, "{script}");
    }
    let steps = "call probe_ping call1 probe_shutdown 20000 sleep 60000";
    let host = load(&fixture("probe").library(), steps);
    let start = Instant::now();
    host.env("PROBE_BOOT", "exit-exits:5").run().exits(5);
    assert!(start.elapsed() < BOUND);
}

fn unusual(how: &str) -> Host {
    Host::new(cc::c("exit/exits.c", &[])).args([&fixture("probe").library(), how])
}

#[test]
fn exits_in_unusual_places_keep_their_code() {
    for how in ["callback", "thread", "child", "cold-child"] {
        let start = Instant::now();
        let said = Said::from(&unusual(how).run(), 9);
        assert!(start.elapsed() < BOUND, "{how}\n{}", said.text());
        if how.ends_with("child") {
            assert_eq!(said.one("child"), "9", "{how}");
            assert_eq!(said.one("parent"), "1", "{how}");
        }
    }
}

/// A handler that runs before ours finds the library usable; one that runs after it gets an error.
#[test]
fn exit_handlers_of_the_host_may_call() {
    let said = Said::from(&unusual("after").run(), 9);
    assert_eq!((said.one("before exit"), said.one("at exit")), ("1", "1"));
    let said = Said::from(&unusual("before").run(), 9);
    assert_eq!((said.one("before exit"), said.one("at exit")), ("1", "-1"));
}

/// They run no handlers, so they do not wait for a slow main.
#[test]
fn quick_exits_are_not_delayed() {
    for how in ["quick", "now"] {
        let dir = Temporary::new(how);
        let file = dir.path().join("written");
        let script = format!("main-sleeps:60000;exit-writes:{}", file.display());
        let host = unusual(how).env("PROBE_BOOT", script);
        let start = Instant::now();
        host.env("RT0_EXIT_TIMEOUT", "60000").run().exits(9);
        assert!(start.elapsed() < BOUND, "{how}");
        assert!(!file.exists(), "{how}: its exit has run");
    }
}

/// One library that was never called, and one whose boot never began.
#[test]
fn a_library_that_is_not_used_does_not_delay_the_exit() {
    for start in ["load", "lazy", "manual"] {
        let host = Host::new(linked_with(&fixture("probe"))).args(["exit", "5"]);
        let begun = Instant::now();
        host.env("RT0_START", start).run().exits(5);
        assert!(begun.elapsed() < BOUND);
    }
}

/// The exit tells main to stop: a handler of the host, which runs after the library's, waits until main has
/// reported that.
#[track_caller]
fn main_is_told(name: &str, steps: &str, timeout_ms: &str) {
    let dir = Temporary::new(name);
    let file = dir.path().join("written");
    let host = Host::compiled(opening())
        .args(["atexit", "load", &fixture("probe").library()])
        .args(steps.split_whitespace())
        .args(["exit", "5", "written"])
        .arg(&file)
        .env("PROBE_BOOT", format!("main-writes:{}", file.display()))
        .env("RT0_EXIT_TIMEOUT", timeout_ms);
    Said::from(&host.run(), 5);
    assert_eq!(text_of(&file), "told");
}

/// It has its own deadline, or none; the exit ends it, not the deadline.
#[test]
fn a_shutdown_that_leaves_the_end_to_an_exit_says_so() {
    let library = fixture("probe").library();
    let steps = "call probe_ping begin1 probe_stay 4000 until probe_inside 1 \
                 begin1 probe_shutdown -1 until probe_state 5 exit 5 end";
    let host = Host::new(opening())
        .args(["atexit", "load", &library])
        .args(steps.split_whitespace());
    let said = Said::from(&host.run(), 5);
    assert_eq!(said.one("probe_shutdown"), "-7", "STOPPED");
}

/// Nothing waits for main, but it may notice.
#[test]
fn an_exit_that_does_not_wait_tells_main() {
    main_is_told("told", "call probe_ping until probe_mains 1", "0");
}

#[test]
fn an_exit_that_does_not_wait_tells_main_also_when_nobody_has_called() {
    main_is_told("told-uncalled", "until probe_state 3", "0");
}

/// Calls that do not return hold up that shutdown, and the shutdown holds up the exit.
#[test]
fn an_exit_tells_main_also_while_another_thread_shuts_down() {
    for timeout_ms in ["0", "2000"] {
        main_is_told(
            "told-stopping",
            "call probe_ping begin1 probe_stay 3600000 until probe_inside 1 \
             begin1 probe_shutdown -1 until probe_state 5",
            timeout_ms,
        );
    }
}

/// It comes between the moment at which the exit closes the gate and the one at which its thread runs.
#[test]
fn an_exit_tells_main_also_if_another_thread_takes_up_the_end() {
    let dir = Temporary::new("told-taken-up");
    let file = dir.path().join("written");
    let host = Host::new(cc::c("exit/taken_up.c", &["-rdynamic"]))
        .arg(fixture("probe").library())
        .arg(&file)
        .env("PROBE_BOOT", format!("main-writes:{}", file.display()))
        .env("RT0_EXIT_TIMEOUT", "1000");
    let start = Instant::now();
    host.run().exits(5);
    assert!(start.elapsed() < BOUND);
    assert_eq!(text_of(&file), "told");
}

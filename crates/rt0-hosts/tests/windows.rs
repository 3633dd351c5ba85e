//! What must work on Windows: one test for each row of `cargo xtask cross`, which runs this file with wine.
//! The names are those of `platform/every_processor.rs` if the tests are the same.

use std::time::Duration;

use cargo_rt0::image::{Image, Shape};
use cargo_rt0::inspect::inspect;
use rt0_hosts::cc;
use rt0_hosts::fixture::{Fixture, fixture, plain};
use rt0_hosts::path_there as path;
use rt0_hosts::steps::Said;
use rt0_hosts::watchdog::Host;

/// A host that takes longer than this hangs.
const LIMIT: Duration = Duration::from_secs(40);

/// A host that does these steps.
fn host(steps: &str) -> Host {
    Host::compiled(cc::c("windows/steps.c", &[]))
        .limit(LIMIT)
        .args(steps.split_whitespace())
}

/// The same, with `pane` loaded, whose init does this.
fn run(script: &str, steps: &str) -> Said {
    let library = path(fixture("pane").library());
    let host = host(&format!("load {library} {steps}"));
    Said::of(&host.env("PANE_BOOT", script).run())
}

#[test]
fn immediate_call() {
    let said = run(
        "task",
        "call pane_ping call pane_generation number pane_work pane_free \
         fails pane_fail pane_free fails pane_panics pane_free fiber pane_ping",
    );
    assert_eq!(said.one("pane_ping"), "1");
    assert_eq!(said.one("pane_generation"), "1");
    assert_eq!(said.one("pane_work"), "1");
    assert_eq!(said.one("pane_fail"), "1 it did not work");
    let panics = said.one("pane_panics");
    assert!(
        panics.starts_with("-3 ") && panics.contains("on purpose"),
        "{panics}"
    );
    assert_eq!(said.one("fiber pane_ping"), "1");

    // Loaded with the program: its threads begin just before the program does.
    let pane = fixture("pane");
    let library = pane.library();
    let linked = cc::c("windows/steps.c", &["-DLINKED=pane_ping", &library]);
    let linked = Host::compiled(linked).env("WINEPATH", path(&pane.dir));
    let words = "linked pane.dll call pane_ping call pane_boots call1 pane_shutdown 20000";
    let said = Said::of(&linked.limit(LIMIT).args(words.split_whitespace()).run());
    assert_eq!(said.one("pane_ping"), "1");
    assert_eq!(said.one("pane_boots"), "1");
    assert_eq!(said.one("pane_shutdown"), "0");
}

#[test]
fn slow_boot_does_not_block_load() {
    let mut said = None;
    // On a busy machine the load, or the time between the load and the call, may take as long as the boot.
    let seen = (0..5).any(|_| {
        let steps = "call pane_state call1 pane_wait 100 call pane_ping call pane_generation";
        let now = said.insert(run("sleep:2000", steps));
        assert_eq!(now.one("pane_ping"), "1");
        assert_eq!(now.one("pane_generation"), "1");
        now.micros("load") < 1_500_000
            && ["1", "2"].contains(&now.one("pane_state"))
            // The deadline of one call has passed, and the other has waited.
            && now.one("pane_wait") == "-1"
            && (90_000..1_500_000).contains(&now.micros("pane_wait"))
            && now.micros("pane_ping") >= 100_000
    });
    assert!(seen, "{}", said.as_ref().map_or("", Said::text));
}

#[test]
fn threads_at_gate() {
    let said = run(
        "sleep:300",
        "many 32 pane_generation call pane_boots many 32 pane_boots",
    );
    assert_eq!(said.all("many pane_generation"), ["1 x 32"]);
    assert_eq!(said.one("pane_boots"), "1");
    assert_eq!(said.one("many pane_boots"), "1 x 32");
}

/// Those of a process with a command line and an environment that only Windows can have: unpaired surrogates,
/// drives' directories, a variable in any case.
#[test]
fn arguments() {
    let library = path(fixture("pane").library());
    let steps = format!(
        "load {library} string pane_args pane_free string pane_vars pane_free string pane_small_a pane_free"
    );
    let said = Said::of(&host(&format!("again {steps}")).run());
    let shown = |text: &str| format!("[{text:?}]");
    let mut wanted = shown(r"program");
    wanted += &shown(r"two\\words");
    wanted.extend(steps.split_whitespace().map(shown));
    for odd in [
        "--",
        "",
        "two words",
        "\"quotes\"",
        r"a\\b\",
        r"c\",
        "d\"e",
        "\u{e4}\u{4e2d}\u{1f600}",
    ] {
        wanted += &shown(odd);
    }
    wanted += r#"["\u{d800}x"]["\u{dc00}"]["="]"#;
    assert_eq!(said.one("pane_args"), wanted);
    let vars = said.one("pane_vars");
    let begin = r#"["=C:"="C:\\"]["A"="a=b=c"]["B"=""]["C"="ä\u{d800}"]"#;
    assert!(vars.starts_with(begin), "{vars}");
    assert_eq!(said.one("pane_small_a"), r#"Some("a=b=c")"#);
}

/// If init does this, every call returns its error, and the host survives.
fn check_failed_init(script: &str) {
    let steps = "fails pane_fail pane_free call pane_ping text pane_last_error \
                 call1 pane_wait -1 call pane_state many 16 pane_boots exit 5";
    let library = path(fixture("pane").library());
    let host = host(&format!("load {library} {steps}"));
    let said = Said::from(&host.env("PANE_BOOT", script).run(), 5);
    for text in [said.one("pane_fail"), said.one("pane_last_error")] {
        let right = text.contains("pane: start-up failed: ") && text.contains("gone");
        assert!(right, "{}", said.text());
    }
    assert!(said.one("pane_fail").starts_with("-2 "), "BOOT_FAILED");
    assert_eq!(said.one("pane_ping"), "-1");
    assert_eq!(said.one("pane_wait"), "-2");
    assert_eq!(said.one("pane_state"), "4", "FAILED");
    assert_eq!(said.one("many pane_boots"), "-1 x 16");
}

#[test]
fn init_error() {
    check_failed_init("error:gone");
}

#[test]
fn init_panic() {
    check_failed_init("panic:gone");
}

#[test]
fn boot_once() {
    let library = path(fixture("pane").library());
    let steps =
        format!("load {library} many 32 pane_boots load {library} sleep 200 call pane_boots");
    for start in ["lazy", "load"] {
        let said = Said::of(&host(&steps).env("RT0_START", start).run());
        assert_eq!(said.all("many pane_boots"), ["1 x 32"], "{start}");
        assert_eq!(said.one("pane_boots"), "1", "{start}");
    }
}

/// The entry that the loader calls, a call that boots on a stack of our own, and one that just passes.
#[test]
fn callee_saved() {
    let host = Host::compiled(cc::c("windows/registers.c", &[])).limit(LIMIT);
    let host = host
        .arg(path(fixture("pane").library()))
        .arg(path(plain("bare", "").library()));
    assert_eq!(host.env("RT0_START_BARE", "quiet").run().ok(), "");
}

#[test]
fn shutdown_and_boot_again() {
    let steps = "call pane_generation until pane_mains 1 \
                 call1 pane_shutdown 20000 call pane_state alone \
                 call pane_generation call pane_ended call pane_boots until pane_mains 2 \
                 call1 pane_shutdown -1 alone call pane_generation call pane_ended";
    let said = run("", steps);
    assert_eq!(said.all("pane_shutdown"), ["0", "0"]);
    assert_eq!(said.one("pane_state"), "0");
    assert_eq!(said.all("alone"), ["1", "1"]);
    assert_eq!(said.all("pane_generation"), ["1", "2", "3"]);
    // Main was told to stop, exit ran, the state was dropped: each once per generation.
    assert_eq!(said.all("pane_ended"), ["111", "222"]);
    assert_eq!(said.one("pane_boots"), "2");
}

/// A library that is linked with this one, and calls it while both are being loaded.
fn caller(of: &Fixture) -> String {
    let call = format!("-DCALL={}_ping", of.name);
    let shutdown = format!("-DSHUTDOWN={}_shutdown", of.name);
    let library = of.library();
    let mut args = vec!["-shared", &call, &library];
    if of.name == "pane" {
        args.push(&shutdown);
    }
    // The folder of the libraries that it is linked with.
    let made = cc::c("windows/caller.c", &args);
    let beside = of.dir.join("caller.dll");
    let _ = std::fs::remove_file(&beside);
    std::fs::copy(made, &beside).expect("it was built");
    path(beside)
}

/// From a constructor and from DllMain, before, during and after the boot: at once an error that says why, or
/// the result, whatever init waits for. The same for a shutdown, which would have to wait.
#[test]
fn loader_lock_call() {
    const ASK: &str = "call caller_in_constructor call caller_in_main call caller_now";
    const WOULD_DEADLOCK: &str = "-5";
    let pane = fixture("pane");
    let library = path(pane.library());
    let caller_of_pane = caller(&pane);
    for script in ["thread", "task", "sleep:1000", ""] {
        // The last error of this thread, which made those calls.
        let host = host(&format!(
            "load {caller_of_pane} {ASK} linked pane.dll text pane_last_error"
        ));
        let said = Said::of(&host.env("PANE_BOOT", script).run());
        let why = said.one("pane_last_error");
        assert!(
            why.contains("pane: not ready, and called under the loader lock"),
            "{why}"
        );
        assert_eq!(said.one("caller_in_constructor"), "-1", "{script}");
        assert_eq!(said.one("caller_in_main"), "-1", "{script}");
        assert_eq!(said.one("caller_now"), "1", "{script}");
    }
    let mut seen = false;
    for _ in 0..5 {
        let steps = format!("load {library} sleep 500 load {caller_of_pane} {ASK}");
        let said = Said::of(&host(&steps).env("PANE_BOOT", "sleep:3000,thread").run());
        assert_eq!(said.one("caller_now"), "1");
        seen = said.one("caller_in_main") == "-1" && said.micros("load") < 2_000_000;
        if seen {
            break;
        }
    }
    assert!(seen, "a call during the boot");

    let host_of_ready = host(&format!(
        "load {library} call pane_ping load {caller_of_pane} {ASK} call caller_shutdown"
    ));
    let said = Said::of(&host_of_ready.env("CALLER_SHUTDOWN", "1").run());
    assert_eq!(said.one("caller_in_constructor"), "1");
    assert_eq!(said.one("caller_in_main"), "1");
    assert_eq!(said.one("caller_shutdown"), WOULD_DEADLOCK);
    assert_eq!(said.one("caller_now"), "1");

    // A boot that makes no thread does not need the lock.
    let bare = plain("bare", "");
    let steps = format!("load {} {ASK}", caller(&bare));
    let said = Said::of(&host(&steps).env("RT0_START", "quiet").run());
    assert_eq!(said.one("caller_in_constructor"), "1");
    assert_eq!(said.one("caller_in_main"), "1");
    let said = Said::of(&host(&steps).run());
    assert_eq!(said.one("caller_in_constructor"), WOULD_DEADLOCK);
    assert_eq!(said.one("caller_in_main"), WOULD_DEADLOCK);
    assert_eq!(said.one("caller_now"), "1");

    // Our thread ends under the lock, which another thread holds for longer than any timeout.
    let fleeting = path(plain("fleeting", "").library());
    let slow = path(cc::c("windows/slow.c", &["-shared"]));
    let steps = format!(
        "load {fleeting} until fleeting_mains 1 find fleeting_shutdown beginload {slow} sleep 500 \
         call1 fleeting_shutdown 20000 end call fleeting_ping"
    );
    let said = Said::of(&host(&steps).env("FLEETING_MAIN", "0").run());
    assert_eq!(said.one("fleeting_shutdown"), "0");
    assert!(said.micros("fleeting_shutdown") < 2_000_000);
    assert_eq!(said.one("fleeting_ping"), "1");
}

/// It contains std, so it stays, even without a thread that would keep it.
#[test]
fn pinned() {
    let library = path(fixture("pane").library());
    let steps = format!(
        "call pane_generation call1 pane_shutdown 20000 alone free loaded pane.dll \
         load {library} call pane_generation call pane_boots"
    );
    let said = run("", &steps);
    assert_eq!(said.one("pane_shutdown"), "0");
    assert_eq!(said.one("free"), "1");
    assert_eq!(said.one("loaded pane.dll"), "1");
    assert_eq!(said.all("pane_generation"), ["1", "2"]);
    assert_eq!(said.one("pane_boots"), "2");
}

/// A library that uses only the core is unloaded, but not while its threads run in it.
#[test]
fn free_library() {
    let library = path(plain("fleeting", "").library());

    let steps = format!(
        "cycle 20 {library} fleeting_ping handles cycle 300 {library} fleeting_ping handles \
         loaded fleeting.dll alone"
    );
    let said = Said::of(&host(&steps).run());
    let cycles = said.all("cycle fleeting_ping");
    assert_eq!(cycles, ["1 x 20", "1 x 300"]);
    assert_eq!(said.one("loaded fleeting.dll"), "0");
    let handles: Vec<i32> = said.all("handles").iter().flat_map(|n| n.parse()).collect();
    assert!(handles[1] <= handles[0] + 10, "{handles:?}");

    // During the boot: it is unloaded afterwards.
    let steps =
        format!("load {library} free loaded fleeting.dll sleep 1000 gone fleeting.dll alone");
    let said = Said::of(&host(&steps).env("FLEETING_BOOT", "500").run());
    assert_eq!(said.one("loaded fleeting.dll"), "1");
    assert_eq!(said.one("gone fleeting.dll"), "1");

    // While main runs: it is unloaded afterwards.
    let steps = format!(
        "load {library} call fleeting_ping until fleeting_mains 1 free loaded fleeting.dll sleep 300 \
         load {library} call1 fleeting_shutdown 20000 free gone fleeting.dll alone"
    );
    let said = Said::of(&host(&steps).env("FLEETING_MAIN", "0").run());
    assert_eq!(said.one("loaded fleeting.dll"), "1");
    assert_eq!(said.one("fleeting_shutdown"), "0");
    assert_eq!(said.one("gone fleeting.dll"), "1");
}

/// Nothing waits for threads that Windows has already ended, whatever they were doing; the exit code is the
/// host's. Even a later call gets an answer.
#[test]
fn process_exit() {
    let library = path(fixture("pane").library());
    let an_hour = |host: Host| host.env("RT0_EXIT_TIMEOUT", "3600000");
    for (script, steps) in [
        ("", "call pane_ping until pane_mains 1"),
        ("", "call pane_ping begin pane_hang sleep 100"),
        ("sleep:60000", "sleep 200"),
        ("sleep:60000", "begin pane_ping sleep 200"),
        ("", ""),
    ] {
        for end in ["exit 7", "terminate 7"] {
            let host = host(&format!("load {library} {steps} {end}")).env("PANE_BOOT", script);
            Said::from(&an_hour(host).run(), 7);
        }
    }
    // A host that wants an orderly end can have one while its threads exist.
    let steps = "call pane_ping until pane_mains 1 atexit exit 7 \
                 call1 pane_shutdown 20000 call pane_ended";
    let said = Said::from(&an_hour(host(&format!("load {library} {steps}"))).run(), 7);
    assert_eq!(said.one("pane_shutdown"), "0");
    assert_eq!(said.one("pane_ended"), "111");
    let caller = caller(&fixture("pane"));
    for (steps, start, last) in [("call caller_now", "load", "1"), ("", "lazy", "-1")] {
        let host = host(&format!("load {caller} {steps} exit 7")).env("RT0_START", start);
        let said = Said::from(&an_hour(host).run(), 7);
        assert_eq!(said.one("at the end"), last);
    }
}

/// There is no descriptor: a thread of the host's takes.
#[test]
fn async_exports() {
    let shop = fixture("shop");
    let library = shop.library();
    let host = cc::c("windows/taker.c", &[&shop.include(), &library]);
    let host = Host::compiled(host).env("WINEPATH", path(&shop.dir));
    let said = Said::of(&host.limit(LIMIT).run());
    let descriptor = said.one("descriptor");
    assert!(
        descriptor.starts_with("-8 ") && descriptor.contains("on a thread"),
        "{descriptor}"
    );
    assert_eq!(said.one("fetched"), "100");
    assert_eq!(said.one("refused"), "4 the shop has no unicorn");
    for (step, begins) in [("late", "-15 "), ("cancelled", "-20 "), ("stopped", "-7 ")] {
        let one = said.one(step);
        assert!(one.starts_with(begins), "{step} = {one}");
    }
    for step in ["queue", "cancel", "shutdown", "free"] {
        assert_eq!(said.one(step), "0", "{step}");
    }
    assert_eq!(said.one("taker"), "-7", "STOPPED");
}

/// Read as `cargo rt0 inspect` does it.
#[test]
fn the_file_is_as_it_should_be() {
    let library = fixture("pane").library();
    let image = Image::open(library.as_ref()).expect("it was built");
    let report = inspect(&image).expect("a library of ours");
    assert_eq!(report.findings, [""; 0]);
    assert_eq!(report.shape, Shape::SharedLibrary);
    let about = report.library.expect("it has an init");
    assert_eq!((about.prefix.as_str(), about.wait_ms), ("pane", 30_000));
    assert!(report.symbols.checked && report.symbols.visible.contains("pane_fail"));
    assert!(!report.symbols.visible.contains("leaked_by_a_dependency"));
    assert!(report.std_inside);
    assert!(report.size.text > 0 && report.size.description > 0);
    let fail = report
        .exports
        .iter()
        .find(|call| call.symbol == "pane_fail");
    let prototype = fail.map(|call| call.prototype.as_str());
    assert_eq!(prototype, Some("int32_t pane_fail(char **err)"));
}

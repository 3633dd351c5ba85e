//! What must work on every processor: one test for each row of `cargo xtask cross`, which runs this module
//! for each target, under an emulator if the machine can't run the hosts itself.
//!
//! So nothing here reads things from /proc that belong to the emulator, and no time limit is tight.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

use cargo_rt0::image::Image;
use cargo_rt0::inspect::{Tls, inspect};
use rt0_hosts::fixture::{fixture, plain, plain_archive, small, with_archive};
use rt0_hosts::steps::{Said, UNWINDER, linked_with, load, opening, with_archive_inside};
use rt0_hosts::target::{are_static, is_emulated, named_target};
use rt0_hosts::watchdog::Host;
use rt0_hosts::{cc, needs, odd, require};

/// Runs the steps with the probe, which it opens and whose init follows this script.
fn run(script: &str, steps: &str) -> Said {
    Said::of(&host(steps).env("PROBE_BOOT", script).run())
}

/// A host that does these steps with the probe, which it opens; a static host is linked with the archive.
fn host(steps: &str) -> Host {
    if are_static() {
        let words = steps.split_whitespace();
        return Host::compiled(linked()).args(words);
    }
    load(&fixture("probe").library(), steps)
}

/// The host that is linked with the library.
fn linked() -> PathBuf {
    if are_static() {
        return with_archive_inside(&with_archive("probe"), &[UNWINDER]);
    }
    linked_with(&fixture("probe"))
}

#[test]
fn immediate_call() {
    let said = run("", "call probe_ping call probe_generation");
    assert_eq!(said.one("probe_ping"), "1");
    assert_eq!(said.one("probe_generation"), "1");

    let linked = Host::compiled(linked()).args(["call", "probe_ping", "call", "probe_boots"]);
    let said = Said::of(&linked.run());
    assert_eq!(said.one("probe_ping"), "1");
    assert_eq!(said.one("probe_boots"), "1");
}

#[test]
fn slow_boot_does_not_block_load() {
    let mut said = None;
    // On a busy machine the load, or the time between the load and the call, may take as long as the boot.
    let seen = (0..5).any(|_| {
        let steps = "call probe_state call probe_ping call probe_generation";
        let now = said.insert(run("sleep:2000", steps));
        assert_eq!(now.one("probe_ping"), "1");
        assert_eq!(now.one("probe_generation"), "1");
        // The library was not yet ready when the load was over, which in a static program is its start.
        (are_static() || now.micros("load") < 1_500_000)
            && ["1", "2"].contains(&now.one("probe_state"))
            && now.micros("probe_ping") >= 100_000
    });
    assert!(seen, "{}", said.as_ref().map_or("", Said::text));
}

#[test]
fn threads_at_gate() {
    let said = run(
        "sleep:300",
        "many 32 probe_generation call probe_boots many 32 probe_boots",
    );
    assert_eq!(said.all("many probe_generation"), ["1 x 32"]);
    assert_eq!(said.one("probe_boots"), "1");
    assert_eq!(said.one("many probe_boots"), "1 x 32");
}

#[test]
fn arguments() {
    let steps = "string probe_args probe_free string probe_vars probe_free --";
    let steps = steps.split_whitespace().map(OsString::from);
    let steps: Vec<OsString> = steps.chain(odd::arguments()).collect();
    let mut hosts = vec![(linked(), steps.clone())];
    if !are_static() {
        let open = ["load".into(), fixture("probe").library().into()];
        hosts.push((opening(), open.into_iter().chain(steps).collect()));
    }
    for (program, words) in hosts {
        let host = Host::compiled(&program).env_clear().args(&words);
        let host = host
            .env("A", "a=b=c")
            .env("B", "")
            .env("C", OsStr::from_bytes(b"\xff not UTF-8"));
        let said = Said::of(&host.run());
        let words = [&[program.into_os_string()], &words[..]].concat();
        assert_eq!(said.one("probe_args"), odd::shown_all(&words));
        assert_eq!(said.one("probe_vars"), r"[A=a=b=c][B=][C=\xff not UTF-8]");
    }
}

/// musl passes none. Tested in a static program, which can call the entry before musl does.
#[test]
fn what_only_looks_like_arguments() {
    if !are_static() {
        return require::elsewhere("what_only_looks_like_arguments");
    }
    let archive = plain_archive("bare").archive();
    let host = cc::c("platform/liar.c", &[&archive, UNWINDER]);
    assert_eq!(Said::of(&Host::compiled(host).run()).one("bare_ping"), "1");
}

/// If init does this, every call returns its error, and the host survives.
fn check_failed_init(script: &str) {
    let steps = "fails probe_fail probe_free call probe_ping text probe_last_error \
                 call1 probe_wait -1 call probe_state many 16 probe_boots exit 5";
    let said = Said::from(&host(steps).env("PROBE_BOOT", script).run(), 5);
    for text in [said.one("probe_fail"), said.one("probe_last_error")] {
        let right = text.contains("probe: start-up failed: ") && text.contains("the index is gone");
        assert!(right, "{}", said.text());
    }
    assert!(said.one("probe_fail").starts_with("-2 "), "BOOT_FAILED");
    assert_eq!(said.one("probe_ping"), "-1");
    assert_eq!(said.one("probe_wait"), "-2");
    assert_eq!(said.one("probe_state"), "4", "FAILED");
    assert_eq!(said.one("many probe_boots"), "-1 x 16");
}

#[test]
fn init_error() {
    check_failed_init("error:the index is gone");
}

#[test]
fn init_panic() {
    check_failed_init("panic:the index is gone");
}

/// Many callers race for the boot, and the library is opened again; a second boot would have time to show.
#[test]
fn boot_once() {
    let again = match are_static() {
        true => String::new(),
        false => format!("load {}", fixture("probe").library()),
    };
    let steps = format!("many 32 probe_boots {again} sleep 200 call probe_boots");
    for start in ["lazy", "load"] {
        let said = Said::of(&host(&steps).env("RT0_START", start).run());
        assert_eq!(said.all("many probe_boots"), ["1 x 32"], "{start}");
        assert_eq!(said.one("probe_boots"), "1", "{start}");
    }
}

/// The host's mask does not change; the library's threads leave the host its signals.
#[test]
fn signal_mask() {
    // ILL, TRAP, BUS, FPE, SEGV, SYS: signals that a thread causes itself.
    const FAULTS: u64 = bits(&[4, 5, 7, 8, 11, 31]);
    // 10 is SIGUSR1.
    let (program, load) = match are_static() {
        true => (linked(), String::new()),
        false => (opening(), format!("load {}", fixture("probe").library())),
    };
    let words = format!(
        "fullmask block 10 mask {load} mask call probe_ping mask \
         string probe_masks probe_free mask ids"
    );
    let host = Host::compiled(program).args(words.split_whitespace());
    let said = Said::of(&host.env("RT0_WORKERS", "1").run());
    assert_eq!(said.all("mask"), ["0000000000000200"; 4]);
    let full = u64::from_str_radix(said.one("fullmask"), 16).expect("a number");
    assert!(full & bits(&[10, 15]) == bits(&[10, 15]), "{full:x}");
    // glibc's SIGRTMIN, which belongs to the host. musl uses it itself.
    assert_eq!(full & bits(&[34]) == 0, is_musl(), "{full:x}");
    assert_eq!(said.one("ids"), "0", "setresuid reaches every thread");
    let masks: Vec<_> = said.one("probe_masks").split(' ').collect();
    assert_eq!(masks.len(), 3, "{}", said.text());
    for mask in masks {
        let mask = u64::from_str_radix(mask, 16).expect("a number");
        assert_eq!(mask & full, full & !FAULTS, "{mask:x} of {full:x}");
        assert_eq!(mask & FAULTS, 0, "{mask:x}");
    }
}

/// Whether the hosts' C library is musl.
fn is_musl() -> bool {
    named_target().contains("-musl")
}

const fn bits(signals: &[u32]) -> u64 {
    let mut set = 0;
    let mut i = 0;
    while i < signals.len() {
        set |= 1 << (signals[i] - 1);
        i += 1;
    }
    set
}

/// The entry that the loader calls, a call that boots on a stack of our own, and one that just passes.
#[test]
fn callee_saved() {
    let (host, library) = if are_static() {
        let archive = plain_archive("bare").archive();
        let host = cc::c("platform/registers.c", &["-DLINKED", &archive, UNWINDER]);
        (host, String::from("inside"))
    } else {
        let host = cc::c("platform/registers.c", &["-rdynamic"]);
        (host, plain("bare", "").library())
    };
    assert_eq!(Host::compiled(host).arg(library).run().ok(), "");
}

/// After boot, during boot, and a child of a child. The parent goes on.
///
/// The newest thread forks: in the child of another one the emulator (qemu 7.2) fails an assertion when the next
/// thread is made, because it gives that the number of one of the parent's.
#[test]
fn fork_child_boots() {
    let child = "call probe_generation call probe_fork_child call probe_state";
    let steps = format!(
        "call probe_generation threadfork {child} fails probe_fail probe_free \
         call1 probe_shutdown 20000 call probe_generation join \
         call probe_generation call probe_fork_child call probe_boots"
    );
    let said = run("", &steps);
    assert_eq!(said.all("child probe_generation"), ["2", "3"]);
    assert_eq!(said.one("child probe_fork_child"), "1");
    assert_eq!(said.one("child probe_state"), "3");
    assert_eq!(said.one("child probe_fail"), "1 it did not work");
    assert_eq!(said.one("child probe_shutdown"), "0");
    assert_eq!(said.all("probe_generation"), ["1", "1"]);
    assert_eq!(said.one("probe_fork_child"), "0");
    assert_eq!(said.one("probe_boots"), "1", "the parent's");

    // While the parent's init sleeps, unless a busy machine has delayed the host for as long.
    let steps =
        format!("sleep 1000 call probe_state threadfork {child} join call probe_generation");
    let mut runs = (0..3).map(|_| run("sleep:3000", &steps));
    let said = runs.find(|said| said.one("probe_state") == "2");
    let said = said.expect("a fork while the parent boots");
    assert_eq!(said.one("child probe_generation"), "2");
    assert_eq!(said.one("child probe_fork_child"), "1");
    assert_eq!(said.one("probe_generation"), "1");

    // A child that makes no call forks one that does.
    let steps = format!(
        "call probe_generation threadfork threadfork {child} join join call probe_generation"
    );
    let said = run("", &steps);
    assert_eq!(said.one("child probe_generation"), "2");
    assert_eq!(said.all("probe_generation"), ["1", "1"]);

    if is_emulated() {
        return;
    }
    // At any moment of the boot and after it, with other threads inside calls.
    let host = Host::compiled(cc::c("fork/forks.c", &[]))
        .limit(Duration::from_secs(240))
        .arg(fixture("probe").library())
        .args("rounds fork 20 30000 call".split_whitespace());
    let said = Said::of(&host.run());
    let children = "20 booted, 0 refused, 0 hung, 0 odd";
    assert_eq!(said.one("children"), children, "{}", said.text());

    // In the first millisecond of the boot.
    let host = Host::compiled(cc::c("fork/forks.c", &[]))
        .limit(Duration::from_secs(240))
        .arg(fixture("probe").library())
        .args("rounds fork 100 1000 none".split_whitespace());
    let said = Said::of(&host.run());
    let children = "100 booted, 0 refused, 0 hung, 0 odd";
    assert_eq!(said.one("children"), children, "{}", said.text());
}

/// The library's exit is timed by a thread that the child does not have: musl would wait forever for its end.
#[test]
fn an_exit_that_forks() {
    if is_emulated() {
        // The emulator supports forks only by its newest thread.
        return require::elsewhere("an_exit_that_forks");
    }
    let steps = "call calm_open call1 calm_shutdown 20000 split call calm_open \
                 call1 calm_shutdown 20000 join call calm_open";
    let host = load(&fixture("calm").library(), steps).env("CALM_EXIT", "forks");
    let said = Said::of(&host.limit(Duration::from_secs(30)).run());
    // The child's first call was that of exit.
    assert_eq!(said.one("child calm_open"), "2");
    assert_eq!(said.one("child calm_shutdown"), "0");
}

/// When their threads end, including the host's threads.
#[test]
fn thread_locals_are_dropped() {
    let steps = "call probe_ping many 16 probe_at_thread_end call probe_thread_ends";
    assert_eq!(run("", steps).one("probe_thread_ends"), "16");
}

/// Whatever stack size the C library uses by default: musl's is 128 KiB.
#[test]
fn threads_have_the_stack_that_they_ask_for() {
    let said = run("deep:1000", "call probe_ping many 16 probe_generation");
    assert_eq!(said.one("probe_ping"), "1");
    assert_eq!(said.one("many probe_generation"), "1 x 16");
}

/// In a program without a C library, the core itself makes the boot thread: with its own data, and with all
/// signals blocked except SIGKILL and SIGSTOP. Its main can run on no other thread.
#[test]
fn libc_free_thread() {
    let round = "ping booted_here same_pointer signals_open crowd 16 shutdown 20000 ";
    let steps = round.repeat(20) + "boots joined 100 detached 100 nested 5 arguments";
    let program = cc::c_alone("platform/nolibc.c", &small("raw").archive(), &[]);
    let host = Host::compiled(program).env("RAW_MAIN", "1");
    let arguments = steps.split_whitespace().count() + 1;
    let said = Said::of(&host.args(steps.split_whitespace()).run());
    assert_eq!(said.all("ping"), ["1"; 20]);
    assert_eq!(said.all("booted_here"), ["0"; 20]);
    assert_eq!(said.all("same_pointer"), ["0"; 20]);
    // The emulator's C library uses two more, which can't be blocked.
    let open = if is_emulated() { "4" } else { "2" };
    assert_eq!(said.all("signals_open"), [open; 20]);
    assert_eq!(said.all("crowd"), ["16"; 20]);
    assert_eq!(said.all("shutdown"), ["0"; 20]);
    assert_eq!(said.one("boots"), "20");
    assert_eq!((said.one("joined"), said.one("detached")), ("100", "100"));
    assert_eq!(
        said.one("nested"),
        "5",
        "a thread makes a thread, and so on"
    );
    assert_eq!(said.one("arguments"), arguments.to_string());

    // Its first thread has no thread pointer at all. On 32-bit x86 others may have no room for one either: that is
    // an error, like any that prevents a thread.
    let program = cc::c_alone("platform/nolibc.c", &small("raw").archive(), &["-DNO_DATA"]);
    let said = Said::of(&Host::compiled(&program).args(["nested", "5", "ping"]).run());
    assert_eq!((said.one("nested"), said.one("ping")), ("5", "1"));
    let host = Host::compiled(program).args("before segments start ping thread 1".split(' '));
    let said = Said::of(&host.env("RAW_MAIN", "1").run());
    let few = named_target().starts_with("i686");
    let (ping, made) = if few { ("-12", "0") } else { ("1", "1") };
    assert_eq!((said.one("ping"), said.one("thread")), (ping, made));
}

/// The same file works in hosts with any C library and without one.
#[test]
fn a_library_without_std_needs_nothing() {
    if are_static() {
        // There are no shared libraries.
        return require::elsewhere("a_library_without_std_needs_nothing");
    }
    let nolibc = small("nolibc");
    needs::nothing(&nolibc);
    let file = std::fs::metadata(nolibc.library()).expect("it was built");
    let len = file.len();
    assert!(len < 48 * 1024, "{len} bytes: padded to large pages?");
}

#[test]
fn shutdown_and_boot_again() {
    let steps = "call probe_generation until probe_mains 1 \
                 call1 probe_shutdown 20000 call probe_state alone \
                 call probe_generation call probe_ended call probe_boots until probe_mains 2 \
                 call1 probe_shutdown -1 alone call probe_generation call probe_ended";
    let said = run("", steps);
    assert_eq!(said.all("probe_shutdown"), ["0", "0"]);
    assert_eq!(said.one("probe_state"), "0");
    assert_eq!(said.all("alone"), ["1", "1"]);
    assert_eq!(said.all("probe_generation"), ["1", "2", "3"]);
    // Main was told to stop, exit ran, the state was dropped: each once per generation.
    assert_eq!(said.all("probe_ended"), ["111", "222"]);
    assert_eq!(said.one("probe_boots"), "2");
}

/// Read as `cargo rt0 inspect` does it, on a machine that may have another word size and byte order.
#[test]
fn the_file_is_as_it_should_be() {
    let (probe, file) = if are_static() {
        let probe = with_archive("probe");
        let archive = probe.archive();
        (probe, archive)
    } else {
        let probe = fixture("probe");
        let library = probe.library();
        (probe, library)
    };
    let image = Image::open(file.as_ref()).expect("it was built");
    let report = inspect(&image).expect("a library of ours");
    assert_eq!(report.findings, [""; 0]);
    let about = report.library.expect("it has an init");
    assert_eq!((about.prefix.as_str(), about.wait_ms), ("probe", 30_000));
    let fail = report
        .exports
        .iter()
        .find(|call| call.symbol == "probe_fail");
    let prototype = fail.map(|call| call.prototype.as_str());
    assert_eq!(prototype, Some("int32_t probe_fail(char **err)"));
    // An archive is not linked yet.
    if !are_static() {
        assert_eq!(report.link.map(|link| link.tls), Some(Tls::Dynamic));
        let relocations = report.relocations.expect("it is linked");
        assert_eq!(relocations.static_tls, 0);
        assert_eq!(relocations.other, 0, "an unknown kind");
        assert!(
            relocations.relative > 0 && relocations.symbol > 0,
            "{relocations:?}"
        );
    }
    let header = std::fs::read_to_string(probe.dir.join("probe.h"));
    let header = header.expect("it was built");
    assert!(
        header.contains("int32_t probe_fail(char **err);"),
        "{header}"
    );
}

/// The largest page size of kernels for these processors, and one in between.
#[test]
fn larger_pages() {
    let target = named_target();
    let has_them = ["aarch64", "powerpc64"]
        .iter()
        .any(|name| target.starts_with(name));
    if !has_them || !is_emulated() {
        // The other tests use this machine's page size.
        return require::elsewhere("larger_pages");
    }
    for size in ["16384", "65536"] {
        let steps = "pagesize many 16 probe_generation threadfork call probe_generation join \
                     call1 probe_shutdown 20000 alone call probe_generation";
        let host = load(&fixture("probe").library(), steps);
        // The emulator's.
        let said = Said::of(&host.env("QEMU_PAGESIZE", size).run());
        assert_eq!(said.one("pagesize"), size);
        assert_eq!(said.one("many probe_generation"), "1 x 16");
        assert_eq!(said.one("child probe_generation"), "2");
        assert_eq!(said.one("probe_generation"), "2");
    }
}

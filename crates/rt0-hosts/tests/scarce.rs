//! Hosts that can't have as many threads, or as much memory, as the library would like: every call gets
//! a code and a text, or works; nothing hangs, and the host lives.

use rt0_hosts::fixture::fixture;
use rt0_hosts::require::{is_root, skipped};
use rt0_hosts::steps::{Said, opening};
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;

const NO_THREAD: &str = "-12";
const BOOT_FAILED: &str = "-2";
/// The call was made: it gives the author's own error.
const CALLED: &str = "1";

/// The code of the call, after a look at its text.
#[track_caller]
fn code(said: &Said) -> &str {
    let (code, text) = said
        .one("probe_fail")
        .split_once(' ')
        .expect("a code and a text");
    let wanted = match code {
        NO_THREAD => "probe: the operating system gave no thread or no memory",
        BOOT_FAILED => "probe: start-up failed: panicked at ",
        CALLED => "it did not work",
        _ => panic!("{}", said.text()),
    };
    assert!(text.starts_with(wanted), "{}", said.text());
    code
}

/// The host may have so many threads, its own first one included; as another user, for root has as many
/// as it likes.
#[test]
fn few_threads() {
    let name = "few_threads";
    if !is_root() {
        return skipped(name, "only root can become a user without other processes");
    }
    let dir = Temporary::new("few-threads");
    let program = dir.copy(opening());
    let run = |library: &'static str, most: u32, steps: &str| {
        let path = dir.copy(fixture(library).library());
        let steps = format!("processes {most} load {} {steps} exit 5", path.display());
        let host = Host::new(&program)
            .args(steps.split_whitespace())
            .env("RT0_WORKERS", "3")
            .user(10_000 + std::process::id() % 50_000);
        Said::from(&host.run(), 5)
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
            0 | 1 => ("-1", "calm: the operating system gave no thread"),
            _ => ("1", ""),
        };
        assert_eq!(said.one("calm_open"), wanted, "{}", said.text());
        assert!(
            said.one("calm_last_error").starts_with(text),
            "{}",
            said.text()
        );
        // No thread but the caller's.
        let said = run("silent", most, "call1 silent_wait 20000 call silent_state");
        assert_eq!(said.one("silent_wait"), "0", "{}", said.text());
    }
}

/// The host may have so many KiB more than the load alone needs; the limit comes before the load, or
/// between it and the first call.
#[test]
fn little_memory() {
    let library = fixture("probe").library();
    let call = "fails probe_fail probe_free exit 5";
    let run = |start: &str, steps: &str| {
        let host = Host::new(opening())
            .args(steps.split_whitespace())
            .env("RT0_START", start)
            .env("RT0_WORKERS", "3");
        Said::from(&host.run(), 5)
    };
    let said = run("lazy", &format!("size load {library} size exit 5"));
    let sizes = said.all("size");
    let [bare, loaded] = [0, 1].map(|at| sizes[at].parse::<u32>().expect("a number"));
    let before = |kib: u32| {
        let kib = loaded - bare + kib;
        let said = run("load", &format!("memory {kib} load {library} {call}"));
        code(&said).to_owned()
    };
    let after = |kib: u32| {
        let said = run("lazy", &format!("load {library} memory {kib} {call}"));
        code(&said).to_owned()
    };
    // Not even the boot thread's stack fits.
    assert_eq!(after(4 << 10), NO_THREAD);
    // Half a MiB off the sizes of stacks: where one just fits and nothing else does, the next small
    // allocation ends the process, in std or in the C library, whoever makes it.
    for mib in 4..40 {
        before((mib << 10) + 512);
        after((mib << 10) + 512);
    }
    assert_eq!(before(1 << 20), CALLED);
    assert_eq!(after(1 << 20), CALLED);
}

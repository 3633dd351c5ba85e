//! What the library's thread-locals do when their threads end.

use object::read::elf::ElfFile64;
use object::{Endianness, Object, ObjectSymbol};
use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

/// How many times glibc goes through the keys of an ending thread.
const ROUNDS: u32 = 4;

#[test]
fn a_threads_locals_are_dropped_the_latest_first_and_can_make_others() {
    let steps = "string probe_chain_of_locals probe_free \
                 fork string probe_chain_of_locals probe_free join \
                 call1 probe_shutdown 20000 string probe_chain_of_locals probe_free";
    let said = Said::of(&load(&fixture("probe").library(), steps).run());
    let chain = "first second third earlier";
    assert_eq!(said.all("probe_chain_of_locals"), [chain, chain]);
    assert_eq!(said.one("child probe_chain_of_locals"), chain);
}

#[test]
fn each_threads_locals_are_dropped() {
    let steps = "call probe_ping call probe_locals_dropped many 64 probe_at_thread_end \
                 call probe_thread_ends begin probe_at_thread_end cancel call probe_thread_ends";
    let host = load(&fixture("probe").library(), steps).env("PROBE_BOOT", "threads:8");
    let said = Said::of(&host.run());
    assert_eq!(said.one("probe_locals_dropped"), "8");
    assert_eq!(said.all("many probe_at_thread_end"), ["0 x 64"]);
    assert_eq!(said.all("probe_thread_ends"), ["64", "65"]);
}

/// Destructors of the host's keys call the library after the destructor of the library's own key.
#[test]
fn what_is_registered_while_a_thread_ends_is_run_as_long_as_there_are_rounds() {
    let host = Host::new(cc::c("unload/rounds.c", &[])).arg(fixture("probe").library());
    let said = Said::of(&host.run());
    // Destructors run in the order in which their keys were made.
    assert_eq!(said.one("before"), format!("{ROUNDS} {ROUNDS}"));
    assert_eq!(said.one("after"), format!("{ROUNDS} {}", ROUNDS - 1));
}

/// std needs a key for itself, and aborts without one. The library leaves it the last one, even while it
/// looks for another: with one key left, it tries often enough for the two to meet.
#[test]
fn a_host_that_has_used_up_its_keys_is_served_as_well() {
    for left in ["1"; 300].iter().chain(&["2", "3"]) {
        let library = fixture("probe").library();
        let steps = [
            "keys",
            left,
            "load",
            &library,
            "call",
            "probe_ping",
            "many",
            "8",
            "probe_at_thread_end",
            "call",
            "probe_thread_ends",
            "call",
            "probe_locals_dropped",
        ];
        let host = Host::new(rt0_hosts::steps::opening()).args(steps);
        let said = Said::of(&host.env("PROBE_BOOT", "threads:4").run());
        assert_eq!(said.one("probe_ping"), "1", "{left}");
        assert_eq!(said.all("many probe_at_thread_end"), ["0 x 8"], "{left}");
        assert_eq!(said.one("probe_thread_ends"), "8", "{left}");
        assert_eq!(said.one("probe_locals_dropped"), "4", "{left}");
    }
}

/// Without a free key std would abort the host. Instead the load succeeds, and calls report what is missing
/// and try again. A library that has booted before needs no more keys.
#[test]
fn a_host_that_has_no_key_left_is_told_so() {
    for library in ["probe", "hush"] {
        let path = fixture(library).library();
        let call = if library == "probe" {
            "fails probe_fail probe_free"
        } else {
            "call1 hush_wait 20000 text hush_last_error"
        };
        let steps = format!(
            "keys 0 load {path} {call} {call} fork {call} join givekeys 1 {call} \
             call1 {library}_shutdown 20000 exit 5"
        );
        let host = Host::new(rt0_hosts::steps::opening()).args(steps.split_whitespace());
        let said = Said::from(&host.run(), 5);
        let text = format!("{library}: the process has no thread-specific key left");
        let told = |said: &Said, who: &str| -> Vec<String> {
            let all = if library == "probe" {
                said.all(&format!("{who}probe_fail"))
            } else {
                said.all(&format!("{who}hush_last_error"))
            };
            all.into_iter().map(str::to_owned).collect()
        };
        let parent = told(&said, "");
        for told in parent[..2].iter().chain(&told(&said, "child ")) {
            assert!(told.contains(&text), "{}", said.text());
        }
        match library {
            "probe" => {
                assert!(parent[0].starts_with("-12 "), "{}", said.text());
                assert_eq!(parent[2], "1 it did not work");
            }
            _ => assert_eq!(said.all("hush_wait"), ["-12", "-12", "0"]),
        }
        assert_eq!(said.one(&format!("{library}_shutdown")), "0");
    }
    let path = fixture("probe").library();
    let steps = format!(
        "load {path} call1 probe_wait 20000 keys 0 many 8 probe_generation \
         fork call probe_generation join call1 probe_shutdown 20000 call probe_generation"
    );
    let host = Host::new(rt0_hosts::steps::opening()).args(steps.split_whitespace());
    let said = Said::of(&host.run());
    assert_eq!(said.all("many probe_generation"), ["1 x 8"]);
    assert_eq!(said.one("child probe_generation"), "2");
    assert_eq!(said.all("probe_generation"), ["2"]);
}

/// Each copy has its own keys: they limit the number of copies.
#[test]
fn two_hundred_copies_in_one_process() {
    let silent = fixture("silent");
    let dir = rt0_hosts::scratch().join(format!("copies-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("the target directory can be written");
    let small = dir.join("small.so");
    let strip = Host::new("strip").arg("-o").arg(&small);
    strip.arg(silent.library()).run().succeeds();
    let mut host = Host::new(rt0_hosts::steps::opening());
    for number in 0..200 {
        let copy = dir.join(format!("{number}.so"));
        std::fs::copy(&small, &copy).expect("there is room");
        host = host
            .arg("load")
            .arg(&copy)
            .args(["call1", "silent_wait", "20000"]);
    }
    let ran = host.run();
    let _ = std::fs::remove_dir_all(&dir);
    assert_eq!(Said::of(&ran).all("silent_wait"), ["0"; 200]);
}

/// When a thread starts and ends, std calls the C library; the library answers these calls itself, but only
/// its own.
#[test]
fn std_is_bound_to_the_librarys_own() {
    let bytes = std::fs::read(fixture("probe").library()).expect("it was built");
    let file = ElfFile64::<Endianness>::parse(&*bytes).expect("it is an ELF file");
    let address = |name: &str| {
        let mut named = file.symbols().filter(|symbol| symbol.name() == Ok(name));
        let symbol = named.find(|symbol| symbol.is_definition());
        let symbol = symbol.unwrap_or_else(|| panic!("{name} is not in the file"));
        assert!(symbol.is_local(), "{name}");
        symbol.address()
    };
    assert_ne!(address("__wrap___cxa_thread_atexit_impl"), 0);
    assert_ne!(address("__wrap_dlsym"), address("__wrap_getenv"));
    let asked = |name: &str| {
        file.dynamic_symbols()
            .any(|symbol| symbol.name() == Ok(name))
    };
    // Without the linker's option they would be open.
    assert!(!asked("__real___cxa_thread_atexit_impl"));
    assert!(!asked("__real_dlsym"));
    assert!(asked("pthread_setspecific"), "the same look");
}

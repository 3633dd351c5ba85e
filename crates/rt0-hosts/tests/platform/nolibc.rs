//! Libraries without std: in a program without a C library, and the same file in programs with one.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rt0_hosts::Ran;
use rt0_hosts::fixture::{Fixture, small};
use rt0_hosts::require::{is_root, skipped};
use rt0_hosts::steps::Said;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{cc, needs, workspace};

/// Enough for the slowest machine; only a boot that never ends takes this long.
const LIMIT: Duration = Duration::from_secs(30);

fn program(more: &[&str]) -> PathBuf {
    cc::c_alone("platform/nolibc.c", &small("raw").archive(), more)
}

fn host(steps: &str) -> Host {
    Host::new(program(&[]))
        .args(steps.split_whitespace())
        .limit(LIMIT)
}

#[track_caller]
fn run(steps: &str) -> Said {
    Said::of(&host(steps).run())
}

#[test]
fn libc_free_thread() {
    let said = run("ping boots booted_here same_pointer signals_open arguments");
    assert_eq!((said.one("ping"), said.one("boots")), ("1", "1"));
    assert_eq!(said.one("booted_here"), "0", "on a thread of its own");
    assert_eq!(said.one("same_pointer"), "0", "with data of its own");
    assert_eq!(said.one("signals_open"), "2", "all but SIGKILL and SIGSTOP");
    assert_eq!(said.one("arguments"), "7");
}

/// Nothing waits in the constructors, and the library gets ready without a call.
#[test]
fn it_boots_by_itself() {
    let host = host("open until open 0 wait 1 ping").env("RAW_BOOT", "300");
    let said = Said::of(&host.run());
    assert_eq!(said.all("open"), ["0", "0"]);
    assert_eq!((said.one("wait"), said.one("ping")), ("-1", "1"));
    assert_eq!(run("until boots 1").one("boots"), "1");
}

#[test]
fn threads_at_the_gate() {
    let host = host("crowd 32 boots open").env("RAW_BOOT", "200");
    let said = Said::of(&host.run());
    assert_eq!((said.one("crowd"), said.one("boots")), ("32", "1"));
    assert_eq!(said.one("open"), "1");
}

/// Its first thread has no thread pointer at all.
#[test]
fn as_little_as_a_program_can_have() {
    let steps = "ping boots booted_here shutdown 5000 fork ping boots booted_here exit 6";
    let host = Host::new(program(&["-DNO_DATA"])).args(steps.split_whitespace());
    let said = Said::from(&host.limit(LIMIT).run(), 6);
    assert_eq!(said.all("ping"), ["1", "1"], "{}", said.text());
    assert_eq!(said.all("boots"), ["1", "2"]);
    assert_eq!(said.all("booted_here"), ["0", "0"]);
}

/// A library's archive as one object in which only its exports are visible. Made once, since another test may be
/// linking with it.
fn as_one_object(library: &Fixture) -> String {
    static MADE: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let path = |end: &str| library.dir.join(format!("{}{end}", library.name));
    let [all, object] = ["-all.o", ".o"].map(|end| path(end).display().to_string());
    if made.contains(&object) {
        return object;
    }
    let run = |program: &str, args: &[&str]| Host::new(program).args(args).run().succeeds();
    let archive = library.archive();
    run("ld", &["-r", "--whole-archive", "-o", &all, &archive]);
    let keep = format!("--keep-global-symbol={}_*", library.name);
    run("objcopy", &["--wildcard", &keep, &all, &object]);
    made.push(object.clone());
    object
}

/// The second archive is made as the example's README says, so that their names do not clash.
#[test]
fn two_archives_in_one_program() {
    let object = as_one_object(&small("nolibc"));
    let program = program(&["-DEXAMPLE", &header(), &object]);
    let host = Host::new(program).args(["crc", "ping", "crc", "boots"]);
    let said = Said::of(&host.limit(LIMIT).run());
    assert_eq!(said.all("crc"), ["0", "0"]);
    assert_eq!((said.one("ping"), said.one("boots")), ("1", "1"));
}

#[test]
fn a_forks_child_boots_its_own() {
    let host = host("ping until threads 2 fork ping boots booted_here threads exit 6");
    let said = Said::from(&host.env("RAW_MAIN", "1").run(), 6);
    assert_eq!(said.all("ping"), ["1", "1"]);
    assert_eq!((said.one("boots"), said.one("booted_here")), ("2", "0"));
    assert_eq!(said.all("threads"), ["2", "2"]);
}

#[test]
fn a_shutdown_ends_the_thread_and_the_next_call_boots_afresh() {
    let round = "ping until threads 2 shutdown 20000 until threads 1 ";
    let host = host(&(round.repeat(20) + "ping boots")).env("RAW_MAIN", "1");
    let said = Said::of(&host.run());
    assert_eq!(said.all("shutdown"), ["0"; 20]);
    assert_eq!(said.one("boots"), "21");
}

/// The resources in use before and after, when the boot thread has ended.
#[track_caller]
fn check_flat(rounds: &str, counts: &[(&str, &str)]) {
    let said = run(&format!(
        "ping until threads 1 mapped {rounds} until threads 1 mapped"
    ));
    for (step, count) in counts {
        assert_eq!(said.one(step), *count, "{}", said.text());
    }
    let [before, after] = said.all("mapped")[..] else {
        panic!("{}", said.text());
    };
    assert_eq!(before, after, "{}", said.text());
}

#[test]
fn stacks_are_given_back() {
    check_flat("joined 1000", &[("joined", "1000")]);
    check_flat("detached 1000", &[("detached", "1000")]);
    let generations = "shutdown 20000 ping until threads 1 ".repeat(50);
    check_flat(&generations, &[]);
}

/// The kernel clears a word when the thread has ended. By then the thread's stack may belong to another
/// thread.
#[test]
fn the_word_that_tells_of_a_threads_end_is_not_on_its_stack() {
    assert_eq!(run("ping until threads 1 exit_word").one("exit_word"), "1");
}

/// There is memory right below the stack that could be written to.
#[test]
fn an_overflow_of_the_stack_dies_at_the_guard() {
    const SIGSEGV: i32 = 11;
    let ran = host("ping until threads 1 overflow exit 9").run();
    assert_eq!(ran.signal(), Some(SIGSEGV), "{ran}");
}

/// EPERM and EAGAIN, from the start and later. The host keeps its own exit code.
#[test]
fn a_thread_that_is_refused_is_an_error_with_a_text() {
    for error in [1, 11] {
        let before = format!("before refuse {error} start ping booted_here exit 4");
        let said = Said::from(&host(&before).run(), 4);
        let here = (said.one("ping"), said.one("booted_here"));
        assert_eq!(here, ("1", "1"), "without a main it needs no thread");

        let before = format!("before refuse {error} start ping wait 5000 text -12 exit 4");
        let said = Said::from(&host(&before).env("RAW_MAIN", "1").run(), 4);
        assert_eq!(
            (said.one("ping"), said.one("wait")),
            ("-12", "-12"),
            "NO_THREAD"
        );
        assert_ne!(said.one("text"), "0");

        let later = format!("ping shutdown 5000 refuse {error} ping thread 1 exit 4");
        let said = Said::from(&host(&later).env("RAW_MAIN", "1").run(), 4);
        assert_eq!(said.all("ping"), ["1", "-12"]);
        assert_eq!(said.one("thread"), "0");
    }
}

#[test]
fn a_stack_that_does_not_fit_is_an_error_and_a_later_try_works() {
    let steps =
        "before memory 1000 start ping mapped ping mapped memory -1 ping boots booted_here exit 4";
    let said = Said::from(&host(steps).env("RAW_MAIN", "1").run(), 4);
    assert_eq!(said.all("ping"), ["-12", "-12", "1"], "NO_THREAD");
    assert_eq!((said.one("boots"), said.one("booted_here")), ("1", "0"));
    let mapped = said.all("mapped");
    assert_eq!(mapped[0], mapped[1], "nothing is left of the attempts");
    let said = run("ping thread 2000000000 thread 1");
    assert_eq!(said.all("thread"), ["0", "1"]);
}

/// What the example reports if a C library makes its thread.
#[track_caller]
fn check_hosted(ran: &Ran, signals_open: &str) {
    let said = Said::from(ran, 7);
    assert_eq!(said.one("raw_ping"), "1");
    assert_eq!(said.one("booted here"), "0");
    assert_eq!(said.one("same pointer"), "0");
    assert_eq!(said.one("arguments"), "1");
    // The faults, the signals that C libraries use between threads, SIGKILL and SIGSTOP.
    assert_eq!(said.one("signals open"), signals_open, "{}", said.text());
    assert_eq!(said.one("nolibc_crc32"), "0 cbf43926");
    assert_eq!(said.one("nolibc_crc32 of nothing"), "0 00000000");
    assert_eq!(said.one("nolibc_shutdown"), "0");
    let text = said.one("nolibc_text");
    assert!(text.contains(" -8 an argument is not valid"), "{text}");
    if is_root() {
        // The host's own and main's; the example's may not be gone yet.
        let users = said.one("with the old user");
        assert!(["0 of 2", "0 of 3"].contains(&users), "{}", said.text());
    }
}

fn header() -> String {
    format!("-I{}", workspace().join("examples/nolibc").display())
}

fn hosted(compiler: &str, how: &[&str]) -> Host {
    let header = header();
    let args = [&[&*header], how].concat();
    Host::new(cc::c_by(compiler, "platform/anylibc.c", &args))
        .env("RAW_MAIN", "1")
        .limit(LIMIT)
}

/// Opened at run time, and linked.
fn check_with(compiler: &str, signals_open: &str) {
    let (raw, example) = (small("raw"), small("nolibc"));
    let opening = hosted(compiler, &[]).args([raw.library(), example.library()]);
    check_hosted(&opening.run(), signals_open);
    let (raw, example) = (raw.linked(), example.linked());
    let libraries: Vec<&str> = raw.iter().chain(&example).map(String::as_str).collect();
    let linked = hosted(compiler, &[&["-DLINKED"], &libraries[..]].concat());
    check_hosted(&linked.run(), signals_open);
}

#[test]
fn with_glibc_the_same_file_has_a_thread_of_the_c_library() {
    check_with("cc", "10");
}

#[test]
fn with_musl_the_same_file_has_a_thread_of_the_c_library() {
    if let Some(musl) = musl("with_musl_the_same_file_has_a_thread_of_the_c_library") {
        check_with(musl, "11");
    }
}

fn musl(test: &str) -> Option<&'static str> {
    if Command::new("musl-gcc").arg("--version").output().is_ok() {
        return Some("musl-gcc");
    }
    skipped(test, "there is no musl-gcc (Debian: musl-tools)");
    None
}

/// A thread that the C library does not know would be dangerous. So the first caller boots; a main, which needs a
/// thread, is an error.
#[track_caller]
fn check_no_thread(host: impl Fn() -> Host) {
    let ran = host().env_clear().run();
    let said = Said::from(&ran, 7);
    let here = (said.one("raw_ping"), said.one("booted here"));
    assert_eq!(here, ("1", "1"), "{}", said.text());
    let said = Said::from(&host().run(), 7);
    assert_eq!(said.one("raw_ping"), "-12", "NO_THREAD\n{}", said.text());
}

#[test]
fn a_static_program_with_a_c_library_but_no_threads_gets_none() {
    let raw = as_one_object(&small("raw"));
    let how = ["-DSTATIC", "-static", "-Wl,--gc-sections", &raw];
    check_no_thread(|| hosted("cc", &how));
    if let Some(musl) = musl("a_static_program_with_a_c_library_but_no_threads_gets_none") {
        check_no_thread(|| hosted(musl, &how));
    }
}

/// The library's own functions are local in the object; everyone else calls the C library's.
#[track_caller]
fn check_memory_calls(compiler: &str) {
    let raw = as_one_object(&small("raw"));
    let how = [&*header(), "-DSTATIC", "-static", &raw];
    let program = cc::c_by(compiler, "platform/anylibc.c", &how);
    let symbols = Host::new("nm").arg(&program).run().ok();
    for name in ["memcpy", "memset"] {
        let found: Vec<_> = symbols
            .lines()
            .filter_map(|line| line.rsplit_once(' '))
            .filter(|(_, symbol)| *symbol == name)
            .filter_map(|(before, _)| before.chars().last())
            .collect();
        // `i`: glibc chooses among several by the processor. If only the library's existed, it would be `W`.
        let theirs = found.iter().filter(|kind| "Ti".contains(**kind));
        assert_eq!(theirs.count(), 1, "{compiler}: {name} {found:?}");
    }
}

#[test]
fn a_static_program_keeps_the_memcpy_of_its_c_library() {
    check_memory_calls("cc");
    if let Some(musl) = musl("a_static_program_keeps_the_memcpy_of_its_c_library") {
        check_memory_calls(musl);
    }
}

/// There it finds no symbol of the C library, although the process has one.
#[test]
fn in_a_namespace_of_its_own_it_gets_no_thread() {
    let raw = small("raw").library();
    check_no_thread(|| hosted("cc", &[]).args(["apart", &raw]));
}

#[test]
fn nothing_else_is_needed() {
    for library in [small("nolibc"), small("raw")] {
        needs::nothing(&library);
        let path = library.library();
        let len = std::fs::metadata(&path).expect("it was built").len();
        // Most of it is the core; see the example's README.
        assert!(len < 40 * 1024, "{path} has {len} bytes");
    }
}

/// Nothing unwinds through it. With GNU's linker it is larger than with LLVM's.
#[test]
fn the_example_has_no_unwind_tables_and_is_small() {
    let path = small("nolibc").library();
    let file = std::fs::read(&path).expect("it was built");
    let name = b".eh_frame";
    let has_tables = file.windows(name.len()).any(|part| part == name);
    assert!(!has_tables, "{path} has unwind tables");
    if cfg!(target_arch = "x86_64") {
        assert!(file.len() < 26 * 1024, "{path} has {} bytes", file.len());
    }
}

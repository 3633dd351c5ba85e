//! `cargo rt0 doctor`: what it does with libraries that misbehave, and what it says.
//!
//! On Linux only: elsewhere the tool says that it can not watch a process.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::{c_library, good, rt0};
use serde_json::Value;

/// Compiles a library from C.
fn library(dir: &Path, name: &str, source: &str) -> PathBuf {
    c_library(dir, name, source, &["-Wl,-soname,libx.so"])
}

fn doctor(library: &Path, words: &[&str]) -> Output {
    let mut command = rt0();
    command
        .arg("doctor")
        .arg(library)
        .args(words)
        .output()
        .unwrap()
}

/// The one check's outcome and evidence.
fn one(library: &Path, words: &[&str]) -> (String, String) {
    let output = doctor(library, &[words, &["--json", "-", "--jobs", "1"]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let json: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"));
    let check = &json["checks"][0];
    let text = |name: &str| check[name].as_str().unwrap_or_default().to_owned();
    (text("outcome"), text("evidence"))
}

const ADD: &str = "int add(int a, int b) { return a + b; }";

/// The processes that have this file mapped.
fn with(library: &Path) -> Vec<String> {
    let library = library.to_str().unwrap();
    processes(|process| {
        fs::read_to_string(process.join("maps")).is_ok_and(|maps| maps.contains(library))
    })
}

/// The processes that have been started with this in their environment, by whomever: the tool, its keepers, and all
/// that libraries have made.
fn marked(mark: &str) -> Vec<String> {
    processes(|process| {
        let environment = fs::read(process.join("environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(mark)
    })
}

/// A process that has ended and was not waited for has neither.
fn processes(is_one: impl Fn(&Path) -> bool) -> Vec<String> {
    let all = fs::read_dir("/proc").unwrap().flatten();
    all.map(|entry| entry.path())
        .filter(|path| path.join("maps").exists() && !path.ends_with("self"))
        .filter(|path| is_one(path))
        .map(|path| path.display().to_string())
        .collect()
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(120);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Ignores every signal that can be ignored, forks, and leaves grandchildren in sessions of their own, one of which
/// floods its output, with half of what the tool bears and a little more all the time; its call never returns. A load
/// makes eight processes that stay, of which none outlives its limit if the tool should not end them.
const HOSTILE: &str = "
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
static time_t end;
static void stay(int floods) {
    for (int i = 0; floods && i < 5000000; i++) puts(\"flood\");
    while (time(0) < end) { if (floods) puts(\"flood\"), usleep(1000); else sleep(1); }
    _exit(0);
}
void cling(void) { stay(0); }
__attribute__((constructor)) static void start(void) {
    struct rlimit cpu = { 60, 60 };
    setrlimit(RLIMIT_CPU, &cpu);
    end = time(0) + 600;
    for (int i = 1; i < 32; i++) if (i != SIGXCPU) signal(i, SIG_IGN);
    for (int i = 0; i < 6; i++)
        if (fork() == 0) {
            if (i & 1) setsid();
            if (fork() == 0) {
                setsid();
                stay(i == 2);
            }
            if (i == 4) stay(0);
            _exit(0);
        }
}";

/// How soon nothing is left.
const SOON: Duration = Duration::from_secs(2);

/// How often that is tried: on a busy machine whoever ends the others may have to wait for a processor.
const TRIES: u32 = 20;

#[test]
fn two_seconds_after_the_tool_was_killed_nothing_is_left_of_a_library_that_clings_to_life() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "hostile", HOSTILE);
    // A terminal sends Ctrl-C to the whole process group.
    for (signal, to_all) in [
        ("INT", true),
        ("TERM", true),
        ("INT", false),
        ("TERM", false),
        ("KILL", false),
    ] {
        let mut took = Vec::new();
        while took.last().is_none_or(|time| *time > SOON) {
            assert!(took.len() < TRIES as usize, "SIG{signal}: {took:?}");
            took.push(killed(&library, signal, to_all));
        }
        println!("SIG{signal}: {took:?}");
    }
}

/// How long after this signal to the tool no process is left.
fn killed(library: &Path, signal: &str, to_all: bool) -> Duration {
    let mark = format!("RT0_DOCTOR_TEST={}", library.display());
    let (name, value) = mark.split_once('=').unwrap();
    // Whoever runs the tests in the background may have SIGINT ignored.
    let mut tool = Command::new("env");
    tool.arg("--default-signal=INT")
        .arg(rt0().get_program())
        .args(["rt0", "doctor"])
        .arg(library)
        .args(["--only", "fds-swept,exit-code", "--call", "cling()"])
        .args(["--deadline", "10m", "--jobs", "2"])
        .env(name, value)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    let mut tool = tool.spawn().unwrap();
    // Two checks, each with its family.
    wait_for("the library is not loaded", || with(library).len() >= 16);
    let kill = Command::new("kill")
        .arg(format!("-{signal}"))
        .arg("--")
        .arg(format!("{}{}", if to_all { "-" } else { "" }, tool.id()))
        .status();
    assert!(kill.unwrap().success());
    let begun = Instant::now();
    tool.wait().unwrap();
    wait_for("processes are left", || marked(&mark).is_empty());
    begun.elapsed()
}

#[test]
fn a_hang_ends_at_the_deadline_with_the_place_and_the_threads() {
    let dir = tempfile::tempdir().unwrap();
    let source = "#include <signal.h>\n#include <unistd.h>\n
        __attribute__((constructor)) static void hang(void) { signal(SIGTERM, SIG_IGN);
        if (fork() == 0) setsid(); alarm(600); for (;;) pause(); }";
    let library = library(dir.path(), "hang", source);
    let output = doctor(&library, &["--only", "load-signals", "--deadline", "1s"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("FAIL  it hung while loading the library (deadline 1s)"),
        "{text}"
    );
    assert!(
        text.contains("thread ") && text.contains("S (sleeping)"),
        "{text}"
    );
    assert!(text.contains("again:   cargo rt0 doctor "), "{text}");
    assert_eq!(with(&library), Vec::<String>::new());
}

/// As a C program has them: the doctor's own process holds one back.
#[test]
fn a_library_finds_no_signal_blocked() {
    let dir = tempfile::tempdir().unwrap();
    let source = "#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n
        __attribute__((constructor)) static void look(void) { sigset_t set; sigprocmask(SIG_BLOCK, 0, &set);
        for (int i = 1; i < 32; i++) if (sigismember(&set, i)) { fprintf(stderr, \"%d is blocked\\n\", i), abort(); } }";
    let library = library(dir.path(), "looks", source);
    let output = doctor(&library, &["--only", "load-time"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}");
}

/// A debugger must not take the doctor's own library, which the process has loaded, for a descriptor of its own.
#[test]
fn a_hang_in_the_load_of_the_doctors_own_library_has_its_stacks() {
    let dir = tempfile::tempdir().unwrap();
    let source = "#include <unistd.h>\n
        __attribute__((constructor)) static void start(void) { for (;;) pause(); }";
    let without = library(dir.path(), "sleeps", source);
    let output = doctor(&without, &["--only", "load-signals", "--deadline", "1s"]);
    if !String::from_utf8_lossy(&output.stdout).contains("#0 ") {
        common::skipped("there is no gdb, or it is not allowed to look");
        return;
    }
    let source = "#include <pthread.h>\n#include <unistd.h>\n
        static void *forever(void *p) { for (;;) pause(); return p; }
        int wait_for_a_thread(void) { pthread_t t; pthread_create(&t, 0, forever, 0);
        return pthread_join(t, 0); }";
    let library = library(dir.path(), "waits", source);
    let call = "wait_for_a_thread() -> i32 = 0";
    let only = ["--only", "load-loader-lock", "--deadline", "1s"];
    let output = doctor(&library, &[&only[..], &["--call", call]].concat());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("it waits for a process below"), "{text}");
    assert!(text.contains("in forever ()"), "{text}");
    assert!(text.contains("in wait_for_a_thread ()"), "{text}");
    assert!(!text.contains("rt0_doctor::"), "{text}");
}

#[test]
fn a_storm_of_forks_ends() {
    let dir = tempfile::tempdir().unwrap();
    // More than the tool allows, and no more than the machine bears: all of them count in shared memory, and none
    // outlives its limit.
    let source = "#include <stdatomic.h>\n#include <sys/mman.h>\n#include <time.h>\n#include <unistd.h>
        __attribute__((constructor)) static void start(void) {
            atomic_int *made = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
            time_t end = time(0) + 600;
            while (atomic_fetch_add(made, 1) < 1500) if (fork() < 0) break;
            while (time(0) < end) sleep(1);
            _exit(0);
        }";
    let library = library(dir.path(), "storm", source);
    let (outcome, evidence) = one(&library, &["--only", "load-signals", "--deadline", "10m"]);
    assert_eq!(
        (&*outcome, &*evidence),
        (
            "fail",
            "it made processes without end while loading the library"
        )
    );
    assert_eq!(with(&library), Vec::<String>::new());
}

#[test]
fn a_flood_ends() {
    let dir = tempfile::tempdir().unwrap();
    let source = "#include <unistd.h>
        __attribute__((constructor)) static void start(void) { static char room[65536];
        for (long i = 0; i < 100000; i++) if (write(1, room, sizeof room) < 0) break; sleep(600); _exit(0); }";
    let library = library(dir.path(), "flood", source);
    let (outcome, evidence) = one(&library, &["--only", "load-signals", "--deadline", "10m"]);
    assert_eq!(
        (&*outcome, &*evidence),
        ("fail", "it printed without end while loading the library")
    );
}

#[test]
fn every_way_to_die_is_said() {
    let dir = tempfile::tempdir().unwrap();
    for (name, body, evidence) in [
        (
            "crash",
            "*(volatile int *)8 = 1;",
            "the process was killed by SIGSEGV while loading the library",
        ),
        (
            "abort",
            "abort();",
            "the process was killed by SIGABRT while loading the library",
        ),
        (
            "leave",
            "_exit(3);",
            "the process ended with exit code 3 while loading the library",
        ),
    ] {
        let source = format!(
            "#include <stdlib.h>\n#include <unistd.h>\n\
             __attribute__((constructor)) static void start(void) {{ {body} }}"
        );
        let library = library(dir.path(), name, &source);
        let found = one(&library, &["--only", "load-signals"]);
        assert_eq!(found, ("fail".to_owned(), evidence.to_owned()));
    }
}

#[test]
fn arguments_and_results_of_every_type_go_through() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(
        dir.path(),
        "types",
        "#include <stdbool.h>\n#include <stdint.h>\n#include <string.h>\n
        int64_t ints(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint32_t f, int64_t g, uint64_t h,
            bool i) { return a == -8 && b == 200 && c == -300 && d == 60000 && e == -70000 && f == 4000000000u
            && g == -5000000000 && h == 18446744073709551615u && i ? -1 : 0; }
        double floats(float a, double b) { return a + b; }
        float half(float a) { return a / 2; }
        int8_t small(void) { return -3; }
        uint16_t wide(void) { return 65535; }
        bool yes(void) { return true; }
        const char *name(const char *s) { return s[0] == 'a' ? \"alpha\" : 0; }
        size_t measure(const char *text, size_t len) { return memchr(text, 0, len) ? 0 : len; }
        int fill(unsigned char *room) { int zero = room[15] == 0; memset(room, 7, 16); return zero; }
        int calls(int (*f)(int, double), void (*g)(void)) { g(); return f(1, 2.0); }
        void *nothing(void *p) { return p; }",
    );
    let call = |text: &str| one(&library, &["--only", "load-namespace", "--call", text]);
    for text in [
        "ints(i8 -8, u8 200, i16 -300, u16 60000, i32 -70000, u32 4000000000, i64 -5000000000, \
         u64 18446744073709551615, bool true) -> i64 = -1",
        "floats(f32 0.5, f64 2.25) -> f64 = 2.75",
        "half(f32 5) -> f32 = 2.5",
        "small() -> i8 = -3",
        "wide() -> u16 = 65535",
        "yes() -> bool = true",
        "name(str \"abc\") -> str = \"alpha\"",
        "name(str \"xyz\") -> ptr = null",
        "measure(text \"12345\") -> usize = 5",
        "fill(buffer 16) -> i32 = 1",
        "calls(callback, callback) -> i32 = 0",
        "nothing(ptr null) -> ptr = null",
    ] {
        assert_eq!(call(text).0, "pass", "{text}: {}", call(text).1);
    }
    assert_eq!(
        call("small() -> i8 = 3"),
        ("fail".to_owned(), "small() returned -3, not 3".to_owned())
    );
    let (outcome, evidence) = call("absent() -> i32");
    assert_eq!(outcome, "could-not-run");
    assert!(evidence.contains("no function `absent`"), "{evidence}");
}

#[test]
fn exit_codes_tell_a_failure_from_what_could_not_run() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let code = |words: &[&str]| doctor(&library, words).status.code();
    assert_eq!(code(&["--only", "elf-relro,load-signals"]), Some(0));
    // Without a call it is skipped: no failure, unless it is required.
    assert_eq!(code(&["--only", "fds-swept"]), Some(0));
    assert_eq!(
        code(&["--only", "fds-swept", "--require", "fds-swept"]),
        Some(1)
    );
    assert_eq!(
        code(&["--only", "load-signals", "--call", "absent()"]),
        Some(2)
    );
    assert_eq!(
        code(&[
            "--only",
            "fds-swept",
            "--call",
            "add(i32 1, i32 2) -> i32 = 4"
        ]),
        Some(1)
    );
    assert_eq!(code(&["--only", "absent"]), Some(2));
    assert_eq!(code(&["--call", "add("]), Some(2));
    assert_eq!(code(&["--deadline", "soon"]), Some(2));
    assert_eq!(doctor(Path::new("/nowhere.so"), &[]).status.code(), Some(2));
    assert_eq!(
        doctor(&dir.path().join("add.c"), &[]).status.code(),
        Some(2)
    );
}

#[test]
fn what_is_required_is_run_or_the_command_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let code = |words: &[&str]| doctor(&library, words).status.code();
    let elf = ["--only", "elf-relro"];
    assert_eq!(
        code(&[&elf[..], &["--require", "elf-relro"]].concat()),
        Some(0)
    );
    assert_eq!(
        code(&[&elf[..], &["--require", "fds-swept"]].concat()),
        Some(2)
    );
    let excluded = ["--require", "elf-relro", "--exclude", "elf-relro=it is old"];
    assert_eq!(code(&[&elf[..], &excluded].concat()), Some(2));
    // The command that repeats one check of such a run is allowed to leave the others out.
    let config = dir.path().join("doctor.toml");
    let config = ["--config", config.to_str().unwrap()];
    fs::write(config[1], "require = [\"elf-relro\", \"fds-swept\"]\n").unwrap();
    assert_eq!(code(&[&elf[..], &config].concat()), Some(0));
    assert_eq!(
        code(&[&["--only", "fds-swept"][..], &config].concat()),
        Some(1)
    );
}

#[test]
fn the_command_that_repeats_a_check_runs_just_that_check() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let config = dir.path().join("doctor.toml");
    fs::write(&config, "only = [\"elf-relro\", \"elf-soname\"]\n").unwrap();
    let checks = |words: &[&str]| {
        let config = ["--config", config.to_str().unwrap(), "--json", "-"];
        let output = doctor(&library, &[&config[..], words].concat());
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        json["checks"].as_array().unwrap().len()
    };
    assert_eq!(checks(&[]), 2);
    assert_eq!(checks(&["--only", "elf-soname"]), 1);
}

#[test]
fn the_table_is_seen_also_if_a_file_can_not_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let run = |words: &[&str]| {
        let output = doctor(&library, &[&["--only", "elf-relro"][..], words].concat());
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), text)
    };
    let (code, text) = run(&["--junit", "/dev/full"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("elf-relro  PASS"), "{text}");
    // This is known before anything is run.
    assert_eq!(
        run(&["--json", "/nowhere/doctor.json"]),
        (Some(2), String::new())
    );
    assert_eq!(
        run(&["--json", "-", "--sarif", "-"]),
        (Some(2), String::new())
    );
    let (code, text) = run(&["--junit", "-"]);
    assert_eq!(code, Some(0));
    assert!(
        text.starts_with("<?xml") && !text.contains("PASS"),
        "{text}"
    );
}

/// Whatever becomes of a check that loads copies of the library.
#[test]
fn no_file_is_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let source = |second: &str| {
        format!(
            "#include <pthread.h>\n#include <stdlib.h>\n#include <unistd.h>\n
            __attribute__((constructor)) static void start(void) {{
            if (getenv(\"SECOND\")) {second}; setenv(\"SECOND\", \"\", 1); }}
            static void *call(void *f) {{ ((void (*)(void))f)(); return 0; }}
            void tell(void (*f)(void)) {{ pthread_t t; pthread_create(&t, 0, call, (void *)f);
            pthread_join(t, 0); }}"
        )
    };
    for (name, second, says) in [
        ("aborts", "abort()", "killed by SIGABRT while loading "),
        ("hangs", "for (;;) pause()", "hung while loading "),
    ] {
        let library = library(dir.path(), name, &source(second));
        let temporary = dir.path().join(format!("{name}-files"));
        fs::create_dir(&temporary).unwrap();
        let mut command = rt0();
        command
            .env("TMPDIR", &temporary)
            .arg("doctor")
            .arg(&library);
        command.args([
            "--only",
            "load-many,call-foreign-runtime",
            "--deadline",
            "1s",
        ]);
        let output = command.args(["--call", "tell(callback)"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        for (id, copy) in [
            ("load-many", "copy 1"),
            ("call-foreign-runtime", "a copy of"),
        ] {
            let line = text.lines().find(|line| line.starts_with(id));
            let line = line.unwrap_or_else(|| panic!("{id}: {text}"));
            assert!(line.contains(&format!("{says}{copy}")), "{line}");
        }
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0, "{name}");
    }
}

#[test]
fn an_exclusion_has_a_reason_and_is_printed() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(
        dir.path(),
        "loud",
        "#include <unistd.h>\n__attribute__((constructor)) static void start(void) { write(1, \"x\", 1); }",
    );
    let only = ["--only", "load-output"];
    assert_eq!(doctor(&library, &only).status.code(), Some(1));
    let without = doctor(
        &library,
        &[&only[..], &["--exclude", "load-output"]].concat(),
    );
    assert_eq!(without.status.code(), Some(2));
    let with = doctor(
        &library,
        &[
            &only[..],
            &["--exclude", "load-output=a banner is asked for"],
        ]
        .concat(),
    );
    let text = good(&with);
    assert!(
        text.contains("load-output  SKIP  excluded: a banner is asked for"),
        "{text}"
    );
}

#[test]
fn the_command_that_is_printed_reproduces_the_failure() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(
        dir.path(),
        "it's loud",
        "#include <stdio.h>\nint add(void) { return 4; }",
    );
    let words = ["--only", "fds-swept", "--call", "add() -> i32 = 5"];
    let output = doctor(&library, &words);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (_, again) = text.split_once("again:   cargo rt0 ").unwrap();
    let again = again.lines().next().unwrap();
    let tool = env!("CARGO_BIN_EXE_cargo-rt0");
    let second = Command::new("sh")
        .arg("-c")
        .arg(format!("'{tool}' {again}"))
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stdout).contains("add() returned 4, not 5"));
    let third = doctor(
        &library,
        &[&words[2..], &["--in-process", "fds-cloexec"]].concat(),
    );
    assert_eq!(third.status.code(), Some(1));
}

#[test]
fn options_come_from_a_file_too() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let config = dir.path().join("doctor.toml");
    fs::write(
        &config,
        "call = [\"add(i32 2, i32 3) -> i32 = 5\"]\nonly = [\"fds\", \"load-time\"]\nrequire = [\"fds-swept\"]\n\
         deadline = \"20s\"\n[exclude]\nload-time = \"not today\"\n",
    )
    .unwrap();
    let text = good(&doctor(&library, &["--config", config.to_str().unwrap()]));
    assert!(text.contains("fds-swept        PASS"), "{text}");
    assert!(
        text.contains("load-time        SKIP  excluded: not today"),
        "{text}"
    );
    fs::write(&config, "calls = []\n").unwrap();
    let wrong = doctor(&library, &["--config", config.to_str().unwrap()]);
    assert_eq!(wrong.status.code(), Some(2));
}

/// What is said of a library that can't be loaded: the exit code, the lines of the table, and its last part.
fn refused(library: &Path, words: &[&str]) -> (Option<i32>, usize, String) {
    let output = doctor(library, words);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = text.lines().filter(|line| line.starts_with("---- "));
    let said: Vec<_> = said.map(str::to_owned).collect();
    assert_eq!(said.len(), 1, "{text}");
    (output.status.code(), text.lines().count(), said[0].clone())
}

#[test]
fn a_library_for_another_processor_is_only_read() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let mut bytes = fs::read(&library).unwrap();
    // EM_S390, in this machine's byte order; nothing else is changed.
    bytes[18..20].copy_from_slice(&22u16.to_ne_bytes());
    fs::write(&library, bytes).unwrap();
    let only = ["--only", "load-signals,load-output,elf-soname"];
    let (code, lines, said) = refused(&library, &only);
    let here = std::env::consts::ARCH;
    assert_eq!(code, Some(2));
    assert_eq!(
        said,
        format!(
            "---- libadd.so can't be loaded here: it is for s390x, and this program for {here}; run the doctor there: \
             2 checks could not run"
        )
    );
    assert_eq!(lines, 7, "{said}");
    // The file can be checked all the same, and that is all that was asked for.
    let elf = doctor(&library, &["--only", "elf-soname,elf-relro"]);
    assert!(good(&elf).contains("elf-soname  PASS"));
    // A check that could not run never counts as a pass, for other tools as well.
    let json = doctor(&library, &["--only", "load-signals", "--json", "-"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["checks"][0]["outcome"], "could-not-run");
    assert_eq!(json["checks"][0]["evidence"], json["unloadable"]);
}

#[test]
fn a_library_that_lacks_another_is_refused_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let needed = library(dir.path(), "needed", "int needed(void) { return 1; }");
    let (from, to) = (dir.path().join("needs.c"), dir.path().join("libneeds.so"));
    fs::write(
        &from,
        "int needed(void); int needs(void) { return needed(); }",
    )
    .unwrap();
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-Wl,-soname,libneeds.so", "-o"])
        .args([&to, &from, &needed]);
    good(&cc.output().unwrap());
    fs::remove_file(&needed).unwrap();
    let call = ["--call", "needs() -> i32 = 1"];
    let (code, lines, said) = refused(&to, &call);
    assert_eq!(code, Some(2));
    assert!(
        said.starts_with(
            "---- libneeds.so can't be loaded: libx.so: cannot open shared object file"
        ),
        "{said}"
    );
    assert!(
        said.contains("name its folder in LD_LIBRARY_PATH"),
        "{said}"
    );
    assert!(said.ends_with(" checks could not run"), "{said}");
    // The static checks ran, and each of the others is not a line.
    assert!(lines < 40, "{lines} lines");
    // What an exclusion or the lack of a call has answered, the loader is not asked about.
    let words = [
        "--only",
        "load-signals",
        "--exclude",
        "load-signals=not here",
    ];
    assert_eq!(doctor(&to, &words).status.code(), Some(0));
}

#[test]
fn a_plugin_lacks_what_its_program_has() {
    let dir = tempfile::tempdir().unwrap();
    let source = "int of_the_program(void); int add(void) { return of_the_program(); }";
    let library = library(dir.path(), "plugin", source);
    let (code, _, said) = refused(&library, &["--only", "load-signals"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("undefined symbol: of_the_program; it expects that of the program"),
        "{said}"
    );
}

#[test]
fn what_is_no_library_is_refused_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("libtext.so");
    fs::write(&text, "GROUP ( libc.so.6 )\n").unwrap();
    let output = doctor(&text, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(output.stdout, b"");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        said,
        format!(
            "error: {} is no ELF file: the doctor checks shared libraries in that format only\n",
            text.canonicalize().unwrap().display()
        )
    );
}

/// A library that crashes while it is loaded is not refused: each check says so.
#[test]
fn a_crash_while_loading_is_a_failure_of_each_check() {
    let dir = tempfile::tempdir().unwrap();
    let source =
        "#include <stdlib.h>\n__attribute__((constructor)) static void start(void) { abort(); }";
    let library = library(dir.path(), "aborts", source);
    let output = doctor(&library, &["--only", "load-signals,load-output"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("2 failed"), "{text}");
}

/// What the doctor writes on standard error, on a terminal of `script`'s or in a pipe.
fn progress(library: &Path, words: &str, on_a_terminal: bool) -> String {
    let tool = rt0();
    let only = "--only elf-relro,load-signals --jobs 1";
    let command = format!(
        "'{}' rt0 doctor '{}' {only} {words} >/dev/null",
        tool.get_program().display(),
        library.display()
    );
    let mut run = match on_a_terminal {
        true => {
            let mut script = Command::new("script");
            script.args(["--quiet", "--return", "--command", &command, "/dev/null"]);
            script
        }
        false => {
            let mut shell = Command::new("sh");
            shell.args(["-c", &command]);
            shell
        }
    };
    let output = run.env("TERM", "xterm").stdin(Stdio::null()).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{output:?}");
    let both = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn progress_is_shown_on_a_terminal_and_nowhere_else() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let shown = progress(&library, "", true);
    assert!(shown.contains("/2 checks, "), "{shown:?}");
    assert!(shown.contains(": load-signals"), "{shown:?}");
    assert_eq!(progress(&library, "", false), "");
    assert!(!progress(&library, "--quiet", true).contains("checks"));
}

#[test]
fn reports_are_written_and_every_check_has_a_page() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (json, junit, sarif) = (path("a.json"), path("a.xml"), path("a.sarif"));
    let words = [
        "--only", "elf", "--json", &json, "--junit", &junit, "--sarif", &sarif,
    ];
    doctor(&library, &words);
    let read = |path: &str| fs::read_to_string(path).unwrap();
    let parsed: Value = serde_json::from_str(&read(&json)).unwrap();
    let checks = parsed["checks"].as_array().unwrap().len();
    assert_eq!(read(&junit).matches("<testcase ").count(), checks);
    let parsed: Value = serde_json::from_str(&read(&sarif)).unwrap();
    assert_eq!(
        parsed["runs"][0]["results"].as_array().unwrap().len(),
        checks
    );
    let list = good(&rt0().args(["doctor", "--list"]).output().unwrap());
    for id in list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
    {
        let page = good(&rt0().args(["doctor", "--explain", id]).output().unwrap());
        assert!(page.starts_with(&format!("# {id}: ")), "{id}");
    }
}

/// In the repository they are in docs/doctor, to which the crate has a link.
#[test]
fn the_published_crate_has_a_page_for_every_check() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .args(["package", "--package", "rt0-doctor", "--list"])
        .args(["--allow-dirty", "--offline", "--quiet"]);
    let files = good(&cargo.output().unwrap());
    let list = good(&rt0().args(["doctor", "--list"]).output().unwrap());
    for line in list.lines() {
        let id = line.split_whitespace().next().unwrap();
        let page = format!("pages/{id}.md");
        assert!(files.lines().any(|file| file == page), "{page}");
    }
}

/// All checks. `doctor_debian` does the same with twenty libraries that many programs use, for the soak.
#[test]
fn a_sound_library_raises_no_false_alarm() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "x", ADD);
    let call = "add(i32 2, i32 3) -> i32 = 5";
    let output = doctor(&library, &["--call", call, "--deadline", "60s"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}");
}

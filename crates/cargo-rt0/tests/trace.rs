//! `cargo rt0 trace` on real libraries, and what it does with those that misbehave.
//!
//! On Linux only: elsewhere the tool says that it can not watch a process.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use common::{bad, both, build_shared, c_library, compile, good, plain, rt0};
use serde_json::Value;

/// Compiles a library from C.
fn library(dir: &Path, name: &str, source: &str) -> PathBuf {
    c_library(dir, name, source, &[])
}

fn trace(library: &Path, words: &[&str]) -> Command {
    let mut command = rt0();
    command.arg("trace").arg(library).args(words);
    command.env("LANG", "C.UTF-8").env_remove("LC_ALL");
    command
}

/// The events of this trace that have a time, after a look at all of them.
fn events(output: &Output) -> Vec<Value> {
    let json: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", both(output)));
    let all = json["traceEvents"].as_array().expect("a list").clone();
    let timed = all.into_iter().filter(|event| event["ph"] != "M");
    timed
        .inspect(|event| {
            assert!(event["ts"].as_f64() >= Some(0.0), "{event}");
            let is_over = event["ph"] != "X" || event["dur"].as_f64() > Some(0.0);
            assert!(is_over && event["tid"].is_u64(), "{event}");
        })
        .collect()
}

/// The event of this name: when it began, and when it ended.
fn event(events: &[Value], name: &str) -> (f64, f64) {
    let found = events.iter().find(|event| event["name"] == name);
    let found = found.unwrap_or_else(|| panic!("no {name}: {events:#?}"));
    let begin = found["ts"].as_f64().unwrap();
    (begin, begin + found["dur"].as_f64().unwrap_or(0.0))
}

const ADD: &str = "
#include <pthread.h>
#include <unistd.h>
static void *stay(void *x) { (void)x; for (;;) pause(); }
__attribute__((constructor)) static void start(void) { pthread_t t; pthread_create(&t, 0, stay, 0); }
int add(int a, int b) { return a + b; }
int crash(void) { __builtin_trap(); }
int hang(void) { for (;;) pause(); }
int leave(void) { _exit(3); }
";

#[test]
fn a_library_without_rt0() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let call = ["--call", "add(i32 2, i32 3) -> i32 = 5"];
    let text = good(&trace(&library, &call).output().unwrap());
    for there in [
        "not built with rt0",
        "dlopen",
        "add → 5",
        "first result",
        "exit, until it is gone",
    ] {
        assert!(text.contains(there), "{there}: {text}");
    }
    assert!(!text.contains('\u{1b}'), "no terminal, no colours: {text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    let output = trace(&library, &[&call[..], &["--json", "-"]].concat()).output();
    let events = events(&output.unwrap());
    let (dlopen, add) = (event(&events, "dlopen"), event(&events, "add → 5"));
    assert!(dlopen.1 <= add.0 && add.1 <= event(&events, "exit, until it is gone").0);
    let threads = events.iter().filter(|event| event["cat"] == "thread");
    assert_eq!(threads.count(), 1, "{events:#?}");
    if cfg!(target_env = "gnu") {
        let relocated = event(&events, "relocate libadd.so");
        assert!(dlopen.0 <= relocated.0 && relocated.1 <= dlopen.1);
    }
    let output = trace(
        &library,
        &[&call[..], &["--json", "-", "--no-loader"]].concat(),
    )
    .output();
    let output = output.unwrap();
    let of_loader = |event: &&Value| event["cat"] == "loader";
    assert_eq!(self::events(&output).iter().find(of_loader), None);
}

#[test]
fn an_answer_that_is_not_expected_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let output = trace(&library, &["--call", "add(i32 2, i32 3) -> i32 = 6"]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(both(&output).contains("add(i32 2, i32 3) returned 5, not 6"));
}

/// What it says of a call that never returns, or of a load that never does.
#[test]
fn what_crashes_or_hangs_has_a_sentence_and_what_was_seen() {
    let dir = tempfile::tempdir().unwrap();
    let add = library(dir.path(), "add", ADD);
    let source = "__attribute__((constructor)) static void start(void) { for (;;) ; }";
    let stuck = library(dir.path(), "stuck", source);
    for (library, words, sentence, open) in [
        (
            &add,
            &["--call", "crash() -> i32"][..],
            "the process was killed by SIG",
            "crash",
        ),
        (
            &add,
            &["--call", "leave() -> i32"],
            "the process ended with exit code 3 while calling leave",
            "leave",
        ),
        (
            &add,
            &["--call", "hang() -> i32", "--deadline", "500ms"],
            "it hung while calling hang (deadline 500 ms)",
            "hang",
        ),
        (
            &stuck,
            &["--deadline", "500ms"],
            "it hung while loading the library (deadline 500 ms)",
            "dlopen",
        ),
    ] {
        let output = trace(library, words).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", both(&output));
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        let one_line = text.replace('\n', " ");
        assert!(one_line.contains(sentence), "{sentence}: {}", both(&output));
        assert!(one_line.contains("what was seen until then is below"));
        let line = |line: &&str| line.trim_start().starts_with(open) && line.contains("not over");
        assert!(text.lines().any(|one| line(&one)), "{open}: {text}");
    }
}

#[test]
fn bad_input_is_refused_before_anything_runs() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "add", ADD);
    let said = |path: &Path, words: &[&str]| bad(&trace(path, words).output().unwrap(), 2);
    let nowhere = dir.path().join("nowhere.so");
    assert!(said(&nowhere, &[]).contains("cannot read"));
    assert!(said(&library, &["--call", "add("]).contains("add("));
    assert!(said(&library, &["--shutdown"]).contains("--shutdown 'stop() -> i32 = 0'"));
    assert!(said(&library, &["--deadline", "soon"]).contains("`soon` is no time"));
    assert!(said(&library, &["--call", "add() -> i32", "--", "true"]).contains("without PROGRAM"));
    let program = "/nowhere/program";
    assert!(said(&library, &["--", program]).contains(program));
}

const SHOP: &str = r#"
struct Shop;
#[rt0::init]
fn init(args: rt0::Args) -> Result<Shop, String> {
    match args.var("SHOP_FAILS") {
        Some(_) => Err("no disk".to_owned()),
        None => Ok(Shop),
    }
}
#[rt0::exit]
fn exit() {}
#[rt0::export]
fn price(_shop: rt0::State<'_, Shop>, of: i32) -> Result<i32, String> {
    Ok(of * 6)
}
"#;

/// A library with rt0, built once for all tests.
fn shop() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trace");
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        let project = plain(&dir, "shop", "shop", SHOP);
        good(&build_shared(&project, &["--quiet"]));
        project.join("out/libshop.so")
    };
    BUILT.get_or_init(build).clone()
}

/// In the order in which they happen.
const BOOT: [&str; 5] = ["dlopen", "constructor", "runtime is built", "init", "ready"];

#[test]
fn a_library_with_rt0_tells_what_it_does_inside() {
    let shop = shop();
    // The first call begins the boot, so it waits for certain.
    let mut lazy = trace(&shop, &["--json", "-", "--shutdown"]);
    let output = lazy.env("RT0_START", "lazy").output().unwrap();
    assert!(output.status.success(), "{}", both(&output));
    let events = events(&output);
    let boot = BOOT.map(|name| event(&events, name).0);
    assert!(boot.is_sorted(), "{events:#?}");
    let dlopen = event(&events, "dlopen");
    assert!(event(&events, "constructor").1 <= dlopen.1);
    let (call, wait) = (event(&events, "shop_price → 0"), |event: &&Value| {
        event["cat"] == "wait"
    });
    let wait = events.iter().find(wait).expect("the call waited");
    assert!(call.0 <= wait["ts"].as_f64().unwrap());
    let end = [
        "calls leave",
        "main ends",
        "the author's exit",
        "runtime ends",
        "state is dropped",
    ];
    let end = end.map(|name| event(&events, name).0);
    let shutdown = event(&events, "shop_shutdown → 0");
    assert!(
        end.is_sorted() && shutdown.0 <= end[0] && end[4] <= shutdown.1,
        "{events:#?}"
    );
}

#[test]
fn without_a_shutdown_the_exit_ends_it() {
    let output = trace(&shop(), &["--json", "-"]).output().unwrap();
    let events = events(&output);
    let (exit, handler) = (
        event(&events, "exit, until it is gone"),
        event(&events, "exit handler"),
    );
    let state = event(&events, "state is dropped");
    assert!(exit.0 <= handler.0 && handler.0 <= state.0, "{events:#?}");
    assert!(state.1 <= handler.1 && handler.1 <= exit.1, "{events:#?}");
}

#[test]
fn a_start_that_fails_says_why() {
    let mut fails = trace(&shop(), &[]);
    let output = fails.env("SHOP_FAILS", "1").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", both(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    for there in [
        "start-up failed: no disk",
        "start-up has failed",
        "init",
        "exit handler",
    ] {
        assert!(text.contains(there), "{there}: {text}");
    }
}

/// The host of rt0's own tests, which does what its command line says.
fn host(dir: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rt0-hosts/hosts/steps.c");
    let to = dir.join("steps");
    compile(&["-rdynamic", "-D_GNU_SOURCE"], &source, &to);
    to
}

#[test]
fn a_program_is_followed() {
    let (shop, dir) = (shop(), tempfile::tempdir().unwrap());
    let steps = host(dir.path());
    let (steps, path) = (steps.to_str().unwrap(), shop.to_str().unwrap());
    let files = ["page.html", "drawing.svg", "events.json"].map(|name| dir.path().join(name));
    let [page, drawing, json] = files.each_ref().map(|path| path.to_str().unwrap());
    let words = [
        "--html",
        page,
        "--svg",
        drawing,
        "--json",
        json,
        "--",
        steps,
        "load",
        path,
        "call1",
        "shop_wait",
        "-1",
        "exit",
        "0",
    ];
    let output = trace(&shop, &words).output().unwrap();
    let text = good(&output);
    for there in [
        "loaded by",
        "constructor",
        "init",
        "exit handler",
        "The program had run for",
    ] {
        assert!(text.contains(there), "{there}: {text}");
    }
    // What it prints comes afterwards.
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(
        said.contains("it printed:") && said.contains("shop_wait = 0"),
        "{said}"
    );
    assert!(!said.contains("calling init"), "{said}");
    let [page, drawing, json] = files.map(|path| fs::read_to_string(path).unwrap());
    assert!(page.starts_with("<!doctype html>") && page.contains("<svg"));
    assert!(drawing.starts_with("<svg ") && drawing.trim_end().ends_with("</svg>"));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert!(
        json["traceEvents"]
            .as_array()
            .is_some_and(|all| all.len() > 10)
    );
    // One that never loads it.
    let output = trace(&shop, &["--", "true"]).output().unwrap();
    let text = good(&output).replace('\n', " ");
    assert!(text.contains("the program did not load it"), "{text}");
    let output = trace(&shop, &["--", "false"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", both(&output));
    assert!(both(&output).contains("the program ended with exit code 1"));
}

/// The processes that have this file mapped.
fn with(library: &Path) -> usize {
    let library = library.to_str().unwrap();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let maps = processes.filter_map(|entry| fs::read_to_string(entry.path().join("maps")).ok());
    maps.filter(|maps| maps.contains(library)).count()
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(120);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

const CLINGS: &str = "
#include <signal.h>
#include <unistd.h>
__attribute__((constructor)) static void start(void) {
    for (int i = 1; i < 32; i++) signal(i, SIG_IGN);
    if (fork() == 0) { setsid(); if (fork() == 0) { setsid(); for (;;) pause(); } for (;;) pause(); }
    for (;;) pause();
}";

#[test]
fn nothing_is_left_after_ctrl_c() {
    let dir = tempfile::tempdir().unwrap();
    let library = library(dir.path(), "clings", CLINGS);
    // Whoever runs the tests in the background may have SIGINT ignored.
    let mut tool = Command::new("env");
    tool.arg("--default-signal=INT").arg(rt0().get_program());
    tool.args(["rt0", "trace"])
        .arg(&library)
        .args(["--deadline", "10m"]);
    let mut tool = tool
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("the library is not loaded", || with(&library) >= 3);
    let kill = Command::new("kill")
        .arg("-INT")
        .arg(tool.id().to_string())
        .status();
    assert!(kill.unwrap().success());
    tool.wait().unwrap();
    wait_for("somebody is left", || with(&library) == 0);
}

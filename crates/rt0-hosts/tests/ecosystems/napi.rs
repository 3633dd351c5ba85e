//! napi-rs, in Node.js: `examples/napi`, built by its own tool in the way that its README says, and a project that
//! `cargo rt0 new` has made.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cargo_rt0::scaffold::Template;
use rt0_hosts::fixture::{build_tool, cargo};
use rt0_hosts::require::skipped;
use rt0_hosts::soak::runs;
use rt0_hosts::steps::Said;
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{node, npm_tool, source};

use crate::project::{self, BUILD_LIMIT};

const GENERATOR: &str = "napi";

struct Tools {
    node: PathBuf,
    /// `napi` of @napi-rs/cli.
    napi: PathBuf,
}

/// What this needs, or a note that the test is skipped.
fn tools(test: &str) -> Option<Tools> {
    let here = named_target().is_empty();
    let tools = || {
        Some(Tools {
            node: node()?,
            napi: npm_tool("napi", "napi")?,
        })
    };
    let tools = here.then(tools).flatten();
    if tools.is_none() {
        skipped(
            test,
            "it needs node 20 and @napi-rs/cli (ci/setup.sh), and no other target",
        );
    }
    tools
}

fn example() -> PathBuf {
    project::example(GENERATOR)
}

fn dir() -> PathBuf {
    project::dir(GENERATOR)
}

fn cargo_dir() -> PathBuf {
    project::cargo_dir(GENERATOR)
}

/// Builds the project as its package.json does, but puts the files elsewhere.
fn build(tools: &Tools, project: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the target directory can be written");
    build_tool(&tools.node, &cargo_dir())
        .arg(&tools.napi)
        .args(["build", "--platform", "--release"])
        .arg("--output-dir")
        .arg(to)
        .dir(project)
        .limit(BUILD_LIMIT)
        .run()
        .succeeds();
    if to != project {
        fs::copy(project.join("package.json"), to.join("package.json")).expect("as above");
    }
}

/// The example's built package.
fn package(tools: &Tools) -> &'static Path {
    static PACKAGE: OnceLock<PathBuf> = OnceLock::new();
    PACKAGE.get_or_init(|| {
        let to = dir().join("package");
        build(tools, &example(), &to);
        to
    })
}

/// Has node run a script of ours with the example.
fn script(tools: &Tools, name: &str) -> Host {
    let script = source("ecosystems/napi").join(name);
    Host::new(&tools.node)
        .arg(script)
        .env("PACKAGE", package(tools))
        .env("RT0_WORKERS", "2")
}

fn count(said: &Said, step: &str) -> u32 {
    said.one(step).parse().expect("a number")
}

#[test]
fn calls_at_once_after_the_load_and_in_a_child() {
    let Some(tools) = tools("calls_at_once_after_the_load_and_in_a_child") else {
        return;
    };
    let said = Said::of(&script(&tools, "calls.cjs").run());
    assert_eq!(said.one("put"), "1");
    assert_eq!(said.one("get"), "one");
    assert_eq!(said.one("nothing"), "null");
    assert_eq!(said.one("told"), "later");
    assert_eq!(said.one("waited"), "two");
    assert_eq!(said.one("child"), "0");
    let refused = said.all("refused");
    assert_eq!(refused[0], "true GenericFailure: the key must not be empty");
    assert!(
        refused[1].starts_with("true StringExpected: "),
        "{refused:?}"
    );
}

#[test]
fn six_worker_threads_and_promises_during_the_boot_are_all_answered() {
    let Some(tools) = tools("six_worker_threads_and_promises_during_the_boot_are_all_answered")
    else {
        return;
    };
    let host = script(&tools, "crowd.cjs").env("ENGINE_OPEN_MS", "300");
    let said = Said::of(&host.run());
    assert_eq!(said.one("promises"), "32");
    assert_eq!(said.one("workers"), ["32 0"; 6].join(", "));
    assert_eq!(said.one("still here"), "text");
}

#[test]
fn a_failed_boot_is_an_exception_and_a_rejected_promise() {
    let Some(tools) = tools("a_failed_boot_is_an_exception_and_a_rejected_promise") else {
        return;
    };
    let zero = "the time after which texts are forgotten must not be zero";
    let panic = "ENGINE_LONGEST_MS says so";
    for (longest, text, retry) in [
        ("0", zero, "never"),
        ("panic", panic, "never"),
        ("0", zero, "on-call"),
    ] {
        let host = script(&tools, "errors.cjs")
            .env("ENGINE_LONGEST_MS", longest)
            .env("RT0_RETRY", retry)
            .env("RT0_RETRY_PAUSE", "0");
        let said = Said::of(&host.run());
        let call = said.one("call");
        assert!(
            call.starts_with("true BOOT_FAILED: engine_napi: start-up failed: "),
            "{call}"
        );
        assert!(call.contains(text), "{call}");
        let promises = said.all("promise");
        assert_eq!(promises.len(), 2, "{}", said.text());
        for promise in promises {
            // napi-rs has no other code for it.
            let same = call.replace("BOOT_FAILED", "GenericFailure");
            assert_eq!(promise, same);
        }
    }
}

#[test]
fn the_event_loop_turns_while_promises_wait_for_the_boot() {
    let Some(tools) = tools("the_event_loop_turns_while_promises_wait_for_the_boot") else {
        return;
    };
    let host = script(&tools, "ticks.cjs").env("ENGINE_OPEN_MS", "1000");
    // The promise that waits for the boot alone is one that is rejected.
    let said = Said::of(&host.env("ENGINE_LONGEST_MS", "0").run());
    // Thousands, on a machine that is not busy.
    assert!(count(&said, "turns") > 20, "{}", said.text());
    assert!(count(&said, "timers") > 3, "{}", said.text());
}

#[test]
fn one_runtime_runs_everything() {
    let Some(tools) = tools("one_runtime_runs_everything") else {
        return;
    };
    let said = Said::of(&script(&tools, "threads.cjs").run());
    assert_eq!(said.one("ours"), "engine_napi-0 engine_napi-1");
    assert_eq!(said.one("tokio"), "");
}

#[test]
fn the_library_ends_with_the_last_environment_and_boots_for_the_next() {
    let Some(tools) = tools("the_library_ends_with_the_last_environment_and_boots_for_the_next")
    else {
        return;
    };
    let host = script(&tools, "environments.cjs").env("ENGINE_OPEN_MS", "50");
    let said = Said::of(&host.run());
    assert_eq!(said.one("after early ones"), "0");
    assert_eq!(said.all("alone"), ["text true"; 2]);
    assert_eq!(said.all("after it"), ["0"; 2]);
    assert_eq!(said.one("with one left"), "true");
    assert_eq!(said.one("with this one"), "true text");
    assert_eq!(said.one("told"), "true");
}

#[test]
fn the_same_file_can_be_loaded_again_in_one_environment_and_in_another() {
    let Some(tools) = tools("the_same_file_can_be_loaded_again_in_one_environment_and_in_another")
    else {
        return;
    };
    let said = Said::of(&script(&tools, "twice.cjs").run());
    assert_eq!(said.one("another object"), "true");
    assert_eq!(said.one("the same store"), "one");
    assert_eq!(said.one("again"), "one");
    assert_eq!(said.one("worker"), "0 one");
}

/// The exit code is kept, nothing is printed, and no end waits for a thread or a promise. The exit takes some tens of
/// milliseconds; what waits, waits for at least half a second. A busy machine delays some of the ends, but not all.
#[test]
fn an_end_while_workers_call_back_keeps_the_code_and_waits_for_nothing() {
    let Some(tools) = tools("an_end_while_workers_call_back_keeps_the_code_and_waits_for_nothing")
    else {
        return;
    };
    const MORE: u32 = 20;
    for how in ["exit", "end", "callback", "workers"] {
        let end = || {
            let host = script(&tools, "exits.cjs").arg(how);
            let ran = host.env("ENGINE_LONGEST_MS", "5").run();
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            let said = Said::from(&ran, 42);
            let begun = Duration::from_millis(said.one("exit").parse().expect("a number"));
            now.expect("it is later").saturating_sub(begun)
        };
        let mut fastest = (0..runs(5, 100)).map(|_| end()).min().expect("some");
        for _ in 0..MORE {
            if fastest < Duration::from_millis(450) {
                break;
            }
            fastest = fastest.min(end());
        }
        assert!(fastest < Duration::from_millis(450), "{how}: {fastest:?}");
    }
}

#[test]
fn the_file_has_every_protection_that_a_linker_can_give_it() {
    let Some(tools) = tools("the_file_has_every_protection_that_a_linker_can_give_it") else {
        return;
    };
    let files = fs::read_dir(package(&tools)).expect("it was built");
    let mut files = files.map(|entry| entry.expect("it can be read").path());
    let file = files.find(|path| path.extension().is_some_and(|it| it == "node"));
    project::check_protections(&file.expect("it was built"));
}

#[test]
fn the_packed_package_runs_in_a_fresh_folder() {
    let Some(tools) = tools("the_packed_package_runs_in_a_fresh_folder") else {
        return;
    };
    let npm = || build_tool("npm", &cargo_dir()).env("npm_config_cache", dir().join("npm-cache"));
    let fresh = tempfile::tempdir_in(dir()).expect("a folder");
    npm()
        .args(["pack", "--silent", "--pack-destination"])
        .arg(fresh.path())
        .dir(package(&tools))
        .run()
        .ok();
    fs::write(fresh.path().join("package.json"), "{}").expect("it is new");
    npm()
        .args([
            "install",
            "--offline",
            "--silent",
            "--no-audit",
            "--no-fund",
        ])
        .arg("./engine-napi-0.1.0.tgz")
        .dir(fresh.path())
        .run()
        .succeeds();
    let demo = fresh.path().join("demo.mjs");
    fs::copy(example().join("demo.mjs"), &demo).expect("it is there");
    let ran = Host::new(&tools.node).arg(demo).run();
    assert_eq!(
        ran.ok(),
        "put 1 text(s)\nanswer: 42\nput: question\nput: answer\n"
    );
}

#[test]
fn cargo_tests_the_example_and_the_adapter() {
    if tools("cargo_tests_the_example_and_the_adapter").is_none() {
        return;
    }
    build_tool(cargo(), &cargo_dir())
        .args(["test", "--quiet", "--release", "--workspace", "--tests"])
        .dir(example())
        .run()
        .succeeds();
}

#[test]
fn a_project_from_the_template_runs_beside_the_example() {
    let Some(tools) = tools("a_project_from_the_template_runs_beside_the_example") else {
        return;
    };
    let project = project::new(GENERATOR, Template::Napi, "greeter").dir;
    build(&tools, &project, &project);
    let ran = Host::new(&tools.node).arg("host.mjs").dir(&project).run();
    assert_eq!(ran.ok(), "Hello, Node!\nHello, promise!\n");
    let said = Said::of(&script(&tools, "pair.cjs").arg(&project).run());
    assert_eq!(said.one("other"), "Hello, node!");
    assert_eq!(said.one("both"), "one, Hello, both!");
    assert_eq!(said.one("threads"), "true,true");
}

//! `examples/lua`: a foreign runtime that boots by itself, in hosts in C and Python.

use std::path::PathBuf;
use std::time::Duration;

use rt0_hosts::steps::Said;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{capi, cc, pkg_config, python, require, scratch, workspace};

fn example() -> PathBuf {
    workspace().join("examples/lua")
}

/// The library; `None` if this machine has no Lua, and then this test is skipped.
#[track_caller]
fn built(test: &str) -> Option<String> {
    let Some(flags) = pkg_config("lua5.4") else {
        require::skipped(test, "there is no Lua 5.4 to link with (liblua5.4-dev)");
        return None;
    };
    let source = example().join("lua_example.c");
    let mut options = vec!["-fvisibility=hidden"];
    options.extend(flags.iter().map(String::as_str));
    Some(capi::library(
        source.to_str().expect("a path of ours"),
        &options,
    ))
}

fn host() -> PathBuf {
    let source = example().join("hosts/host.c");
    cc::c(source.to_str().expect("a path of ours"), &[])
}

#[test]
fn lua_runs_in_a_host_in_c_its_threads_and_its_child() {
    let Some(library) = built("lua_runs_in_a_host_in_c_its_threads_and_its_child") else {
        return;
    };
    let stdout = Host::new(host()).arg(library).run().ok();
    let expected = "\
host: return 6 * 7 -> 0 42
host: return generation, forked -> 0 1
host: function greet(...) return 'hello, ' .. table.concat({...}, ' and ') end -> 0 nil
host: greet -> 0 hello, you and me
host: error('no such luck', 0) -> 1 no such luck
host: return ( -> 1 [string \"return (\"]:1: unexpected symbol near <eof>
host: return os.exit -> 0 nil
host: return counted -> 0 8000
child: return counted -> 0 nil
child: return generation -> 0 2
child: return forked -> 0 true
child: counted = -1 -> 0 nil
host: return counted -> 0 8000
host: shutdown -> 0
host: return counted -> 0 nil
host: return generation -> 0 2
";
    assert_eq!(stdout, expected);
}

#[test]
fn lua_runs_in_a_host_in_python_its_threads_and_its_children() {
    let test = "lua_runs_in_a_host_in_python_its_threads_and_its_children";
    let Some(library) = built(test) else { return };
    let Some(python) = python() else {
        return require::skipped(test, "there is no Python");
    };
    let stdout = Host::new(python)
        .arg(example().join("hosts/host.py"))
        .arg(library)
        .run()
        .ok();
    let expected = "\
from Lua
[string \"local t = nil; t.x = 1\"]:1: attempt to index a nil value (local 't')
1600
[('2', 'true')] ['0', '1', '4', '9', '16', '25', '36', '49', '64', '81', '100', '121']
1600 1
";
    assert_eq!(stdout, expected);
}

#[test]
fn a_boot_script_that_fails_is_what_every_call_gets() {
    let Some(library) = built("a_boot_script_that_fails_is_what_every_call_gets") else {
        return;
    };
    let script = scratch().join("boot.lua");
    std::fs::write(&script, "x = 1\nerror('no config')\n").expect("it can be written");
    let ran = Host::new(host())
        .arg(library)
        .env("LUA_EXAMPLE_SCRIPT", &script)
        .run();
    let stdout = ran.ok();
    // Lua keeps only the end of a long path.
    let says_so = |line: Option<&str>| {
        line.is_some_and(|line| line.contains("-> -2 ") && line.ends_with("/boot.lua:2: no config"))
    };
    assert!(says_so(stdout.lines().next()), "{ran}");
    // It runs again after the shutdown.
    assert!(says_so(stdout.lines().last()), "{ran}");
}

fn ends(library: &str, how: &str) -> Host {
    let host = cc::c("capi/lua_ends.c", &[]);
    Host::new(host)
        .args([library, how])
        .limit(Duration::from_secs(30))
}

#[test]
fn a_shutdown_ends_code_that_would_run_for_ever() {
    let Some(library) = built("a_shutdown_ends_code_that_would_run_for_ever") else {
        return;
    };
    let said = Said::of(&ends(&library, "shutdown").run());
    assert_eq!(said.one("shutdown"), "0");
    let busy = said.one("busy");
    assert!(
        busy.starts_with("1 ") && busy.ends_with("Lua is shutting down"),
        "{busy}"
    );
    assert_eq!(said.one("again"), "0 2");
}

#[test]
fn a_call_that_does_not_hear_holds_a_shutdown_up_and_is_not_hurt() {
    let Some(library) = built("a_call_that_does_not_hear_holds_a_shutdown_up_and_is_not_hurt")
    else {
        return;
    };
    let said = Said::of(&ends(&library, "deaf").run());
    assert_eq!(said.all("shutdown"), ["-15", "0"], "TIMED_OUT");
    assert!(
        said.one("refused").starts_with("-7 "),
        "STOPPED: {}",
        said.text()
    );
    assert_eq!(said.one("again"), "0 2");
}

#[test]
fn a_host_exits_while_lua_runs() {
    let Some(library) = built("a_host_exits_while_lua_runs") else {
        return;
    };
    // The busy thread may or may not print something.
    let ran = ends(&library, "exit").run();
    assert_eq!(ran.status.code(), Some(5), "{ran}");
}

#[test]
fn a_child_forked_while_lua_runs_has_its_own() {
    let Some(library) = built("a_child_forked_while_lua_runs_has_its_own") else {
        return;
    };
    let said = Said::of(&ends(&library, "fork").run());
    assert_eq!(said.one("child"), "0 2");
    assert_eq!(said.one("again"), "0 2");
}

//! A library preloaded into programs that do not know it: they run as before.

use std::path::PathBuf;

use rt0_hosts::Ran;
use rt0_hosts::fixture::fixture;
use rt0_hosts::require::skipped;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{python, workspace};

/// What the library's start-up does in the meantime.
const BOOTS: [&str; 4] = [
    "",
    "sleep:2000",
    "error:it would not start",
    "panic:it would not start",
];

/// The same program without the library, and with it.
#[track_caller]
fn the_same(program: &str, args: &[&str]) {
    the_same_in(1, program, args);
}

/// The same, in one of this many tries.
#[track_caller]
fn the_same_in(tries: u32, program: &str, args: &[&str]) {
    let run = |boot: Option<&str>| -> Ran {
        let mut host = Host::new(program).args(args).dir(workspace());
        if let Some(boot) = boot {
            host = host
                .env("LD_PRELOAD", fixture("probe").library())
                .env("PROBE_BOOT", boot);
        }
        host.run()
    };
    let before = run(None);
    for boot in BOOTS {
        let mut with = None;
        let same = (0..tries).any(|_| {
            let with = with.insert(run(Some(boot)));
            with.status == before.status
                && with.stdout == before.stdout
                && with.stderr == before.stderr
        });
        let with = with.expect("it was tried");
        assert!(same, "without:\n{before}\nwith `{boot}`:\n{with}");
    }
}

#[test]
fn bash_runs_as_before() {
    let script = "echo one; (exit 3) || echo two; echo three | cat; x=$(echo four); echo $x >&2; \
                  trap 'echo caught' USR1; kill -USR1 $$; sleep 0.01 & wait; exit 7";
    the_same("bash", &["-c", script]);
    the_same("sh", &["-c", "kill -TERM $$"]);
}

/// For some microseconds the library uses the numbers of closed streams; a program that looks just then gets a
/// different error.
#[test]
fn programs_without_some_of_the_three_streams_run_as_before() {
    for closed in ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", "<&- >&- 2>&-"] {
        // The shell must be preloaded, too.
        the_same_in(
            5,
            "bash",
            &["-c", &format!("ls README.md {closed}; echo $?")],
        );
        the_same_in(5, "bash", &["-c", &format!("cat {closed}; echo $?")]);
        the_same_in(
            5,
            "bash",
            &["-c", &format!("exec {closed}; ls /nowhere; exit 5")],
        );
    }
}

#[test]
fn ls_runs_as_before() {
    the_same("ls", &["-la", "crates"]);
    the_same("ls", &["/nowhere/at/all"]);
}

#[test]
fn python_runs_as_before() {
    let Some(python) = python() else {
        return skipped("python_runs_as_before", "there is no python3");
    };
    let script = "import os, subprocess, sys, threading\n\
                  r = []\n\
                  t = threading.Thread(target=lambda: r.append(1)); t.start(); t.join()\n\
                  print(r, subprocess.run(['echo', 'hi'], capture_output=True).stdout, flush=True)\n\
                  p = os.fork()\n\
                  if p == 0: os._exit(4)\n\
                  print(os.waitstatus_to_exitcode(os.waitpid(p, 0)[1]))\n\
                  print('done', file=sys.stderr)\n\
                  sys.exit(9)\n";
    let python = python.to_str().expect("a path");
    the_same(python, &["-W", "ignore", "-c", script]);
}

#[test]
fn node_runs_as_before() {
    let node = std::env::var_os("PATH").and_then(|path| {
        let mut all = std::env::split_paths(&path).map(|dir| dir.join("node"));
        all.find(|file| file.is_file())
    });
    let Some(node): Option<PathBuf> = node else {
        return skipped("node_runs_as_before", "there is no node");
    };
    let script = "const { execFileSync } = require('child_process');\n\
                  setTimeout(() => { console.log('later'); process.exit(6) }, 20);\n\
                  console.error(execFileSync('echo', ['hi']).toString());";
    the_same(node.to_str().expect("a path"), &["-e", script]);
}

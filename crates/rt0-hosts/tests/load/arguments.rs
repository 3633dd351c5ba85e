//! The host's arguments and environment, as the library sees them.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use rt0_hosts::fixture::fixture;
use rt0_hosts::odd::{self, shown_all};
use rt0_hosts::require::{is_root, skipped};
use rt0_hosts::steps::{Said, linked_with, load, opening};
use rt0_hosts::temporary::Temporary;
use rt0_hosts::watchdog::Host;

fn steps(words: &str) -> Vec<OsString> {
    words.split_whitespace().map(OsString::from).collect()
}

#[test]
fn arguments() {
    let library = fixture("probe").library();
    let all = [
        steps(&format!("load {library} string probe_args probe_free --")),
        odd::arguments(),
    ]
    .concat();
    let said = Said::of(&Host::new(opening()).args(&all).run());
    let program = opening().into_os_string();
    assert_eq!(
        said.one("probe_args"),
        shown_all(&[vec![program], all].concat())
    );
}

#[test]
fn arguments_when_linked() {
    let program = linked_with(&fixture("probe"));
    let all = [steps("string probe_args probe_free --"), odd::arguments()].concat();
    let said = Said::of(&Host::new(&program).args(&all).run());
    let program = program.into_os_string();
    assert_eq!(
        said.one("probe_args"),
        shown_all(&[vec![program], all].concat())
    );
}

/// A host with only these variables.
fn with_environment(vars: &[(&str, &[u8])], steps: &str) -> Said {
    let vars = vars
        .iter()
        .map(|(name, value)| (name, OsStr::from_bytes(value)));
    let host = load(&fixture("probe").library(), steps).env_clear();
    Said::of(&host.envs(vars).run())
}

const ODD_VARS: [(&str, &[u8]); 4] = [
    ("A", b"a=b=c"),
    ("B", b""),
    ("C", b"\xff not UTF-8"),
    ("D", b"two words"),
];

#[test]
fn environment() {
    let said = with_environment(&ODD_VARS, "string probe_vars probe_free");
    assert_eq!(
        said.one("probe_vars"),
        r"[A=a=b=c][B=][C=\xff not UTF-8][D=two words]"
    );
}

/// The library sees what the host set before the load, but nothing that the host sets later: not in this
/// generation, not in the next one, not in a fork's child.
#[test]
fn environment_that_the_host_changes() {
    let library = fixture("probe").library();
    let words = format!(
        "setenv BEFORE 1 load {library} setenv AFTER 1 string probe_vars probe_free \
         call1 probe_shutdown 5000 string probe_vars probe_free \
         fork string probe_vars probe_free join"
    );
    let ran = Host::new(opening())
        .args(steps(&words))
        .env_clear()
        .env("A", "a")
        .run();
    let said = Said::of(&ran);
    assert_eq!(said.all("probe_vars"), ["[A=a][BEFORE=1]"; 2]);
    assert_eq!(said.one("child probe_vars"), "[A=a][BEFORE=1]");
}

/// `cut` is the last argument left.
#[test]
fn arguments_that_the_host_has_cut_short() {
    let library = fixture("probe").library();
    let words = format!("cut load {library} string probe_args probe_free call probe_ping");
    let said = Said::of(&Host::new(opening()).args(steps(&words)).run());
    let program = opening().into_os_string();
    assert_eq!(said.one("probe_args"), shown_all(&[program, "cut".into()]));
    assert_eq!(said.one("probe_ping"), "1");
}

#[test]
fn an_environment_that_the_host_has_cleared() {
    let library = fixture("probe").library();
    let words = steps(&format!(
        "clearenv load {library} string probe_vars probe_free string probe_args probe_free"
    ));
    let host = Host::new(opening()).args(&words).env("A", "a");
    let said = Said::of(&host.run());
    assert_eq!(said.one("probe_vars"), "");
    let program = opening().into_os_string();
    assert_eq!(
        said.one("probe_args"),
        shown_all(&[vec![program], words].concat())
    );
}

#[test]
fn an_empty_environment() {
    let said = with_environment(&[], "string probe_vars probe_free call probe_ping");
    assert_eq!(said.one("probe_vars"), "");
    assert_eq!(said.one("probe_ping"), "1");
}

/// The core, if nothing is passed and nothing can be read: the arguments are absent, not wrong.
#[test]
fn no_argument_when_nobody_tells() {
    let name = "no_argument_when_nobody_tells";
    if !is_root() {
        return skipped(name, "only root can take /proc away");
    }
    let this = std::env::current_exe().expect("/proc is here");
    let script =
        "umount -l /proc && exec \"$0\" --exact arguments::without_proc --ignored --nocapture";
    let ran = Host::new("unshare")
        .args(["--mount", "sh", "-c", script])
        .arg(this)
        .run();
    let stdout = String::from_utf8_lossy(&ran.stdout);
    if stdout.is_empty() && !ran.status.success() {
        return skipped(name, String::from_utf8_lossy(&ran.stderr).trim());
    }
    assert!(
        ran.status.success() && stdout.contains("arguments: 0, variables: 0"),
        "{ran}"
    );
}

/// The inner half of the test above.
#[test]
#[ignore = "runs in a process of its own"]
fn without_proc() {
    if Path::new("/proc/self").exists() {
        return;
    }
    rt0_core::library::arguments::capture_late();
    println!(
        "arguments: {}, variables: {}",
        rt0_core::library::arguments::arguments().count(),
        rt0_core::library::arguments::environment().count()
    );
}

/// The core, if nothing is passed: it asks the operating system.
#[test]
fn arguments_from_the_operating_system() {
    rt0_core::library::arguments::capture_late();
    let known: Vec<_> = rt0_core::library::arguments::arguments()
        .map(<[u8]>::to_vec)
        .collect();
    let own: Vec<_> = std::env::args_os().map(OsString::into_vec).collect();
    assert_eq!(known, own);
    assert!(rt0_core::library::arguments::variable(b"PATH").is_some());
}

/// A program with more rights than its caller ignores settings in the environment.
#[test]
fn a_setuid_host_ignores_the_settings() {
    let name = "a_setuid_host_ignores_the_settings";
    if !is_root() {
        return skipped(name, "only root can give a program away");
    }
    let dir = Temporary::new("setuid");
    let host = dir.copy(opening());
    let library = dir.copy(fixture("probe").library());
    let words = format!(
        "secure load {} call probe_ping call1 probe_wait 0 string probe_args probe_free threads",
        library.display()
    );
    let run = |mode| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&host, std::fs::Permissions::from_mode(mode)).expect("it is ours");
        let vars = [
            ("RT0_START", "manual"),
            ("RT0_WORKERS", "0"),
            ("RT0_THREAD_NAME", "evil"),
        ];
        let host = Host::new(&host).args(steps(&words)).user(65534);
        Said::of(&host.envs(vars).run())
    };
    let said = run(0o755);
    assert_eq!((said.one("secure"), said.one("probe_ping")), ("0", "-1"));
    let said = run(0o4755);
    if said.one("secure") == "0" {
        return skipped(name, "the temporary directory is mounted nosuid");
    }
    assert_eq!(said.one("probe_ping"), "1", "{}", said.text());
    assert_eq!(said.one("probe_wait"), "0");
    assert!(
        said.one("probe_args").contains("[secure]"),
        "arguments are there all the same"
    );
    assert!(!said.text().contains("thread = evil"), "{}", said.text());
}

//! One library many times in one process: each copy is a library of its own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::fixture::{Fixture, fixture};
use rt0_hosts::steps::{Said, load};
use rt0_hosts::watchdog::Host;

/// Two hundred boots take long on a busy machine.
const LIMIT: Duration = Duration::from_secs(300);

/// Copies without debug information, in a directory that is removed with this value.
struct Copies(PathBuf);

impl Copies {
    fn new(name: &str, of: &Fixture, count: usize) -> Copies {
        let dir = of.dir.join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("the target directory can be written");
        let copies = Copies(dir);
        let small = copies.at(0);
        Host::new("strip")
            .args(["--strip-debug", "-o"])
            .arg(&small)
            .arg(of.library())
            .run()
            .succeeds();
        for number in 1..count {
            std::fs::copy(&small, copies.at(number)).expect("there is room");
        }
        copies
    }

    fn at(&self, number: usize) -> PathBuf {
        self.0.join(format!("libcopy{number}.so"))
    }

    #[track_caller]
    fn run(&self, way: &str, count: usize) -> Said {
        let host = Host::new(cc::c("manners/copies.c", &[&fixture("probe").include()])).arg(way);
        let paths = (0..count).map(|number| self.at(number));
        let said = Said::of(&host.args(paths).env("RT0_WORKERS", "1").limit(LIMIT).run());
        println!(
            "{way}: {} loaded, {} KiB each",
            said.one("loaded"),
            said.one("kib")
        );
        said
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Each copy boots once and has its own generation; the end of one does not affect the others; all threads
/// are named.
#[test]
fn two_hundred_copies_do_not_know_of_each_other() {
    let copies = Copies::new("many", &fixture("probe"), 200);
    for way in ["local", "global"] {
        let said = copies.run(way, 200);
        assert_eq!(said.one("loaded"), "200");
        // A worker and the thread of the library's main, each.
        assert_eq!(said.one("threads"), "401");
        let kib: u32 = said.one("kib").parse().expect("a number");
        assert!(kib < 4096, "a copy has {kib} KiB in memory");
    }
}

/// As many namespaces as this C library allows, each with its own C library. The host has one thread, and
/// calls after the loads: until then none of our threads may touch the loader's locks.
#[test]
fn namespaces_of_their_own() {
    let copies = Copies::new("spaces", &fixture("probe"), 1);
    let host = Host::new(cc::c("manners/copies.c", &[&fixture("probe").include()])).arg("spaces");
    let said = Said::of(
        &host
            .args(vec![copies.at(0); 14])
            .env("RT0_WORKERS", "1")
            .run(),
    );
    println!(
        "spaces: {} loaded, {} KiB each",
        said.one("loaded"),
        said.one("kib")
    );
    let loaded: u32 = said.one("loaded").parse().expect("a number");
    assert!(loaded >= 2, "{}", said.text());
    // Each has a worker and main's thread; none is stuck in the loader.
    assert_eq!(said.one("threads"), (1 + 2 * loaded).to_string());
}

/// The loader's lock belongs to the host's C library, which wakes no thread as long as it believes that there
/// is only one.
#[test]
fn a_boot_in_another_namespace_that_waits_for_the_loader_is_woken() {
    let probe = fixture("probe");
    let slow = cc::c("manners/woken.c", &["-DSLOW", "-shared", "-fPIC"]);
    let go = probe.dir.join(format!("go-woken-{}", std::process::id()));
    let _ = std::fs::remove_file(&go);
    let ran = Host::new(cc::c("manners/woken.c", &[]))
        .args([&probe.library(), slow.to_str().expect("a path of ours")])
        .env("GO", &go)
        .env("PROBE_BOOT", format!("until:{};dlopen", go.display()))
        .run();
    let _ = std::fs::remove_file(&go);
    let said = Said::of(&ran);
    // NOT_READY, then an answer.
    assert_eq!((said.one("early"), said.one("late")), ("-1", "0"));
}

/// In its own namespace the library has its own C library, but each host thread has one table for the values of
/// keys.
#[test]
fn in_another_namespace_the_hosts_keys_keep_their_values() {
    let host = cc::c("manners/keys.c", &[&fixture("probe").include()]);
    let ran = Host::new(host).arg(fixture("probe").library()).run();
    ran.exits(7);
}

/// The loader identifies a file by its inode: a link is the same library, a copy another one.
#[test]
fn links_are_the_same_library_and_copies_are_not() {
    let copies = Copies::new("links", &fixture("probe"), 2);
    let (first, copy) = (copies.at(0), copies.at(1));
    let (hard, symbolic) = (copies.0.join("hard.so"), copies.0.join("symbolic.so"));
    std::fs::hard_link(&first, &hard).expect("in the same directory");
    std::os::unix::fs::symlink(&first, &symbolic).expect("in the same directory");
    let path = |path: &Path| path.to_str().expect("a path of ours").to_owned();
    let steps = format!(
        "call probe_generation call1 probe_shutdown 20000 call probe_generation \
         load {} call probe_generation load {} call probe_generation load {} call probe_generation",
        path(&hard),
        path(&symbolic),
        path(&copy)
    );
    let said = Said::of(&load(&path(&first), &steps).run());
    assert_eq!(said.all("probe_generation"), ["1", "2", "2", "2", "1"]);
}

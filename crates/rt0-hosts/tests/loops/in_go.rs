//! Go's poller.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rt0_hosts::fixture::{Fixture, fixture};
use rt0_hosts::require::skipped;
use rt0_hosts::target::named_target;
use rt0_hosts::watchdog::Host;
use rt0_hosts::{scratch, source};

use crate::said::{LIMIT, check, starts};

/// A compiler takes longer than a host: the first time it compiles Go's own library.
const BUILD_LIMIT: Duration = Duration::from_secs(600);

fn has_go() -> bool {
    let output = Command::new("go").arg("version").output();
    named_target().is_empty() && output.is_ok_and(|output| output.status.success())
}

fn build(shop: &Fixture) -> PathBuf {
    let dir = scratch().join("go");
    fs::create_dir_all(&dir).expect("the target directory can be written");
    let host = dir.join("loop");
    let [keep, library, place] = shop.linked();
    Host::new("go")
        .args(["build", "-o"])
        .arg(&host)
        .arg(".")
        .dir(source("loops/go"))
        .env("CGO_ENABLED", "1")
        .env("CGO_CFLAGS", format!("-O2 {}", shop.include()))
        .env("CGO_LDFLAGS", format!("{keep} {library} {place}"))
        .env("CGO_LDFLAGS_ALLOW", ".*")
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "-mod=readonly")
        // Where Go keeps what it has compiled of its own library.
        .env("HOME", std::env::var_os("HOME").unwrap_or_default())
        .limit(BUILD_LIMIT)
        .run()
        .succeeds();
    host
}

#[test]
fn gos_poller_watches_the_queue() {
    if !has_go() {
        return skipped(
            "gos_poller_watches_the_queue",
            "it needs Go, and no other target",
        );
    }
    let ran = Host::new(build(&fixture("shop"))).limit(LIMIT).run();
    let said = check(&ran);
    assert_eq!(said.one("deadline"), "<nil>");
    assert_eq!(said.one("read"), "true");
    starts(&said, "cancelled", "-20 ");
    assert_eq!(said.one("shutdown"), "0");
}

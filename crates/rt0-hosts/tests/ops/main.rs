//! Ops: async exports, their queues, and what ends them (`docs/async.md`).
//!
//! On Linux only: `hosts/steps.c` reads `/proc`, filters system calls and counts descriptors.
#![cfg(target_os = "linux")]

mod boot;
mod callback;
mod cancel;
mod completion;
mod corners;
mod descriptor;
mod exit;
mod fork;
mod handles;
mod inside;
mod lost;
mod memory;
mod policies;
mod queue;
mod shutdown;
mod storm;
mod surface;

use std::time::Duration;

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::watchdog::{self, Host};

/// A part of the host `hosts/ops/NAME.c`, which prints what is wrong.
fn host(name: &str, part: &str) -> Host {
    let host = cc::linked(&format!("ops/{name}.c"), &fixture("porter"));
    Host::compiled(host)
        .arg(part)
        .env("RT0_WORKERS", "2")
        .limit(limit())
}

/// Without a protection many of these hosts wait for what never comes.
fn limit() -> Duration {
    match std::env::var_os("RT0_HOSTS_WRAPPER") {
        Some(_) => watchdog::LIMIT / 3,
        None => watchdog::LIMIT,
    }
}

/// Runs it.
#[track_caller]
fn nothing_is_wrong(name: &str, part: &str) {
    assert_eq!(host(name, part).run().ok(), "");
}

//! A host that acts on a random seed, run after run until the time is over.
//!
//! `cargo xtask stress` runs it for longer, and with a seed of your own. A failure names the seed, which repeats
//! the run as far as the scheduling of threads allows.
//!
//! On Linux only: its host reads `/proc`, and makes system calls itself.
#![cfg(target_os = "linux")]

use std::env;
use std::str::FromStr;
use std::time::{Duration, Instant, SystemTime};

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::watchdog::Host;

/// The seeds of the first runs.
const FIXED: std::ops::Range<u64> = 0..8;

/// How long one process may take. It takes a second on an idle machine.
const LIMIT: Duration = Duration::from_secs(60);

fn set<T: FromStr>(name: &str) -> Option<T> {
    let text = env::var(name).ok()?;
    let value = text.parse().ok();
    Some(value.unwrap_or_else(|| panic!("{name} is no number: {text}")))
}

#[test]
fn whatever_a_host_does_the_answer_is_right_or_an_error_and_the_end_is_its_own() {
    let probe = fixture("probe");
    // Three names of two copies: the second name is another path of the first one's file.
    let first = probe.library();
    let same = first.replace("/libprobe.so", "/./libprobe.so");
    let other = probe.copy("libprobe-other.so");
    let host = cc::c("stress.c", &[]);
    let run = |seed: u64| {
        println!("cargo xtask stress --seconds 0 --seed {seed}");
        let ran = Host::compiled(&host)
            .arg(seed.to_string())
            .args([&first, &same, &other])
            .env("RT0_WORKERS", "2")
            .limit(LIMIT)
            .run();
        let code = i32::try_from(seed % 97).expect("it is small");
        let silent = ran.exits(code).is_empty();
        assert!(silent, "a process printed something\n{ran}");
    };

    let end = Instant::now() + Duration::from_secs(set("RT0_STRESS_SECONDS").unwrap_or(20));
    if let Some(seed) = set("RT0_STRESS_SEED") {
        run(seed);
    } else {
        FIXED.for_each(run);
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let mut seed = set("RT0_STRESS_SEED").unwrap_or_else(|| {
        u64::try_from(now.map_or(0, |now| now.as_nanos()) % 1_000_000_000).unwrap_or(0)
    });
    while Instant::now() < end {
        seed = seed.wrapping_add(1);
        run(seed);
    }
}

/// 64 threads call, one shuts down and starts, one forks. `RT0_STORM_SECONDS` makes it longer.
#[test]
fn a_storm_of_calls_with_shutdowns_and_forks_gets_right_answers_or_errors() {
    let seconds: u64 = set("RT0_STORM_SECONDS").unwrap_or(3);
    let ran = Host::compiled(cc::c("stress.c", &[]))
        .args(["storm", &seconds.to_string(), &fixture("probe").library()])
        .env("RT0_WORKERS", "2")
        .limit(LIMIT + Duration::from_secs(seconds))
        .run();
    let said = ran.ok();
    println!("{said}");
    for name in ["calls", "shutdowns", "forks"] {
        let count = said
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name} = ")));
        assert!(count.is_some_and(|count| count != "0"), "no {name}\n{ran}");
    }
}

//! A storm of ops: `RT0_STORM_SECONDS` makes it longer, and `RT0_STRESS_SEED` repeats a seed as far as the scheduling
//! of threads allows.

use std::time::{Duration, SystemTime};

use rt0_hosts::cc;
use rt0_hosts::fixture::fixture;
use rt0_hosts::watchdog::Host;

fn set(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    let value = text.parse().ok();
    Some(value.unwrap_or_else(|| panic!("{name} is no number: {text}")))
}

#[test]
fn in_a_storm_every_op_is_done_once_and_nothing_is_left() {
    let seconds = set("RT0_STORM_SECONDS").unwrap_or(10);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seed = set("RT0_STRESS_SEED")
        .or_else(|| u64::try_from(now.ok()?.as_nanos() % 1_000_000_000).ok())
        .unwrap_or(0);
    println!("RT0_STRESS_SEED={seed}");
    let host = cc::linked("ops/storm.c", &fixture("porter"));
    let ran = Host::compiled(host)
        .args([seconds.to_string(), seed.to_string()])
        .env("RT0_WORKERS", "2")
        // A tag that does not come is noticed after a minute.
        .limit(Duration::from_secs(seconds * 2 + 120))
        .run();
    let said = ran.ok();
    println!("{said}");
    for name in ["ops", "tags", "cancels", "bursts", "shutdowns", "forks"] {
        let count = said
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name} = ")));
        assert!(count.is_some_and(|count| count != "0"), "no {name}\n{ran}");
    }
}
